#include "cowork/base/text.h"

#include <set>

#include "support/catch.h"

using namespace std::string_view_literals;
using namespace cowork;

TEST_CASE("names of packs are matched byte for byte") {
  for (const std::string& good : {std::string("a"), std::string("0"), std::string("a-b_c9"), std::string(128, 'a')}) {
    CHECK(is_pack_name(good));
  }
  for (const std::string& bad :
       {std::string(), std::string("Evil"), std::string("evil "), std::string(" evil"), std::string("-a"),
        std::string("_a"), std::string(".."), std::string("a/b"), std::string("a.b"), std::string("a\n"),
        std::string("a\0", 2), std::string("ev\u0456l"), std::string("evil\u200b"), std::string("\u0435vil"),
        std::string(129, 'a')}) {
    CHECK_FALSE(is_pack_name(bad));
  }
}

TEST_CASE("what a terminal would act on is escaped") {
  const std::pair<std::string_view, const char*> rows[] = {
      {"plain text", "plain text"},
      {"h\u00e9 \u4e2d", "h\u00e9 \u4e2d"},
      {"\x1b[31m", "\\x1b[31m"},
      {"a\nb\tc\r", "a\\x0ab\\x09c\\x0d"},
      {"\0"sv, "\\x00"},
      {"\x7f", "\\x7f"},
      {"\u0080\u009b", "\\u{0080}\\u{009b}"},
      {"\u202e\u202a\u2066\u2069", "\\u{202e}\\u{202a}\\u{2066}\\u{2069}"},
      {"\u200e\u200f\u061c", "\\u{200e}\\u{200f}\\u{061c}"},
      {"\u200b\u2060\ufeff\u2028", "\\u{200b}\\u{2060}\\u{feff}\\u{2028}"},
      {"\U0001F468\u200d\U0001F469 \u2764\ufe0f", "\U0001F468\u200d\U0001F469 \u2764\ufe0f"},
      {"\xff\xc3", "\\xff\\xc3"},
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
      {"a\\b\"c", "a\\b\"c"},
  };
  for (const auto& [text, expected] : rows) CHECK(printable(text) == expected);
}

TEST_CASE("quoted text cannot leave its quotation marks") {
  CHECK(quoted("") == "\"\"");
  CHECK(quoted("a b") == "\"a b\"");
  CHECK(quoted("a\" is \"b\\") == R"("a\" is \"b\\")");
  CHECK(quoted("\x1b") == "\"\\x1b\"");
  CHECK(quoted(std::string(80, 'a')) == '"' + std::string(80, 'a') + '"');
  CHECK(quoted(std::string(1'000'000, 'a')) == '"' + std::string(80, 'a') + "…\"");
  CHECK(quoted(std::string(79, 'a') + "\u00e9\u00e9") == '"' + std::string(79, 'a') + "\u00e9…\"");
}

TEST_CASE("the nearest names are suggested") {
  const std::vector<std::string> known = {"engineering", "engineering-pack", "devops", "design", "data", "date"};
  using Names = std::vector<std::string>;
  CHECK(nearest("enginering", known) == Names{"engineering"});
  CHECK(nearest("enigneering", known) == Names{"engineering"});
  CHECK(nearest("devpos", known) == Names{"devops"});
  CHECK(nearest("dat", known, 5) == Names{"data", "date"});
  CHECK(nearest("dat", known) == Names{"data"});
  CHECK(nearest("data", known, 2) == Names{"data", "date"});
  CHECK(nearest("finance", known).empty());
  CHECK(nearest("", {"a", "bc"}, 5) == Names{"a"});
  CHECK(nearest("ab", {"ba", "cd"}, 5) == Names{"ba"});
  CHECK(nearest(std::string(257, 'a'), {std::string(257, 'a')}).empty());
  CHECK(nearest("a", {}, 5).empty());
  CHECK(nearest("data", known, 0).empty());
}

TEST_CASE("timestamps are UTC and whole seconds, rounded down") {
  CHECK(utc_timestamp(0) == "1970-01-01T00:00:00Z");
  CHECK(utc_timestamp(1'736'942'400'000) == "2025-01-15T12:00:00Z");
  CHECK(utc_timestamp(1'736'942'400'999) == "2025-01-15T12:00:00Z");
  CHECK(utc_timestamp(1'709'164'800'000) == "2024-02-29T00:00:00Z");
  CHECK(utc_timestamp(-1) == "1969-12-31T23:59:59Z");
  CHECK(utc_timestamp(INT64_MAX) == "9999-12-31T23:59:59Z");
  CHECK(utc_timestamp(INT64_MIN) == "0000-01-01T00:00:00Z");
}

TEST_CASE("random identifiers are 32 hex digits and do not repeat") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = random_id();
    CHECK(id.size() == 32);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    seen.insert(id);
  }
  CHECK(seen.size() == 1000);
}
