#include "request.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "cowork/loaders/fetch_protocol.h"

namespace cowork::fetch {
namespace {

namespace protocol = loaders::fetch_protocol;

constexpr json::Limits request_limits{protocol::longest_request, 4096, 4};

Error malformed(std::string_view member) {
  return Error::invalid_argument(fmt::format("the request has no valid {}", quoted(member)));
}

/// Notes the first member that is missing or of another type.
class Members {
 public:
  explicit Members(const json::Value& object) : object_(&object) {}

  void read(std::string_view name, std::string& into) {
    const json::Value* value = object_->find(name);
    const std::string* text = value ? value->as_string() : nullptr;
    if (text && text->find('\0') == std::string::npos)
      into = *text;
    else
      note(name);
  }
  void read(std::string_view name, bool& into) {
    const json::Value* value = object_->find(name);
    const bool* flag = value ? value->as_bool() : nullptr;
    flag ? static_cast<void>(into = *flag) : note(name);
  }
  void read(std::string_view name, std::uint64_t& into) {
    const json::Value* value = object_->find(name);
    const auto number = value ? value->as_int64() : std::nullopt;
    number&&* number > 0 ? static_cast<void>(into = static_cast<std::uint64_t>(*number)) : note(name);
  }
  void read(std::string_view name, std::chrono::milliseconds& into) {
    std::uint64_t count = 1;
    read(name, count);
    constexpr std::uint64_t week_ms = 7ULL * 24 * 3600 * 1000;
    into = std::chrono::milliseconds(std::min(count, week_ms));
  }
  void read(std::string_view name, std::vector<std::string>& into) {
    const json::Value* value = object_->find(name);
    const json::Array* items = value ? value->as_array() : nullptr;
    if (!items) return note(name);
    for (const json::Value& item : *items) item.as_string() ? into.push_back(*item.as_string()) : note(name);
  }
  /// Of an object in it.
  Members below(std::string_view name) {
    static const json::Value none;
    const json::Value* value = object_->find(name);
    if (!value) note(name);
    return Members(value ? *value : none);
  }
  Result<void> check() const {
    if (fault_.empty()) return {};
    return fail(malformed(fault_));
  }

 private:
  void note(std::string_view name) {
    if (fault_.empty()) fault_ = name;
  }
  const json::Value* object_;
  std::string fault_;
};

Result<loaders::FetchSettings> read_settings(Members members) {
  loaders::FetchSettings settings;
  members.read(protocol::proxy, settings.proxy);
  members.read(protocol::allow_hosts, settings.allow_hosts);
  members.read(protocol::ca_file, settings.ca_file);
  members.read(protocol::token_file, settings.token_file);
  members.read(protocol::allow_http, settings.allow_http);
  COWORK_TRY(members.check());
  if (!settings.proxy.empty() && !settings.proxy.starts_with("http://") && !settings.proxy.starts_with("https://"))
    return fail(Error::invalid_argument("fetch.proxy must begin with http:// or https://"));
  return settings;
}

Result<loaders::FetchLimits> read_limits(Members members) {
  loaders::FetchLimits limits;
  members.read(protocol::download_bytes, limits.download_bytes);
  members.read(protocol::unpacked_bytes, limits.unpacked_bytes);
  members.read(protocol::entries, limits.entries);
  members.read(protocol::ratio, limits.ratio);
  members.read(protocol::memory_bytes, limits.memory_bytes);
  members.read(protocol::total_ms, limits.total);
  members.read(protocol::stall_ms, limits.stall);
  COWORK_TRY(members.check());
  return limits;
}

Result<FetchRequest::Kind> read_kind(std::string_view name) {
  if (name == protocol::kind_git) return FetchRequest::Kind::git;
  if (name == protocol::kind_url) return FetchRequest::Kind::url;
  if (name == protocol::kind_archive) return FetchRequest::Kind::archive;
  if (name == protocol::kind_document) return FetchRequest::Kind::document;
  return fail(malformed(protocol::kind));
}

Result<void> check(const Request& request) {
  const std::string& hash = request.what.sha256;
  const bool hex = hash.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hash.empty() && (hash.size() != 64 || !hex)) return fail(malformed(protocol::sha256));
  if (!request.scratch.starts_with('/')) return fail(malformed(protocol::scratch));
  return check_ref(request.what.ref);
}

Result<std::string> read_to_end(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Error::from_errno(errno, "read the request"));
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > protocol::longest_request) return fail(Error::invalid_argument("the request is too long"));
  }
}

}  // namespace

Result<void> check_ref(std::string_view ref) {
  const auto refused = [&](std::string_view why) {
    return fail(Error::invalid_argument(fmt::format("{} is no name of a branch, tag or commit", quoted(ref)))
                    .with_why(std::string(why)));
  };
  if (ref.size() > 255) return refused("it is longer than 255 bytes");
  if (ref.starts_with('-')) return refused("git would take it for an option");
  if (ref.starts_with('+') || ref.starts_with('/')) return refused("it begins with + or /");
  for (const char c : ref) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7f) return refused("it holds a space or a control character");
    if (std::string_view(":~^?*[\\").find(c) != std::string_view::npos)
      return refused("it holds one of : ~ ^ ? * [ \\");
  }
  if (ref.find("..") != std::string_view::npos || ref.find("@{") != std::string_view::npos)
    return refused("it holds .. or @{");
  return {};
}

Result<Request> read_request(int descriptor) {
  COWORK_ASSIGN(const std::string text, read_to_end(descriptor));
  COWORK_ASSIGN(const json::Document document,
                json::parse(text, "<request>", request_limits, ErrorCode::invalid_argument));
  Members members(document.root);
  Request request;
  std::string kind;
  members.read(protocol::kind, kind);
  members.read(protocol::address, request.what.address);
  members.read(protocol::ref, request.what.ref);
  members.read(protocol::sha256, request.what.sha256);
  members.read(protocol::scratch, request.scratch);
  COWORK_TRY(members.check());
  COWORK_ASSIGN(request.what.kind, read_kind(kind));
  COWORK_ASSIGN(request.settings, read_settings(members.below(protocol::settings)));
  COWORK_ASSIGN(request.limits, read_limits(members.below(protocol::limits)));
  if (request.what.kind == FetchRequest::Kind::document)
    request.limits.download_bytes = std::min(request.limits.download_bytes, protocol::largest_document);
  COWORK_TRY(check(request));
  return request;
}

}  // namespace cowork::fetch
