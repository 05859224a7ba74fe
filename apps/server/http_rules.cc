#include "http_rules.h"

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <iterator>
#include <vector>

#include "cowork/base/text.h"

namespace cowork::server {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::string_view token_protocol = "cowork.token.";
constexpr auto event_names = std::to_array<std::string_view>(
    {"policy-changed", "catalog-changed", "pack-state-changed", "install-progress", "diagnostic"});

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

std::vector<std::string_view> values_of(const RequestHead& head, std::string_view name) {
  std::vector<std::string_view> values;
  const auto [begin, end] = head.equal_range(beast::string_view(name.data(), name.size()));
  for (auto each = begin; each != end; ++each) values.push_back(view(each->value()));
  return values;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same_word(std::string_view a, std::string_view b) {
  return beast::iequals(beast::string_view(a.data(), a.size()), beast::string_view(b.data(), b.size()));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    parts.push_back(trimmed(text.substr(start, end - start)));
    start = end + 1;
  }
  return parts;
}

bool is_json(std::string_view content_type) {
  const std::vector<std::string_view> parts = split(content_type, ';');
  if (!same_word(parts[0], "application/json") || parts.size() > 2) return false;
  return parts.size() == 1 || same_word(parts[1], "charset=utf-8") || same_word(parts[1], "charset=\"utf-8\"");
}

HttpReply method_not_allowed(std::string_view allowed) {
  HttpReply reply = error_reply(405, "this address takes " + std::string(allowed) + " only");
  reply.fields.emplace_back("Allow", std::string(allowed));
  return reply;
}

}  // namespace

HttpTarget target_of(const RequestHead& head) {
  const std::string_view target = view(head.target());
  const std::size_t mark = target.find('?');
  if (mark == std::string_view::npos) return {std::string(target), {}};
  return {std::string(target.substr(0, mark)), std::string(target.substr(mark + 1))};
}

std::optional<HttpReply> refuse_origin(const RequestHead& head, unsigned port) {
  if (std::distance(head.begin(), head.end()) > static_cast<std::ptrdiff_t>(most_header_fields)) {
    return error_reply(431, "a request may have " + std::to_string(most_header_fields) + " header fields");
  }
  const std::string suffix = ":" + std::to_string(port);
  const auto hosts = values_of(head, "Host");
  if (hosts.size() != 1 || (hosts[0] != "127.0.0.1" + suffix && hosts[0] != "localhost" + suffix)) {
    return error_reply(403, "the Host of a request must be 127.0.0.1" + suffix + " or localhost" + suffix);
  }
  const auto origins = values_of(head, "Origin");
  if (origins.size() > 1 || (origins.size() == 1 && origins[0] != "http://" + std::string(hosts[0]))) {
    return error_reply(403, "requests of other origins are not answered");
  }
  const auto sites = values_of(head, "Sec-Fetch-Site");
  const bool own =
      std::all_of(sites.begin(), sites.end(), [](auto site) { return site == "none" || site == "same-origin"; });
  if (head.method() == http::verb::post && !own) return error_reply(403, "requests of other sites are not answered");
  return std::nullopt;
}

std::optional<HttpReply> refuse_method(const RequestHead& head, HttpRoute route) {
  switch (route) {
    case HttpRoute::rpc:
    case HttpRoute::session:
      if (head.method() != http::verb::post) return method_not_allowed("POST");
      break;
    case HttpRoute::events:
      if (head.method() != http::verb::get) return method_not_allowed("GET");
      break;
    case HttpRoute::file:
      if (head.method() != http::verb::get && head.method() != http::verb::head) return method_not_allowed("GET, HEAD");
      break;
  }
  return std::nullopt;
}

std::string bearer_token(const RequestHead& head) {
  constexpr std::string_view scheme = "Bearer ";
  const auto values = values_of(head, "Authorization");
  if (values.size() != 1 || !same_word(values[0].substr(0, scheme.size()), scheme)) return {};
  return std::string(trimmed(values[0].substr(scheme.size())));
}

std::optional<HttpReply> refuse_content_type(const RequestHead& head) {
  const auto values = values_of(head, "Content-Type");
  if (values.size() == 1 && is_json(values[0])) return std::nullopt;
  return error_reply(415, "the body of a request must be application/json");
}

EventsProtocol events_protocol(const RequestHead& head) {
  EventsProtocol protocol;
  std::size_t tokens = 0;
  for (const std::string_view value : values_of(head, "Sec-WebSocket-Protocol")) {
    for (const std::string_view name : split(value, ',')) {
      if (name == "cowork.events") protocol.offered = true;
      if (!name.starts_with(token_protocol)) continue;
      ++tokens;
      protocol.token = name.substr(token_protocol.size());
    }
  }
  if (tokens != 1) protocol.token.clear();
  return protocol;
}

Result<std::set<std::string, std::less<>>> events_of(std::string_view query) {
  constexpr std::string_view parameter = "events=";
  std::set<std::string, std::less<>> names;
  if (query.empty()) return names;
  if (!query.starts_with(parameter)) return fail(Error::invalid_argument("the only parameter of /events is events"));
  for (const std::string_view name : split(query.substr(parameter.size()), ',')) {
    if (std::find(event_names.begin(), event_names.end(), name) == event_names.end()) {
      return fail(Error::invalid_argument("there is no event " + quoted(name)));
    }
    names.emplace(name);
  }
  return names;
}

}  // namespace cowork::server
