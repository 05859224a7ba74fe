#include "verify.h"

#include <functional>

#include "support/catch.h"
#include "trail_fixture.h"

using namespace cowork;
using namespace cowork::audit;

namespace {

using Lines = std::vector<std::string>;

/// Writes the lines of `from` (an index) on anew, so that each has the right hash again.
void chain_anew(Lines& lines, std::size_t from) {
  for (std::size_t i = from; i < lines.size(); ++i) {
    const auto before = i == 0 ? Link{} : read_line(lines[i - 1])->place;
    Link place;
    const std::string line = chained_line(sample_record("pluginPack:toggle", "forged"), before, place);
    lines[i] = line.substr(0, line.size() - 1);
  }
}

struct Tampering {
  const char* name;
  std::function<void(Lines&)> change;
  const char* fault;
};

}  // namespace

TEST_CASE("a trail that nobody touched is verified") {
  TrailFixture fixture;
  CHECK(fixture.fault().empty());
  fixture.append({"a", "b", "c"});
  CHECK(fixture.lines().size() == 3);
  CHECK(fixture.fault().empty());
}

TEST_CASE("tampering is found where it was done") {
  const Tampering table[] = {
      {"a word changed", [](Lines& l) { l[2].replace(l[2].find("ada"), 3, "bob"); },
       "audit.jsonl:3: its content does not have the hash that it states"},
      {"a line changed, its hash made to fit",
       [](Lines& l) {
         Lines one(l.begin(), l.begin() + 3);
         chain_anew(one, 2);
         l[2] = one[2];
       },
       "audit.jsonl:4: it does not follow the line before it, which was changed"},
      {"a line changed, all after it made to fit", [](Lines& l) { chain_anew(l, 2); },
       "audit.jsonl:5: it is not the line that the head knows"},
      {"the first line taken out", [](Lines& l) { l.erase(l.begin()); }, "audit.jsonl:1: line 1 is missing before it"},
      {"the first lines taken out", [](Lines& l) { l.erase(l.begin(), l.begin() + 2); },
       "audit.jsonl:1: lines 1 to 2 are missing before it"},
      {"a line in the middle taken out", [](Lines& l) { l.erase(l.begin() + 2); },
       "audit.jsonl:3: line 3 is missing before it"},
      {"the last line taken out", [](Lines& l) { l.pop_back(); }, "audit.jsonl:5: line 5 is missing at the end"},
      {"the last lines taken out", [](Lines& l) { l.resize(2); }, "audit.jsonl:3: lines 3 to 5 are missing at the end"},
      {"everything taken out", [](Lines& l) { l.clear(); }, "audit.jsonl:1: lines 1 to 5 are missing at the end"},
      {"two lines exchanged", [](Lines& l) { std::swap(l[1], l[2]); }, "audit.jsonl:2: line 2 is missing before it"},
      {"a line doubled", [](Lines& l) { l.insert(l.begin() + 3, l[2]); },
       "audit.jsonl:4: it has the number 3 where 4 was due"},
      {"a line of anything put in", [](Lines& l) { l.insert(l.begin() + 1, "{}"); },
       "audit.jsonl:2: it is no line of an audit trail"},
      {"an empty line put in", [](Lines& l) { l.insert(l.begin() + 1, ""); },
       "audit.jsonl:2: it is no line of an audit trail"},
      {"a good line added",
       [](Lines& l) {
         l.emplace_back();
         chain_anew(l, 5);
       },
       "audit.jsonl:6: it stands after the last line that the head knows"},
  };
  for (const Tampering& tampering : table) {
    CAPTURE(tampering.name);
    TrailFixture fixture;
    fixture.append({"a", "b", "c", "d", "e"});
    Lines lines = fixture.lines();
    tampering.change(lines);
    fixture.plant_lines(lines);
    CHECK(fixture.fault() == tampering.fault);
  }
}

TEST_CASE("a file that was cut is found at every length") {
  TrailFixture fixture;
  fixture.append({"a", "b"});
  const std::string whole = fixture.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    fixture.plant(whole.substr(0, size));
    CAPTURE(size);
    CHECK_FALSE(fixture.fault().empty());
  }
}

TEST_CASE("every bit of a trail counts") {
  TrailFixture fixture;
  fixture.append({"a", "b"});
  const std::string whole = fixture.bytes();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    fixture.plant(flipped);
    CAPTURE(at);
    CHECK_FALSE(fixture.fault().empty());
  }
}

TEST_CASE("a trail without its head is said to be one") {
  TrailFixture fixture;
  fixture.append({"a", "b"});
  for (const char* garbage : {"", "{}", "{\"version\":2}", "\n"}) {
    fixture.plant(garbage, "audit.jsonl.lock");
    CHECK(fixture.fault() == "audit.jsonl.lock:0: the head is missing, so lines may be missing at the end");
  }
}

TEST_CASE("what a longer head left behind in the lock file does not count") {
  TrailFixture fixture;
  fixture.append({"a", "b"});
  fixture.plant(fixture.bytes("audit.jsonl.lock") + "0,\"hash\":\"\"}\n", "audit.jsonl.lock");
  CHECK(fixture.fault().empty());
}

TEST_CASE("a line that the head announced may be there, in part or not at all") {
  TrailFixture fixture;
  fixture.append({"a", "b"});
  const Head before = fixture.head();
  const std::string bytes_before = fixture.bytes();
  fixture.append({"c"});
  const std::string whole = fixture.bytes();
  Head announcing = before;
  announcing.next = fixture.head().last;
  fixture.plant_head(announcing);
  for (std::size_t size = bytes_before.size(); size <= whole.size(); ++size) {
    fixture.plant(whole.substr(0, size));
    CAPTURE(size);
    CHECK(fixture.fault().empty());
  }
  Link forged;
  fixture.plant(bytes_before + chained_line(sample_record("x", "forged"), before.last, forged));
  CHECK(fixture.fault() == "audit.jsonl:3: it stands after the last line that the head knows");
}

TEST_CASE("after the machine was started anew, lines may go on from an older head") {
  TrailFixture fixture;
  fixture.disk->plant_file("/proc/sys/kernel/random/boot_id", "one\n");
  fixture.append({"a", "b"});
  const Head old = fixture.head();
  CHECK(old.boot == "one");
  fixture.append({"c", "d"});
  fixture.plant_head(old);
  CHECK(fixture.fault() == "audit.jsonl:3: it stands after the last line that the head knows");
  fixture.disk->plant_file("/proc/sys/kernel/random/boot_id", "two\n");
  CHECK(fixture.fault().empty());
  Lines lines = fixture.lines();
  lines.resize(1);
  fixture.plant_lines(lines);
  CHECK(fixture.fault() == "audit.jsonl:2: line 2 is missing at the end");
}
