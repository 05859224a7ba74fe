#include "catalog_origin.h"

#include <algorithm>

#include "catalog_document.h"
#include "cowork/base/text.h"

namespace cowork::loaders {
namespace {

constexpr std::string_view https = "https://";
constexpr std::string_view fetched_file = "document";

/// not-found is for a host that has no registry at all.
Error with_code(ErrorCode code, const Error& error) {
  Error other(code, error.message());
  if (!error.why().empty()) other.with_why(error.why());
  if (!error.remedy().empty()) other.with_remedy(error.remedy());
  return other;
}

/// Takes the one file that a document is.
class DocumentWriter final : public TreeWriter {
 public:
  Result<void> add_directory(const std::string& path) override { return fail(unexpected(path)); }
  Result<void> add_file(const std::string& path, std::string_view bytes, bool) override {
    if (path != fetched_file || text_) return fail(unexpected(path));
    text_ = std::string(bytes);
    return {};
  }
  Result<std::string> take() {
    if (text_) return std::move(*text_);
    return fail(Error::io("the fetch program brought no document"));
  }

 private:
  static Error unexpected(const std::string& path) {
    return Error::io("the fetch program brought " + quoted(path) + " where one document was asked for");
  }
  std::optional<std::string> text_;
};

/// A directory of this user's alone, for as long as a fetch takes.
class Scratch {
 public:
  static Result<Scratch> make(Disk& disk, const std::string& within) {
    COWORK_ASSIGN(auto parent, disk.open(within));
    std::string name = "cowork-registry-" + random_id();
    COWORK_TRY(parent->make_directory(name, 0700));
    return Scratch(std::move(parent), std::move(name));
  }
  Scratch(Scratch&&) noexcept = default;
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch() {
    // What can't be removed lies where the system tidies up.
    if (parent_) static_cast<void>(parent_->remove(name_));
  }
  std::string path() const { return parent_->path() + "/" + name_; }

 private:
  Scratch(std::shared_ptr<Directory> parent, std::string name) : parent_(std::move(parent)), name_(std::move(name)) {}
  std::shared_ptr<Directory> parent_;
  std::string name_;
};

Result<std::string> fetch_text(const RegistryOptions& options, const std::string& address,
                               const RegistryControl& control) {
  COWORK_ASSIGN(const Scratch scratch, Scratch::make(*options.disk, options.temporary_directory));
  DocumentWriter writer;
  const FetchRequest request{FetchRequest::Kind::document, catalog_place(address), {}, {}};
  COWORK_TRY(options.fetcher->fetch(request, scratch.path(), writer, {control.stop, control.deadline, {}}));
  return writer.take();
}

Result<std::string> read_text(const Disk& disk, const std::string& path) {
  COWORK_ASSIGN(const auto directory, disk.open(path));
  return directory->read(catalog_file, catalog_limits.max_bytes);
}

}  // namespace

bool is_registry_address(std::string_view text) noexcept {
  const auto is_bad = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  };
  if (std::any_of(text.begin(), text.end(), is_bad)) return false;
  if (text.starts_with('/')) return true;
  if (!is_remote(text) || text.find_first_of(" ?#\\@") != std::string_view::npos) return false;
  const std::string_view rest = text.substr(https.size());
  return !rest.empty() && rest.front() != '/';
}

bool is_remote(std::string_view address) noexcept {
  return address.starts_with(https);
}

std::string catalog_place(std::string_view address) {
  if (is_remote(address) && address.ends_with(".json")) return std::string(address);
  std::string place(address);
  if (!place.ends_with('/')) place += '/';
  return place.append(catalog_file);
}

Result<std::string> read_origin(const RegistryOptions& options, const std::string& address,
                                const RegistryControl& control) {
  const bool remote = is_remote(address);
  auto text = remote ? fetch_text(options, address, control) : read_text(*options.disk, address);
  if (text || text.error().code() != ErrorCode::not_found) return text;
  return fail(with_code(remote ? ErrorCode::network : ErrorCode::io, text.error()));
}

}  // namespace cowork::loaders
