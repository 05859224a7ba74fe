#include "fetch_request.h"

#include <fmt/format.h>

#include "cowork/base/json.h"
#include "cowork/loaders/fetch_protocol.h"

namespace cowork::loaders {
namespace {

namespace protocol = fetch_protocol;

std::string_view to_string(FetchRequest::Kind kind) {
  switch (kind) {
    case FetchRequest::Kind::git:
      return protocol::kind_git;
    case FetchRequest::Kind::url:
      return protocol::kind_url;
    case FetchRequest::Kind::document:
      return protocol::kind_document;
    case FetchRequest::Kind::archive:
      break;
  }
  return protocol::kind_archive;
}

json::Value to_json(const FetchSettings& settings) {
  return json::Value::object({{protocol::proxy, settings.proxy},
                              {protocol::allow_hosts, json::Value::strings(settings.allow_hosts)},
                              {protocol::ca_file, settings.ca_file},
                              {protocol::token_file, settings.token_file},
                              {protocol::allow_http, settings.allow_http}});
}

json::Value to_json(const FetchLimits& limits) {
  return json::Value::object({{protocol::download_bytes, limits.download_bytes},
                              {protocol::unpacked_bytes, limits.unpacked_bytes},
                              {protocol::entries, limits.entries},
                              {protocol::ratio, limits.ratio},
                              {protocol::memory_bytes, limits.memory_bytes},
                              {protocol::total_ms, static_cast<std::int64_t>(limits.total.count())},
                              {protocol::stall_ms, static_cast<std::int64_t>(limits.stall.count())}});
}

}  // namespace

Result<std::string> request_document(const FetchRequest& request, std::string_view scratch_directory,
                                     const FetchSettings& settings, const FetchLimits& limits) {
  std::string text = json::to_text(json::Value::object({{protocol::kind, to_string(request.kind)},
                                                        {protocol::address, request.address},
                                                        {protocol::ref, request.ref},
                                                        {protocol::sha256, request.sha256},
                                                        {protocol::scratch, scratch_directory},
                                                        {protocol::settings, to_json(settings)},
                                                        {protocol::limits, to_json(limits)}}));
  if (text.size() <= protocol::longest_request) return text;
  return fail(Error::invalid_argument(
      fmt::format("what is asked of the fetch program is longer than {} bytes", protocol::longest_request)));
}

}  // namespace cowork::loaders
