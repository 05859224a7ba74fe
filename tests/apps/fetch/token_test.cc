#include "token.h"

#include <sys/stat.h>

#include "support/catch.h"
#include "support/temporary_directory.h"

using namespace cowork;
using namespace cowork::fetch;

TEST_CASE("a token is one line of a file that is nobody else's") {
  const cowork::test::TemporaryDirectory place;
  const std::string path = place.path("token");
  const auto read = [&](std::string_view content, mode_t mode) {
    ::chmod(path.c_str(), 0600);
    place.write("token", content);
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    return read_token(path);
  };
  CHECK(read_token("").value().empty());
  CHECK(read("abc", 0600).value() == "abc");
  CHECK(read("abc\n", 0440).value() == "abc");

  struct Case {
    std::string content;
    mode_t mode;
    std::string why;
  };
  const std::string no_line = "it does not hold one line of visible ASCII characters";
  const Case table[] = {
      {"abc", 0644, "others may read or write it"},
      {"abc", 0602, "others may read or write it"},
      {"abc", 0620, "others may read or write it"},
      {"", 0600, no_line},
      {"\n", 0600, no_line},
      {"a\nb", 0600, no_line},
      {"a b", 0600, no_line},
      {"a\r\n", 0600, no_line},
      {"ä", 0600, no_line},
      {"a\x7f", 0600, no_line},
      {std::string(4097, 'a'), 0600, no_line},
  };
  for (const auto& [content, mode, why] : table) {
    INFO(content.substr(0, 10) << " " << mode);
    const auto token = read(content, mode);
    REQUIRE_FALSE(token);
    CHECK(token.error().code() == ErrorCode::io);
    CHECK(token.error().message() == "the token file \"" + path + "\" can't be used");
    CHECK(token.error().why() == why);
  }
  REQUIRE(::mkfifo(place.path("fifo").c_str(), 0600) == 0);
  CHECK(read_token(place.path("fifo")).error().why() == "it is no regular file");
  CHECK(read_token(place.path("missing")).error().code() == ErrorCode::io);
}
