#include "record.h"

#include "cowork/base/json_reader.h"
#include "cowork/base/sha256.h"
#include "support/catch.h"
#include "trail_fixture.h"

using namespace cowork;
using namespace cowork::audit;

namespace {

const std::string zeros(64, '0');

std::string without_line_feed(std::string line) {
  REQUIRE(line.ends_with('\n'));
  line.pop_back();
  return line;
}

}  // namespace

TEST_CASE("a line has the members of the specification in its order") {
  Record record = sample_record();
  record.parent = "0badcafe-0";
  record.verdict = "denied";
  record.code = "policy-denied";
  record.rule = Rule{"packs.blocked", "user", {"/home/u/policies.json", 3, 9, "/packs/blocked/0"}};
  Link place;
  const std::string line = without_line_feed(chained_line(record, {}, place));
  CHECK(line == R"({"seq":1,"time":"2025-01-15T12:00:00.000Z","id":"0badcafe-1","parent":"0badcafe-0",)"
                R"("operation":"pluginPack:toggle","subject":"alpha","actor":"ada","entry":"c++","verdict":"denied",)"
                R"("code":"policy-denied","rule":{"layer":"user","file":"/home/u/policies.json","line":3,)"
                R"("pointer":"/packs/blocked/0"},"policyRevision":"r1","micros":7,"prev":")" +
                    zeros + R"(","hash":")" + place.hash + R"("})");
}

TEST_CASE("the hash is that of prev and the line without its hash") {
  Link first, second;
  const std::string one = chained_line(sample_record(), {}, first);
  const std::string two = without_line_feed(chained_line(sample_record(), first, second));
  const std::string unhashed = two.substr(0, two.find(",\"hash\":")) + "}";
  CHECK(second.seq == 2);
  CHECK(second.hash == sha256_hex(first.hash + unhashed));
  CHECK(two.ends_with("\"prev\":\"" + first.hash + "\",\"hash\":\"" + second.hash + "\"}"));
}

TEST_CASE("what was written is read again") {
  Link place;
  const std::string line = without_line_feed(chained_line(sample_record(), {41, std::string(64, 'a')}, place));
  const auto read = read_line(line);
  REQUIRE(read);
  CHECK(read->place == place);
  CHECK(read->place.seq == 42);
  CHECK(read->prev == std::string(64, 'a'));
  CHECK(read->intact);
}

TEST_CASE("a changed line is not intact, and other text is no line") {
  Link place;
  const std::string line = without_line_feed(chained_line(sample_record(), {}, place));
  std::string changed = line;
  changed.replace(changed.find("alpha"), 5, "gamma");
  REQUIRE(read_line(changed));
  CHECK_FALSE(read_line(changed)->intact);
  for (const std::string& text : {std::string(), std::string("{}"), line.substr(1), line.substr(0, line.size() - 1),
                                  line + " ", std::string(R"({"seq":-1,)") + line.substr(9),
                                  std::string(R"({"seq":99999999999999999999,)") + line.substr(9)}) {
    CAPTURE(text);
    CHECK_FALSE(read_line(text));
  }
}

TEST_CASE("whatever a text holds, the line is one line of JSON") {
  struct Row {
    std::string subject, read;
  };
  const std::string long_text(5000, 'x');
  for (const auto& [subject, expected] :
       {Row{"a\nb\"c\\", "a\nb\"c\\"}, Row{"\xff", R"(\xff)"}, Row{long_text, long_text.substr(0, 4096) + "…"},
        Row{long_text.substr(0, 4095) + "ä", long_text.substr(0, 4095) + "…"}}) {
    Link place;
    const std::string line = without_line_feed(chained_line(sample_record("x", subject), {}, place));
    CHECK(line.find('\n') == std::string::npos);
    const auto document = json::parse(line, "line", json::request_limits, ErrorCode::integrity);
    REQUIRE(document);
    CHECK(*document->root.find("subject")->as_string() == expected);
    CHECK(read_line(line)->intact);
  }
}
