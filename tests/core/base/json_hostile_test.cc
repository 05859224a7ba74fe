// HOSTILE.md, "JSON": each refused in under a second, and never a crash. The short ones stand in json_reader_test.cc.
#include "reading.h"
#include "support/catch.h"

using namespace cowork::json;

namespace {

std::string timed_verdict(std::string_view text, const Limits& limits = manifest_limits) {
  std::string said;
  CHECK(seconds([&] { said = verdict(text, limits); }) < 1);
  return said;
}

std::string repeated(std::string_view part, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

}  // namespace

TEST_CASE("a million opening brackets") {
  CHECK(timed_verdict(std::string(1'000'000, '[')).ends_with("nested deeper than 64 levels"));
  CHECK(timed_verdict(repeated("{\"a\":", 200'000)).ends_with("nested deeper than 64 levels"));
}

TEST_CASE("a number of ten thousand digits") {
  CHECK(timed_verdict("[" + std::string(10'000, '9') + "]") == "f.json:1:2 (/0): number longer than 512 bytes");
  CHECK(timed_verdict("[1e" + std::string(10'000, '0') + "]") == "f.json:1:2 (/0): number longer than 512 bytes");
}

TEST_CASE("one byte more than a mebibyte") {
  const std::string text = "\"" + std::string((1u << 20) - 2, 'x') + "\"";
  CHECK(timed_verdict(text) == "ok");
  CHECK(timed_verdict(text + " ") == "f.json:1:1048577: larger than 1048576 bytes");
}

TEST_CASE("more values than allowed") {
  CHECK(timed_verdict("[" + repeated("1,", 99'998) + "1]") == "ok");
  CHECK(timed_verdict("[" + repeated("1,", 99'999) + "1]") == "f.json:1:200000 (/99999): more than 100000 values");
}

TEST_CASE("an object of very many keys, the last twice") {
  std::string text = "{";
  for (int i = 0; i < 90'000; ++i) text += "\"" + std::to_string(i) + "\":0,";
  CHECK(timed_verdict(text + "\"x\":0}") == "ok");
  CHECK(timed_verdict(text + "\"89999\":0}").ends_with("duplicate key \"89999\""));
}

TEST_CASE("an open string, escapes, line feeds and white space without end") {
  CHECK(timed_verdict("\"" + std::string(1'000'000, 'x')) == "f.json:1:1000002: expected '\"' at the end of a string");
  CHECK(timed_verdict("\"" + repeated("\\\"", 500'000)) == "f.json:1:1000002: expected '\"' at the end of a string");
  CHECK(timed_verdict("\"" + repeated("\\u0041", 170'000) + "\"") == "ok");
  CHECK(timed_verdict(std::string(1'000'000, '\n')) == "f.json:1000001:1: the document is empty");
  CHECK(timed_verdict("[" + repeated("1,\n", 90'000) + "x]") == "f.json:90001:1 (/90000): expected a value");
}

TEST_CASE("sixteen mebibytes of policy are read in linear time") {
  std::string text = "[";
  while (text.size() < (16u << 20) - 100) text += "\"an-identifier-of-a-pack-that-is-blocked\",\n";
  const auto document = read(text + "1]", policy_limits);
  REQUIRE(document.has_value());
  CHECK(document->root.as_array()->size() > 380'000);
}
