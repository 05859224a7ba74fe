#include "http_reply.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>

#include "cowork/base/json.h"

namespace cowork::server {

namespace {

struct StatusCode {
  unsigned status;
  std::string_view code;
};

constexpr auto codes = std::to_array<StatusCode>({
    {400, "bad-request"},
    {401, "unauthorized"},
    {403, "forbidden"},
    {404, "not-found"},
    {405, "method-not-allowed"},
    {408, "request-timeout"},
    {413, "payload-too-large"},
    {415, "unsupported-media-type"},
    {417, "expectation-failed"},
    {426, "upgrade-required"},
    {429, "too-many-requests"},
    {431, "request-header-fields-too-large"},
    {503, "service-unavailable"},
});

// The pages of an application are its own, made for a renderer of theirs: built scripts come as files, but frameworks
// put <style> elements into the document, and pictures are made as data: and blob:. Script stays that of this server
// only, so that text which slips into a page as markup can't run; it could read the token from sessionStorage.
constexpr std::string_view pages_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; worker-src 'self'; manifest-src "
    "'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr std::string_view console_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr std::string_view data_policy =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view policy_text(ContentPolicy policy) {
  switch (policy) {
    case ContentPolicy::console:
      return console_policy;
    case ContentPolicy::pages:
      return pages_policy;
    case ContentPolicy::data:
      break;
  }
  return data_policy;
}

void add(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

HttpReply json_reply(std::string body) {
  HttpReply reply;
  reply.content_type = "application/json";
  reply.body = std::move(body);
  return reply;
}

HttpReply error_reply(unsigned status, std::string_view message) {
  const auto found =
      std::find_if(codes.begin(), codes.end(), [&](const StatusCode& each) { return each.status == status; });
  const std::string_view code = found == codes.end() ? "internal" : found->code;
  HttpReply reply = json_reply(
      json::to_text(json::Value::object({{"error", json::Value::object({{"code", code}, {"message", message}})}})));
  reply.status = status;
  if (status == 401) reply.fields.emplace_back("WWW-Authenticate", "Bearer");
  return reply;
}

HttpReply file_reply(HttpReply file, std::string_view known_tags) {
  if (known_tags.find('"' + file.tag + '"') == std::string_view::npos && known_tags != "*") return file;
  file.status = 304;
  file.content_type = {};
  file.body.clear();
  file.embedded = {};
  file.kept.reset();
  return file;
}

const std::vector<std::pair<std::string_view, std::string_view>>& common_fields() {
  static const std::vector<std::pair<std::string_view, std::string_view>> fields{
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
  };
  return fields;
}

std::string head_text(const HttpReply& reply, bool keep_alive) {
  const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(reply.status));
  std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " ";
  text.append(reason.data(), reason.size()).append("\r\n");
  if (!reply.content_type.empty()) add(text, "Content-Type", reply.content_type);
  if (reply.status != 204 && reply.status != 304) add(text, "Content-Length", std::to_string(reply.content().size()));
  if (!reply.tag.empty()) add(text, "ETag", '"' + reply.tag + '"');
  add(text, "Cache-Control", reply.tag.empty() ? "no-store" : "no-cache");
  add(text, "Content-Security-Policy", policy_text(reply.policy));
  for (const auto& [name, value] : common_fields()) add(text, name, value);
  for (const auto& [name, value] : reply.fields) add(text, name, value);
  if (!keep_alive) add(text, "Connection", "close");
  text += "\r\n";
  return text;
}

}  // namespace cowork::server
