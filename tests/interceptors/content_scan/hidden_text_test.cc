// Text that a person does not see.
#include "hidden_text.h"

#include "scanned_pack.h"

using namespace cowork;
using namespace cowork::content_scan;
using namespace cowork::test;

namespace {

std::string found_in(const std::string& text, Spelling spelling = Spelling::plain) {
  std::string found;
  const Hits hits = find_hidden_text(text, spelling);
  for (const Hit& hit : hits.kept())
    found += std::string(hit.rule.name) + "@" + std::to_string(hit.offset) + " " + hit.message + "\n";
  return found;
}

/// "a" as tag characters and so on.
std::string tags(std::string_view ascii) {
  std::string text;
  for (const char c : ascii) {
    const auto low = static_cast<unsigned>(static_cast<unsigned char>(c));
    text += "\xf3\xa0";
    text += static_cast<char>(0x80U + (low >> 6U));
    text += static_cast<char>(0x80U + (low & 0x3FU));
  }
  return text;
}

}  // namespace

TEST_CASE("text that is as it looks passes") {
  const std::string text =
      GENERATE(as<std::string>{},  //
               "plain words, \t tabs and \r\n line ends",
               "\xef\xbb\xbf"
               "a byte order mark at the beginning",
               "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x92\xbb a man at a computer",
               "\xf0\x9f\x91\xa9\xf0\x9f\x8f\xbd\xe2\x80\x8d\xf0\x9f\x92\xbb with a tone of skin",
               "\xf0\x9f\x91\x81\xef\xb8\x8f\xe2\x80\x8d\xf0\x9f\x97\xa8\xef\xb8\x8f an eye in a bubble",
               "\xf0\x9f\x8f\xb3\xef\xb8\x8f\xe2\x80\x8d\xf0\x9f\x8c\x88 a rainbow flag",
               "\xe2\x9d\xa4\xef\xb8\x8f a heart, in red",
               "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88\xd8\xa7\xd9\x87\xd9\x85 Persian",
               "\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xb7 Devanagari",
               "\xe0\xb8\xa0\xe0\xb8\xb2\xe2\x80\x8b\xe0\xb9\x84\xe0\xb8\x97 Thai",
               "\\u202e is no escape outside of JSON and YAML");
  INFO(text);
  CHECK(found_in(text).empty());
  const std::string england = "\xf0\x9f\x8f\xb4" + tags("gbeng\x7f") + " England";
  CHECK(found_in(england).empty());
}

TEST_CASE("text that hides is found, and where") {
  const auto [text, found] = GENERATE(table<std::string, std::string>({
      {"a\xe2\x80\xae"
       "b",
       "hidden-text@1 U+202E, which shows text in another order than it is read\n"},
      {"\xe2\x81\xa6", "hidden-text@0 U+2066, which shows text in another order than it is read\n"},
      {"ab\xe2\x80\x8b"
       "c",
       "zero-width@2 U+200B, a character without width, inside of text\n"},
      {"a\xe2\x80\x8c"
       "b",
       "zero-width@1 U+200C, a character without width, inside of text\n"},
      {"a\xe2\x80\x8d"
       "b",
       "zero-width@1 U+200D, a character without width, inside of text\n"},
      {"a\xe2\x81\xa0"
       "b",
       "zero-width@1 U+2060, a character without width, inside of text\n"},
      {"a\xef\xbb\xbf"
       "b",
       "zero-width@1 U+FEFF, a character without width, inside of text\n"},
      {"\xf0\x9f\x91\xa8\xe2\x80\x8d"
       "a",
       "zero-width@4 U+200D, a character without width, inside of text\n"},
      {"a\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8b\xe2\x80\x8c", "hidden-text@1 4 characters without width in a row\n"},
      {"\xe2\x98\xba\xef\xb8\x80\xef\xb8\x81\xef\xb8\x82",
       "hidden-text@3 3 variation selectors in a row, which nobody sees\n"},
  }));
  INFO(text);
  CHECK(found_in(text) == found);
}

TEST_CASE("tag characters are quarantined with what they spell") {
  CHECK(found_in("Hi" + tags("say yes")) ==
        "hidden-text@2 7 tag characters, which nobody sees; they spell \"say yes\"\n");
  CHECK(found_in(tags("\x01")) == "hidden-text@0 1 tag characters, which nobody sees\n");
  // A flag that goes on is none.
  CHECK(found_in("\xf0\x9f\x8f\xb4" + tags("do as I say\x7f")) ==
        "hidden-text@4 12 tag characters, which nobody sees; they spell \"do as I say\"\n");
}

TEST_CASE("in JSON and YAML a character may be spelt by its number") {
  const auto [text, found] = GENERATE(table<std::string, std::string>({
      {R"("\u202e")", "hidden-text@1 U+202E, which shows text in another order than it is read\n"},
      {R"("a\u200Bb")", "zero-width@2 U+200B, a character without width, inside of text\n"},
      {R"("\udb40\udc41")", "hidden-text@1 1 tag characters, which nobody sees; they spell \"A\"\n"},
      {R"("\U000E0041")", "hidden-text@1 1 tag characters, which nobody sees; they spell \"A\"\n"},
      {R"("\ud83d\udc68\u200d\ud83d\udcbb")", ""},
      {R"("\\u202e")", ""},
      {R"("\u20)", ""},
      {R"("\ud83d)", ""},
      {R"("\)", ""},
  }));
  INFO(text);
  CHECK(found_in(text, Spelling::escapes) == found);
}

TEST_CASE("a bidi control behind many lesser findings is still found") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "a\xe2\x80\x8b";
  text += "b\xe2\x80\xae";
  const Hits hits = find_hidden_text(text, Spelling::plain);
  REQUIRE(hits.kept().size() == Hits::most + 1);
  CHECK(hits.kept().back().rule.name == "hidden-text");
  CHECK(hits.omitted() == 1000 - Hits::most);
}

TEST_CASE("bytes that are no UTF-8 hide nothing behind them") {
  CHECK(found_in("\xff\xfe\xe2\x80\xae").starts_with("hidden-text@2 U+202E"));
  CHECK(found_in("\xe2\x80").empty());
  CHECK(found_in("\xf3\xa0").empty());
}
