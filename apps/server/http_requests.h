// What one request gets, beside calls of the host: refusals in their order, sessions, files. Private to apps/server.
// Threads: any.
#pragma once

#include <boost/system/error_code.hpp>
#include <string>
#include <string_view>
#include <variant>

#include "http_rules.h"
#include "http_state.h"

namespace cowork::server {

struct AdmittedRequest {
  HttpRoute route;
  HttpTarget target;
  std::size_t body_limit = 0;
  bool shows_token = false;  ///< a valid one
};

/// The rules from Host to Expect, the first that is broken answering. `length`: what Content-Length says, or 0.
std::variant<AdmittedRequest, HttpReply> admit(HttpState& state, const RequestHead& head, std::uint64_t length);

/// 431, 413 or 400 for what the parser said.
HttpReply refusal_of_syntax(boost::system::error_code error, std::size_t body_limit);

/// The embedded file or the page at `path`; 404, 304.
HttpReply answer_file(HttpState& state, const RequestHead& head, std::string_view path);
/// `{"code": ...}` for a token.
HttpReply answer_session(HttpState& state, std::string_view body);

}  // namespace cowork::server
