#include "terminal.h"

#include <sstream>

#include "support/catch.h"

using namespace cowork::cli;

TEST_CASE("colour is decided by the flag, then NO_COLOR, then the stream") {
  std::istringstream in;
  std::ostringstream out;
  Terminal terminal{in, out, out};
  GlobalOptions options;
  CHECK(wants_color(options, terminal, true));
  CHECK_FALSE(wants_color(options, terminal, false));
  options.color = "always";
  CHECK(wants_color(options, terminal, false));
  terminal.colors_unwanted = true;
  CHECK(wants_color(options, terminal, false));
  options.color = "auto";
  CHECK_FALSE(wants_color(options, terminal, true));
  options.color = "never";
  terminal.colors_unwanted = false;
  CHECK_FALSE(wants_color(options, terminal, true));
}

TEST_CASE("text is cut by columns") {
  CHECK(cut_to_width("short", 5) == "short");
  CHECK(cut_to_width("shorter", 5) == "shor…");
  CHECK(cut_to_width("a bcd", 3) == "a…");
  CHECK(cut_to_width("日本語", 4) == "日…");
  CHECK(cut_to_width("x", 0).empty());
}

TEST_CASE("text is wrapped at spaces") {
  CHECK(wrapped("one two three", 9, 2) == "one two\n  three");
  CHECK(wrapped("unbreakable word", 5, 0) == "unbreakable\nword");
  CHECK(wrapped("a  b", 80, 0) == "a b");
}

TEST_CASE("blocks keep their lines and nothing else that steers") {
  CHECK(printable_block("a\n\tb\033[31m\r\n") == "a\n\tb\\x1b[31m\\x0d\n");
}

TEST_CASE("JSON text is the same document, without characters that steer") {
  CHECK(json_for_terminal("\"\u009b31m \u202e é 日\u200d\"") == "\"\\u009b31m \\u202e é 日\u200d\"");
}
