#include "cowork/base/json_reader.h"

#include "reading.h"
#include "support/catch.h"

using namespace std::string_view_literals;
using namespace cowork;
using namespace cowork::json;

TEST_CASE("what is JSON and in our profile is accepted") {
  const std::string_view rows[] = {
      "null",
      "true",
      "false",
      "0",
      "-0",
      "-0.0e-0",
      "1e308",
      "-1.7976931348623157e308",
      "1e-400",
      "1e-9999",
      "5e-324",
      "123456789012345678901234567890",
      "\"\"",
      " \t\r\n[ \t\r\n] \t\r\n",
      "[1,[],{},\"\",null]",
      R"({"":0})",
      R"({"a":{"a":{"a":0}},"A":0,"a ":0})",
      R"("\"\\\/\b\f\n\r\t\u0001\uFFFF\uffff")",
      R"("\uD83D\uDE00\ud83d\ude00")",
      "\"\x7f\xc2\x80\xef\xbb\xbf\xef\xbf\xbf\xf4\x8f\xbf\xbf\"",
      R"("\\u0000")",
      R"("\\\\uD800")",
      "[\"\\\\\"]",
  };
  for (const auto text : rows) CHECK(verdict(text) == "ok");
}

TEST_CASE("refusals say where, and what was expected") {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"", "f.json:1:1: the document is empty"},
      {" \n\t", "f.json:2:2: the document is empty"},
      {"]", "f.json:1:1: expected a value"},
      {",", "f.json:1:1: expected a value"},
      {"x", "f.json:1:1: expected a value"},
      {"nul", "f.json:1:4: expected a value"},
      {"NaN", "f.json:1:1: expected a value"},
      {"-Infinity", "f.json:1:2: expected a value"},
      {"+1", "f.json:1:1: expected a value"},
      {"// x\n1", "f.json:1:1: expected a value"},
      {"'a'", "f.json:1:1: expected a value"},
      {"{}\n{}", "f.json:2:1: unexpected text after the document"},
      {"1 2", "f.json:1:3: unexpected text after the document"},
      {"{}x", "f.json:1:3: unexpected text after the document"},
      {"[", "f.json:1:2 (/0): expected a value or ']'"},
      {"[1,]", "f.json:1:4 (/1): expected a value"},
      {"[,1]", "f.json:1:2 (/0): expected a value or ']'"},
      {"[1 2]", "f.json:1:4: expected ',' or ']' after an element of an array"},
      {"[1", "f.json:1:3: expected ',' or ']' after an element of an array"},
      {"[1}", "f.json:1:3: expected ',' or ']' after an element of an array"},
      {"{", "f.json:1:2: expected a key in quotation marks or '}'"},
      {"{1:2}", "f.json:1:2: expected a key in quotation marks or '}'"},
      {"{a:1}", "f.json:1:2: expected a key in quotation marks or '}'"},
      {R"({"a":1,})", "f.json:1:8: expected a key in quotation marks"},
      {R"({"a" 1})", "f.json:1:6 (/a): expected ':' after a key"},
      {R"({"a":})", "f.json:1:6 (/a): expected a value"},
      {R"({"a":1 "b":2})", "f.json:1:8: expected ',' or '}' after a member of an object"},
      {R"({"a":1)", "f.json:1:7: expected ',' or '}' after a member of an object"},
      {"{\n  \"a\": [\n    {\"b\": tru}\n  ]\n}", "f.json:3:14 (/a/0/b): expected a value"},
      {R"({"a/b":{"~":[1,2,x]}})", "f.json:1:18 (/a~1b/~0/2): expected a value"},
      {R"(["abc)", "f.json:1:6 (/0): expected '\"' at the end of a string"},
      {R"(["a", "b\)", "f.json:1:9 (/1): unknown escape in a string"},
      {R"(["\x41"])", "f.json:1:3 (/0): unknown escape in a string"},
      {R"(["\'"])", "f.json:1:3 (/0): unknown escape in a string"},
      {R"(["\u12G4"])", "f.json:1:3 (/0): expected four hexadecimal digits after \\u"},
      {R"(["\u12)", "f.json:1:3 (/0): expected four hexadecimal digits after \\u"},
      {"01", "f.json:1:2: unexpected text after the document"},
      {"[01]", "f.json:1:3: expected ',' or ']' after an element of an array"},
      {"[1.]", "f.json:1:4 (/0): expected a digit after the decimal point"},
      {"[.5]", "f.json:1:2 (/0): expected a value or ']'"},
      {"[1e]", "f.json:1:4 (/0): expected a digit in the exponent"},
      {"[1e+]", "f.json:1:5 (/0): expected a digit in the exponent"},
      {"[-]", "f.json:1:3 (/0): expected a value or ']'"},
      {"[0x10]", "f.json:1:3: expected ',' or ']' after an element of an array"},
      {R"({"name":1,"name":2})", "f.json:1:11 (/name): duplicate key \"name\""},
      {R"({"name":1,"na\u006de":2})", "f.json:1:11 (/name): duplicate key \"name\""},
      {R"([{"a":{"b":1,"c":2,"b":3}}])", "f.json:1:20 (/0/a/b): duplicate key \"b\""},
      {R"({"\u001b":1,"\u001B":2})", "f.json:1:13 (/\\x1b): duplicate key \"\\x1b\""},
      {"{\"a\":1}\0"sv, "f.json:1:8: NUL is not allowed"},
      {"{\"a\":1}\0trailing"sv, "f.json:1:8: NUL is not allowed"},
      {"{\"a\":\"x\0y\"}"sv, "f.json:1:8 (/a): NUL is not allowed"},
      {"\0"sv, "f.json:1:1: NUL is not allowed"},
      {R"({"a":"x\u0000y"})", "f.json:1:8 (/a): NUL is not allowed"},
      {R"({"\u0000":1})", "f.json:1:3: NUL is not allowed"},
      {"\xEF\xBB\xBF{}", "f.json:1:1: byte order mark is not allowed"},
      {"\xEF\xBB{}", "f.json:1:1: invalid UTF-8"},
      {"\xEF", "f.json:1:1: invalid UTF-8"},
      {" \xEF\xBB\xBF{}", "f.json:1:2: expected a value"},
      {"\xFF\xFE{\0}\0"sv, "f.json:1:1: byte order mark is not allowed: the text must be UTF-8, not UTF-16"},
      {"\xFE\xFF\0{\0}"sv, "f.json:1:1: byte order mark is not allowed: the text must be UTF-8, not UTF-16"},
      {"\xFF\xFE\0\0{\0\0\0"sv, "f.json:1:1: byte order mark is not allowed: the text must be UTF-8, not UTF-32"},
      {"\0\0\xFE\xFF\0\0\0{"sv, "f.json:1:1: byte order mark is not allowed: the text must be UTF-8, not UTF-32"},
      {"{\0}\0"sv, "f.json:1:2: NUL is not allowed"},
      {"\0{\0}"sv, "f.json:1:1: NUL is not allowed"},
      {"[\"\xff\"]", "f.json:1:3 (/0): invalid UTF-8"},
      {"[\"\xc0\xaf\"]", "f.json:1:3 (/0): invalid UTF-8"},
      {"[\"a\xe0\x80\xaf\"]", "f.json:1:4 (/0): invalid UTF-8"},
      {"[\"\xf0\x80\x80\xaf\"]", "f.json:1:3 (/0): invalid UTF-8"},
      {"[\"\xed\xa0\x80\"]", "f.json:1:3 (/0): invalid UTF-8"},
      {"[\"\xf4\x90\x80\x80\"]", "f.json:1:3 (/0): invalid UTF-8"},
      {"[\"\xc3\"]", "f.json:1:3 (/0): invalid UTF-8"},
      {"[\"\x80\"]", "f.json:1:3 (/0): invalid UTF-8"},
      {R"({"a":"\uD800"})", "f.json:1:7 (/a): lone surrogate in a string"},
      {R"({"a":"\uD800x"})", "f.json:1:7 (/a): lone surrogate in a string"},
      {R"({"a":"\uD800\u0041"})", "f.json:1:7 (/a): lone surrogate in a string"},
      {R"({"a":"\uD800\uD800\uDC00"})", "f.json:1:7 (/a): lone surrogate in a string"},
      {R"({"a":"x\uDC00"})", "f.json:1:8 (/a): lone surrogate in a string"},
      {R"({"a":"\uDC00\uD800"})", "f.json:1:7 (/a): lone surrogate in a string"},
      {R"({"\udfff":1})", "f.json:1:3: lone surrogate in a string"},
      {"[\"a\nb\"]", "f.json:1:4 (/0): control character in a string must be escaped"},
      {"[\"a\tb\"]", "f.json:1:4 (/0): control character in a string must be escaped"},
      {"[\x01]", "f.json:1:2 (/0): expected a value or ']'"},
      {"[1e400]", "f.json:1:2 (/0): number out of range"},
      {"[0, -1e400]", "f.json:1:5 (/1): number out of range"},
      {"[1.8e308]", "f.json:1:2 (/0): number out of range"},
      {"[0e400]", "f.json:1:2 (/0): number out of range"},
      {"[1e10000]", "f.json:1:2 (/0): number with an exponent of more than 4 digits"},
      {"[1.0000000000e-2147483639]", "f.json:1:2 (/0): number with an exponent of more than 4 digits"},
  };
  for (const auto& [text, expected] : rows) {
    INFO("text: " << text);
    CHECK(verdict(text) == expected);
  }
}

TEST_CASE("what is wrong first is reported first") {
  CHECK(verdict("{\"a\" 1, \"\xff\"}") == "f.json:1:6 (/a): expected ':' after a key");
  CHECK(verdict("{\"a\":1,\"a\":\"\xff\"}") == "f.json:1:8 (/a): duplicate key \"a\"");
  CHECK(verdict("{\"a\":\"\xff\",\"a\" 1}") == "f.json:1:7 (/a): invalid UTF-8");
  CHECK(verdict("[1e309\xff") == "f.json:1:2 (/0): number out of range");
  CHECK(verdict("[tr\xff") == "f.json:1:4 (/0): invalid UTF-8");
}

TEST_CASE("every raw control character in a string is refused") {
  for (char c = 1; c < 0x20; ++c) {
    CHECK(verdict(std::string("[\"") + c + "\"]") == "f.json:1:3 (/0): control character in a string must be escaped");
  }
}

TEST_CASE("the bounds are exact") {
  const Limits limits{100, 10, 4};
  const auto padded = [](std::size_t size) { return std::string(size - 1, ' ') + "1"; };
  CHECK(verdict(padded(100), limits) == "ok");
  CHECK(verdict(padded(101), limits) == "f.json:1:101: larger than 100 bytes");
  CHECK(verdict("[1,1,1,1,1,1,1,1,1]", limits) == "ok");
  CHECK(verdict("[1,1,1,1,1,1,1,1,1,1]", limits) == "f.json:1:20 (/9): more than 10 values");
  CHECK(verdict("[[[[]]],[[[1]]]]", limits) == "ok");
  CHECK(verdict("[[[[[]]]]]", limits) == "f.json:1:5 (/0/0/0/0): nested deeper than 4 levels");
  CHECK(verdict(R"({"a":{"b":[{"c":{}}]}})", limits) == "f.json:1:17 (/a/b/0/c): nested deeper than 4 levels");
  CHECK(verdict("[" + std::string(512, '1') + "]") == "f.json:1:2 (/0): number out of range");
  CHECK(verdict("[0." + std::string(510, '1') + "]") == "ok");
  CHECK(verdict("[0." + std::string(511, '1') + "]") == "f.json:1:2 (/0): number longer than 512 bytes");
  CHECK(verdict("[1" + std::string(307, '0') + "]") == "ok");
  CHECK(verdict("[-1" + std::string(308, '0') + "]") == "f.json:1:2 (/0): number out of range");
}

TEST_CASE("sixty-four levels are the profile") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(verdict(nested(64)) == "ok");
  CHECK(verdict(nested(65)).ends_with("nested deeper than 64 levels"));
}

TEST_CASE("duplicates are found in objects of every size") {
  for (const int count : {1, 15, 16, 17, 18, 1000}) {
    std::string text = "{";
    for (int i = 0; i < count; ++i) text += "\"k" + std::to_string(i) + "\":0,";
    for (const int again : {0, count / 2, count - 1}) {
      const std::string key = "k" + std::to_string(again);
      CHECK(verdict(text + "\"" + key + "\":1}").ends_with(" (/" + key + "): duplicate key \"" + key + "\""));
    }
    CHECK(verdict(text + "\"k\":1}") == "ok");
  }
}

TEST_CASE("every cut of a document is refused, with a place inside what is left") {
  const std::string text = R"({"a":[1,-2.5e3,{"b":"\u00e9\ud83d\ude00é"}],"c":{"d":true,"e":false,"f":null}})";
  REQUIRE(verdict(text) == "ok");
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto document = read(text.substr(0, length));
    REQUIRE_FALSE(document.has_value());
    CHECK(document.error().place()->line == 1);
    CHECK(document.error().place()->column >= 1);
    CHECK(document.error().place()->column <= length + 1);
  }
}

TEST_CASE("values and keys know where they stood") {
  const auto document = read("{\n  \"a\": [1, \"x\",\n    {\"b\" : null}],\r\n  \"c\":true}");
  REQUIRE(document.has_value());
  const auto at = [&](std::uint32_t offset) { return document->place(offset).to_string(); };
  const Value& root = document->root;
  const Array& a = *root.find("a")->as_array();
  CHECK(at(root.offset()) == "f.json:1:1");
  CHECK(at((*root.as_object())[0].key_offset) == "f.json:2:3");
  CHECK(at(root.find("a")->offset()) == "f.json:2:8");
  CHECK(at(a[0].offset()) == "f.json:2:9");
  CHECK(at(a[1].offset()) == "f.json:2:12");
  CHECK(at(a[2].offset()) == "f.json:3:5");
  CHECK(at((*a[2].as_object())[0].key_offset) == "f.json:3:6");
  CHECK(at(a[2].find("b")->offset()) == "f.json:3:12");
  CHECK(at((*root.as_object())[1].key_offset) == "f.json:4:3");
  CHECK(at(root.find("c")->offset()) == "f.json:4:7");
  CHECK(document->place(*root.find("c"), "/c").to_string() == "f.json:4:7 (/c)");
  CHECK(document->place(Value::no_offset, "/x").to_string() == "f.json (/x)");
  CHECK(document->file() == "f.json");
}

TEST_CASE("the error has the code that was asked for") {
  CHECK(parse("x", "p", policy_limits, ErrorCode::invalid_policy).error().code() == ErrorCode::invalid_policy);
  CHECK(parse("x", "<request>", request_limits, ErrorCode::invalid_argument).error().why() == "<request>:1:1");
}

TEST_CASE("UTF-8 is what Unicode's table says") {
  for (const auto good : {""sv, "a\0b"sv, "\xc2\x80"sv, "\xe0\xa0\x80"sv, "\xed\x9f\xbf"sv, "\xee\x80\x80"sv,
                          "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv}) {
    CHECK(is_valid_utf8(good));
  }
  for (const auto bad : {"\x80"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xc2"sv, "\xc2\x7f"sv, "\xe0\x9f\xbf"sv,
                         "\xed\xa0\x80"sv, "\xe1\x80"sv, "\xf0\x8f\xbf\xbf"sv, "\xf4\x90\x80\x80"sv,
                         "\xf5\x80\x80\x80"sv, "\xff"sv, "\xf1\x80\x80"sv, "\xf1\x80\x80\x41"sv}) {
    CHECK_FALSE(is_valid_utf8(bad));
  }
}
