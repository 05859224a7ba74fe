// What HTTP answers, and its head as text. Private to apps/server. Threads: values.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cowork::server {

enum class ContentPolicy : std::uint8_t {
  data,     ///< nothing may be loaded by it
  console,  ///< scripts, styles and connections of this server only
  pages,    ///< an application's own: see http_reply.cc
};

struct HttpReply {
  unsigned status = 200;
  std::string_view content_type{};  ///< empty: there is no body
  std::string body{};
  std::string_view embedded{};  ///< the body when it lives as long as the program or `kept`; `body` is empty then
  std::shared_ptr<const void> kept{};
  std::string tag{};  ///< ETag without its quotation marks; empty: not to be stored
  ContentPolicy policy = ContentPolicy::data;
  std::vector<std::pair<std::string_view, std::string>> fields{};  ///< more of them

  std::string_view content() const noexcept { return embedded.empty() ? std::string_view(body) : embedded; }
};

HttpReply json_reply(std::string body);
/// `{"error": {"code": ..., "message": ...}}`; the code is that of the status, `message` one sentence.
HttpReply error_reply(unsigned status, std::string_view message);
/// A file, or 304 where `known_tags` (the value of If-None-Match) names its tag.
HttpReply file_reply(HttpReply file, std::string_view known_tags);

/// Everything up to the body. Without content of its own, as for HEAD, the length is that of the content all the same.
std::string head_text(const HttpReply& reply, bool keep_alive);
/// The fields that every answer has.
const std::vector<std::pair<std::string_view, std::string_view>>& common_fields();

}  // namespace cowork::server
