#include "request.h"

#include <fcntl.h>
#include <unistd.h>

#include "support/catch.h"
#include "support/temporary_directory.h"

using namespace cowork;
using namespace cowork::fetch;

namespace {

const std::string settings =
    R"("settings":{"proxy":"","allowHosts":["a"],"caFile":"","tokenFile":"","allowHttp":true})";
const std::string limits =
    R"("limits":{"downloadBytes":1,"unpackedBytes":2,"entries":3,"ratio":4,"memoryBytes":5,"totalMs":6,"stallMs":7})";
const std::string head = R"("kind":"git","address":"x","ref":"main","sha256":"","scratch":"/s")";

Result<Request> read(const std::string& text) {
  const cowork::test::TemporaryDirectory place;
  place.write("request", text);
  const int descriptor = ::open(place.path("request").c_str(), O_RDONLY);
  auto request = read_request(descriptor);
  ::close(descriptor);
  return request;
}

}  // namespace

TEST_CASE("a request is read") {
  const auto request = read("{" + head + "," + settings + "," + limits + "}");
  REQUIRE(request);
  CHECK(request->what.kind == FetchRequest::Kind::git);
  CHECK(request->what.ref == "main");
  CHECK(request->scratch == "/s");
  CHECK(request->settings.allow_hosts == std::vector<std::string>{"a"});
  CHECK(request->settings.allow_http);
  CHECK(request->limits.download_bytes == 1);
  CHECK(request->limits.ratio == 4);
  CHECK(request->limits.stall == std::chrono::milliseconds(7));
}

TEST_CASE("a proxy is reached by http or https") {
  for (const std::string proxy : {"http://p.test:3128", "https://p.test"}) {
    std::string text = "{" + head + "," + settings + "," + limits + "}";
    const std::string none = R"("proxy":"")";
    const auto request = read(text.replace(text.find(none), none.size(), R"("proxy":")" + proxy + "\""));
    REQUIRE(request);
    CHECK(request->settings.proxy == proxy);
  }
}

TEST_CASE("what is no request is refused") {
  struct Case {
    std::string text;
    std::string message;
  };
  const auto with = [](std::string text, std::string_view from, std::string_view to) {
    return text.replace(text.find(from), from.size(), to);
  };
  const std::string good = "{" + head + "," + settings + "," + limits + "}";
  const Case table[] = {
      {"{}", "the request has no valid \"kind\""},
      {"[]", "the request has no valid \"kind\""},
      {with(good, "git", "svn"), "the request has no valid \"kind\""},
      {with(good, "\"x\"", "1"), "the request has no valid \"address\""},
      {with(good, "\"x\"", "\"x\\u0000y\""), "NUL is not allowed"},
      {with(good, "\"sha256\":\"\"", "\"sha256\":\"ABC\""), "the request has no valid \"sha256\""},
      {with(good, "\"sha256\":\"\"", "\"sha256\":\"" + std::string(64, 'G') + "\""),
       "the request has no valid \"sha256\""},
      {with(good, "\"entries\":3,", ""), "the request has no valid \"entries\""},
      {with(good, "\"ratio\":4", "\"ratio\":\"4\""), "the request has no valid \"ratio\""},
      {with(good, "/s", "s"), "the request has no valid \"scratch\""},
      {with(good, "[\"a\"]", "[1]"), "the request has no valid \"allowHosts\""},
      {with(good, "\"stallMs\":7", "\"stallMs\":0"), "the request has no valid \"stallMs\""},
      {with(good, "\"ratio\":4", "\"ratio\":-4"), "the request has no valid \"ratio\""},
      {with(good, "\"proxy\":\"\"", "\"proxy\":\"socks4://x\""), "fetch.proxy must begin with http:// or https://"},
      {with(good, "main", "--exec"), "\"--exec\" is no name of a branch, tag or commit"},
      {"{" + head + "}", "the request has no valid \"proxy\""},
      {std::string(70'000, ' '), "the request is too long"},
  };
  for (const auto& [text, message] : table) {
    INFO(text.substr(0, 300));
    const auto request = read(text);
    REQUIRE_FALSE(request);
    CHECK(request.error().code() == ErrorCode::invalid_argument);
    CHECK(request.error().message() == message);
  }
}

TEST_CASE("a request that is no JSON, or can't be read, is refused") {
  const auto cut = read("{" + head);
  REQUIRE_FALSE(cut);
  CHECK(cut.error().code() == ErrorCode::invalid_argument);
  CHECK(cut.error().message() == "expected ',' or '}' after a member of an object");
  CHECK(cut.error().why() == "<request>:1:68");
  const auto unread = read_request(-1);
  REQUIRE_FALSE(unread);
  CHECK(unread.error().code() == ErrorCode::io);
  CHECK(unread.error().message() == "cannot read the request: Bad file descriptor");
}
