#include "http_requests.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include "cowork/base/json_reader.h"

namespace cowork::server {

namespace {

constexpr std::string_view pages_prefix = "/pages/";
constexpr std::size_t most_session_bytes = 4096;

std::optional<HttpRoute> route_of(const HttpState& state, std::string_view path) {
  if (path == "/rpc") return HttpRoute::rpc;
  if (path == "/session") return HttpRoute::session;
  if (path == "/events") return HttpRoute::events;
  if (state.pages && (path.starts_with(pages_prefix) || path == "/pages")) return HttpRoute::file;
  if (state.options.console && find_embedded(path)) return HttpRoute::file;
  return std::nullopt;
}

std::optional<HttpReply> refuse_token(HttpState& state, const RequestHead& head, HttpRoute route) {
  if (route != HttpRoute::rpc && route != HttpRoute::events) return std::nullopt;
  const bool events = route == HttpRoute::events;
  if (state.sessions.admits(events ? events_protocol(head).token : bearer_token(head))) return std::nullopt;
  return error_reply(401, events ? "the subprotocol cowork.token.<TOKEN> does not carry a valid token"
                                 : "the request does not carry a valid token");
}

std::optional<HttpReply> refuse_body(const RequestHead& head, std::uint64_t length, std::size_t limit) {
  if (auto refusal = refuse_content_type(head)) return refusal;
  if (length > limit) return error_reply(413, "the body of a request may have " + std::to_string(limit) + " bytes");
  const auto expect = head[boost::beast::http::field::expect];
  if (!expect.empty() && !boost::beast::iequals(expect, "100-continue")) {
    return error_reply(417, "the only expectation that is met is 100-continue");
  }
  return std::nullopt;
}

HttpReply not_found() {
  return error_reply(404, "there is nothing at this address");
}

std::string_view known_tags(const RequestHead& head) {
  const auto value = head[boost::beast::http::field::if_none_match];
  return {value.data(), value.size()};
}

HttpReply answer_page(const HttpState& state, const RequestHead& head, std::string_view path) {
  if (!path.starts_with(pages_prefix)) {
    HttpReply moved;  // without its '/' the page's own relative addresses would be wrong
    moved.status = 308;
    moved.fields.emplace_back("Location", pages_prefix);
    return moved;
  }
  path.remove_prefix(pages_prefix.size());
  const PageDirectory::Found found = state.pages->read(path);
  if (found.over_budget) return error_reply(503, "too many pages are being sent; try again");
  if (!found.page) return not_found();
  HttpReply reply;
  reply.content_type = path.empty() || path.ends_with('/') ? content_type_of("index.html") : content_type_of(path);
  reply.embedded = found.page->bytes;
  reply.kept = found.page;
  reply.tag = found.page->tag;
  reply.policy = ContentPolicy::pages;
  return file_reply(std::move(reply), known_tags(head));
}

}  // namespace

std::variant<AdmittedRequest, HttpReply> admit(HttpState& state, const RequestHead& head, std::uint64_t length) {
  if (auto refusal = refuse_origin(head, state.port)) return std::move(*refusal);
  AdmittedRequest admitted{HttpRoute::file, target_of(head)};
  const std::optional<HttpRoute> route = route_of(state, admitted.target.path);
  if (!route) return not_found();
  admitted.route = *route;
  if (auto refusal = refuse_method(head, *route)) return std::move(*refusal);
  if (auto refusal = refuse_token(state, head, *route)) return std::move(*refusal);
  admitted.shows_token = *route == HttpRoute::rpc || *route == HttpRoute::events;
  if (*route != HttpRoute::rpc && *route != HttpRoute::session) return admitted;
  admitted.body_limit = *route == HttpRoute::rpc ? state.options.limits.request_bytes : most_session_bytes;
  if (auto refusal = refuse_body(head, length, admitted.body_limit)) return std::move(*refusal);
  return admitted;
}

HttpReply refusal_of_syntax(boost::system::error_code error, std::size_t body_limit) {
  if (error == boost::beast::http::error::header_limit) {
    return error_reply(
        431, "the request line and the header fields may have " + std::to_string(most_header_bytes) + " bytes each");
  }
  if (error == boost::beast::http::error::body_limit) {
    return error_reply(413, "the body of a request may have " + std::to_string(body_limit) + " bytes");
  }
  return error_reply(400, "the request is not HTTP/1.1");
}

HttpReply answer_file(HttpState& state, const RequestHead& head, std::string_view path) {
  const EmbeddedFile* file = state.options.console ? find_embedded(path) : nullptr;
  if (!file) return answer_page(state, head, path);
  HttpReply reply;
  reply.content_type = content_type_of(file->path);
  reply.embedded = file->bytes;
  reply.tag = file->sha256;
  reply.policy = ContentPolicy::console;
  return file_reply(std::move(reply), known_tags(head));
}

HttpReply answer_session(HttpState& state, std::string_view body) {
  const Result<json::Document> request =
      json::parse(body, "<request>", json::request_limits, ErrorCode::invalid_argument);
  if (!request) return error_reply(400, request.error().message());
  const json::Value* code = request->root.find("code");
  if (!code || !code->is_string() || request->root.as_object()->size() != 1) {
    return error_reply(400, "the body must be an object with the member code, a string, and no other");
  }
  const Sessions::Opened opened = state.sessions.exchange(*code->as_string());
  switch (opened.outcome) {
    case Sessions::Exchange::opened:
      return json_reply(
          json::to_text(json::Value::object({{"token", opened.token}, {"expiresInSec", Sessions::session_seconds}})));
    case Sessions::Exchange::wrong_code:
      return error_reply(403, "the code is not valid; each is good once, for a minute");
    case Sessions::Exchange::too_many_attempts:
      break;
  }
  HttpReply reply = error_reply(429, "too many wrong codes; wait a minute");
  reply.fields.emplace_back("Retry-After", "60");
  return reply;
}

}  // namespace cowork::server
