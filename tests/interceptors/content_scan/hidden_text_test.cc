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

namespace {

std::string utf8(char32_t value) {
  const auto byte = [&](unsigned shift, unsigned first) {
    return static_cast<char>(first | ((value >> shift) & (first == 0x80U ? 0x3FU : 0xFFU)));
  };
  if (value < 0x800) return {byte(6, 0xC0), byte(0, 0x80)};
  if (value < 0x10000) return {byte(12, 0xE0), byte(6, 0x80), byte(0, 0x80)};
  return {byte(18, 0xF0), byte(12, 0x80), byte(6, 0x80), byte(0, 0x80)};
}

std::string times(std::size_t count, const std::string& part) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

}  // namespace

TEST_CASE("rows of whatever Unicode calls ignorable are found, and one behind each of many letters") {
  const char32_t value = GENERATE(as<char32_t>{}, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x180B, 0x180F, 0x200E,
                                  0x200F, 0x2065, 0x206F, 0x3164, 0xFFA0, 0xFFF0, 0x1BCA0, 0x1D173, 0x1D17A, 0xE0080,
                                  0xE00FF, 0xE0100, 0xE01EF, 0xE01F0, 0xE0FFF, 0xFE00, 0xFE0E, 0xFE0F, 0x200B, 0x200C);
  INFO(std::hex << static_cast<unsigned>(value));
  CHECK(found_in("a" + times(4, utf8(value)) + "b").starts_with("hidden-text@1 "));
  CHECK(found_in(times(8, "a" + utf8(value))).find("hidden-text@") != std::string::npos);
}

TEST_CASE("variation selectors belong behind what has variants") {
  const auto [before, selector, found] = GENERATE(table<std::string, char32_t, bool>({
      {"a", 0xE0100, true},
      {" ", 0xE0101, true},
      {"\xd0\xb6", 0xE0100, true},
      {"\xe8\x91\x9b", 0xE0100, false},
      {"a", 0xFE00, true},
      {"a", 0xFE0D, true},
      {"a", 0xFE0E, true},
      {"1", 0xFE0E, false},
      {"1", 0xFE0F, false},
      {"0", 0xFE00, false},
      {"1", 0xFE00, true},
      {"\xe2\x88\xa9", 0xFE00, false},
      {"\xe2\x9d\xa4", 0xFE0E, false},
  }));
  INFO(before << " " << std::hex << static_cast<unsigned>(selector));
  CHECK((found_in(before + utf8(selector) + "b").starts_with("hidden-text@")) == found);
}

TEST_CASE("ignorable characters that foreign text needs pass") {
  const std::string text =
      GENERATE(as<std::string>{},
               "Donau\xc2\xad"
               "dampf\xc2\xad"
               "schiff",
               "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d (C++\xe2\x80\x8e)\xe2\x80\x8f \xd7\xa2",
               "\xd9\x85\xdb\x8c\xe2\x80\x8c\xe2\x80\x8f\xd8\xae", "\xe1\xa0\xa0\xe1\xa0\x8b\xe1\xa0\xa1",
               "\xe1\x84\x80\xe1\x85\xa0", "1\xef\xb8\x8f\xe2\x83\xa3");
  INFO(text);
  CHECK(found_in(text).empty());
}

TEST_CASE("front matter spells characters by their numbers, what stands behind it does not") {
  const auto [text, found] = GENERATE(table<std::string, bool>({
      {"---\ndescription: \"hello \\U000E0069\"\n---\nbody\n", true},
      {"\xef\xbb\xbf--- \r\na: \"\\u202e\"\r\n---\r\n", true},
      {"---\na: \"\\xad\\xad\\xad\\xad\"\n", true},
      {"---\na: b\n---\n\\u202e\n", false},
      {"# Title\n\\u202e\n---\n", false},
      {"", false},
  }));
  INFO(text);
  CHECK((found_in(text, Spelling::front_matter).starts_with("hidden-text@")) == found);
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
  for (int i = 0; i < 1000; ++i) text += "aa\xe2\x80\x8b";
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
