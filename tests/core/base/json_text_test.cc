#include <nlohmann/json.hpp>

#include "cowork/base/json.h"
#include "cowork/base/json_writer.h"
#include "reading.h"
#include "support/catch.h"

using namespace cowork::json;

TEST_CASE("strings are written with the escapes that RFC 8259 asks for, and no others") {
  const std::pair<std::string_view, const char*> rows[] = {
      {"", R"("")"},
      {"a\"b\\c/d", R"("a\"b\\c/d")"},
      {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {std::string_view("\0\x01\x1f", 3), R"("\u0000\u0001\u001f")"},
      {"\x7f", "\"\x7f\""},
      {"h\u00e9 \u4e2d \U0001F600", "\"h\u00e9 \u4e2d \U0001F600\""},
      {"\u2028\uFEFF", "\"\u2028\uFEFF\""},
      {"a\xff-\xc3", "\"a\uFFFD-\uFFFD\""},
      {"\xed\xa0\x80", "\"\uFFFD\uFFFD\uFFFD\""},
  };
  for (const auto& [text, expected] : rows) {
    CHECK(to_text(Value(text)) == expected);
    CHECK(nlohmann::json::accept(to_text(Value(text))));
  }
}

TEST_CASE("texts of every length are written, with what needs an escape at every place") {
  std::vector<std::size_t> sizes{1023, 1024, 1025, 4095, 4096, 4097, 9000};
  for (std::size_t size = 0; size <= 70; ++size) sizes.push_back(size);
  for (const std::size_t size : sizes) {
    std::string plain(size, 'x');
    for (std::size_t i = 0; i < size; ++i) plain[i] = static_cast<char>('a' + i % 26);
    CHECK(to_text(Value(plain)) == '"' + plain + '"');
    for (std::size_t at = size > 70 ? size - 20 : 0; at < size; ++at) {
      std::string text = plain;
      text[at] = '\n';
      CHECK(to_text(Value(text)) == '"' + plain.substr(0, at) + "\\n" + plain.substr(at + 1) + '"');
      text[at] = '\xff';
      CHECK(to_text(Value(text)) == '"' + plain.substr(0, at) + "\uFFFD" + plain.substr(at + 1) + '"');
    }
  }
}

TEST_CASE("a string of several texts is one string, as text and as a value") {
  std::string text;
  Writer(text).string({"/packs", "/", "a \"b\"", ""});
  CHECK(text == R"("/packs/a \"b\"")");
  ValueWriter value;
  value.string({"/packs", "/", "a \"b\"", ""});
  CHECK(to_text(value.take()) == text);
}

TEST_CASE("compact text is one line") {
  const Value value = Value::object({{"a", nullptr},
                                     {"b\n", Value::array({true, false, 1, -2.5, "x"})},
                                     {"c", Value::object()},
                                     {"d", Value::array()}});
  CHECK(to_text(value) == R"({"a":null,"b\n":[true,false,1,-2.5,"x"],"c":{},"d":[]})");
}

TEST_CASE("pretty text is indented by two and ends in a line feed") {
  const Value value = Value::object(
      {{"a", 1}, {"b", Value::array({1, Value::object({{"c", Value::array()}})})}, {"d", Value::object()}});
  CHECK(to_pretty_text(value) == R"({
  "a": 1,
  "b": [
    1,
    {
      "c": []
    }
  ],
  "d": {}
}
)");
  CHECK(to_pretty_text(Value()) == "null\n");
}

TEST_CASE("numbers are written as they were read") {
  for (const char* text : {"[1.0]", "[1E+2]", "[-0]", "[0.10]", "[123456789012345678901234567890]", "[1e-400]"}) {
    CHECK(to_text(read(text)->root) == text);
  }
}

TEST_CASE("what is written is read again as the same value") {
  const char* text = R"({"a":[1,2.50,{"b":"\u00e9\ud83d\ude00\n"}],"":{"":null},"z":"\u007f"})";
  const Value value = read(text)->root;
  CHECK(read(to_text(value))->root == value);
  CHECK(read(to_pretty_text(value))->root == value);
}

TEST_CASE("sixteen megabytes are written in linear time") {
  Array items(160'000, Value(std::string(100, '\\')));
  const Value value(std::move(items));
  std::string text;
  CHECK(seconds([&] { text = to_text(value); }) < 2);
  CHECK(text.size() == 160'000 * 203 + 1);
}

TEST_CASE("pointer steps are escaped") {
  CHECK(pointer_step("a") == "/a");
  CHECK(pointer_step("") == "/");
  CHECK(pointer_step("a/b~c~1") == "/a~1b~0c~01");
}
