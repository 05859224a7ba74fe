// Who may ask what over HTTP, decided from the head of a request before any of its body is read. Pure functions.
// Private to apps/server.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "cowork/base/result.h"
#include "http_reply.h"

namespace cowork::server {

using RequestHead = boost::beast::http::header<true, boost::beast::http::fields>;

inline constexpr std::size_t most_header_bytes = 16u << 10;  ///< of the request line, and of all fields
inline constexpr std::size_t most_header_fields = 100;

enum class HttpRoute : std::uint8_t { rpc, session, events, file };

/// The target of a request, cut at its '?'.
struct HttpTarget {
  std::string path;
  std::string query;
};
HttpTarget target_of(const RequestHead& head);

/// The number of fields; then Host, which must be `127.0.0.1:PORT` or `localhost:PORT`; Origin, which must be absent or
/// that very address; Sec-Fetch-Site, which must not speak of another site on a POST. nullopt: fine.
std::optional<HttpReply> refuse_origin(const RequestHead& head, unsigned port);

/// 405 unless the route takes this method.
std::optional<HttpReply> refuse_method(const RequestHead& head, HttpRoute route);

/// The one bearer token of an Authorization field; empty: there is none, or more than one.
std::string bearer_token(const RequestHead& head);

/// 415 unless the body is announced as application/json, without parameters but charset=utf-8.
std::optional<HttpReply> refuse_content_type(const RequestHead& head);

/// What Sec-WebSocket-Protocol of a request for /events says.
struct EventsProtocol {
  bool offered = false;  ///< `cowork.events`
  std::string token;     ///< of `cowork.token.<TOKEN>`; empty: there is none, or more than one
};
EventsProtocol events_protocol(const RequestHead& head);

/// The names of `events=a,b` in a query; empty: all. Errors: invalid-argument (another parameter, no such event).
Result<std::set<std::string, std::less<>>> events_of(std::string_view query);

}  // namespace cowork::server
