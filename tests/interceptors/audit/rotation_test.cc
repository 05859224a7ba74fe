#include "rotation.h"

#include <cerrno>

#include "support/catch.h"
#include "trail_fixture.h"

using namespace cowork;
using namespace cowork::audit;

namespace {

constexpr std::uint64_t two_lines = 900;  // of about 390 bytes each

std::vector<std::string> file_names(const TrailFixture& fixture) {
  std::vector<std::string> names;
  const auto entries = fixture.disk->open("/home/u").value()->entries().value();
  for (const DirectoryEntry& entry : entries) names.push_back(entry.name);
  return names;
}

/// Sequence numbers of a file's lines.
std::vector<std::uint64_t> numbers(const TrailFixture& fixture, const std::string& name) {
  std::vector<std::uint64_t> result;
  for (const std::string& line : fixture.lines(name)) result.push_back(read_line(line)->place.seq);
  return result;
}

using Numbers = std::vector<std::uint64_t>;
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a full file is rotated and the chain goes on") {
  TrailFixture fixture(two_lines);
  fixture.append({"a", "b", "c", "d", "e"});
  CHECK(file_names(fixture) == Names{"audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.lock"});
  CHECK(numbers(fixture, "audit.jsonl.2") == Numbers{1, 2});
  CHECK(numbers(fixture, "audit.jsonl.1") == Numbers{3, 4});
  CHECK(numbers(fixture, "audit.jsonl") == Numbers{5});
  CHECK(fixture.fault().empty());
}

TEST_CASE("the oldest file goes when there are too many, and is not missed") {
  TrailFixture fixture(two_lines, 2);
  fixture.append({"a", "b", "c", "d", "e", "f", "g"});
  CHECK(file_names(fixture) == Names{"audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.lock"});
  CHECK(numbers(fixture, "audit.jsonl.2") == Numbers{3, 4});
  CHECK(fixture.head().start.seq == 2);
  CHECK(fixture.fault().empty());
}

TEST_CASE("fewer files may be kept from now on") {
  TrailFixture fixture(two_lines, 8);
  fixture.append({"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"});
  fixture.options.max_files = 1;
  fixture.append({"11"});
  CHECK(file_names(fixture) == Names{"audit.jsonl", "audit.jsonl.1", "audit.jsonl.lock"});
  CHECK(numbers(fixture, "audit.jsonl.1") == Numbers{9, 10});
  CHECK(fixture.fault().empty());
}

TEST_CASE("a line larger than a file may be has a file of its own") {
  TrailFixture fixture(100);
  fixture.append({"a", "b"});
  CHECK(numbers(fixture, "audit.jsonl.1") == Numbers{1});
  CHECK(numbers(fixture, "audit.jsonl") == Numbers{2});
  CHECK(fixture.fault().empty());
}

TEST_CASE("tampering with rotated files is found") {
  struct Row {
    const char* file;
    const char* keep;  ///< which of its two lines stay, and whether "x" is written for "ada"
    const char* fault;
  };
  const Row table[] = {
      {"audit.jsonl.2", "second", "audit.jsonl.2:1: line 1 is missing before it"},
      {"audit.jsonl.2", "first", "audit.jsonl.1:1: line 2 is missing before it"},
      {"audit.jsonl.2", "none", "audit.jsonl.1:1: lines 1 to 2 are missing before it"},
      {"audit.jsonl.1", "none", "audit.jsonl:1: lines 3 to 4 are missing before it"},
      {"audit.jsonl.1", "changed", "audit.jsonl.1:1: its content does not have the hash that it states"},
      {"audit.jsonl.1", "cut", "audit.jsonl.1:2: it does not end with a line feed"},
  };
  for (const auto& [file, keep, fault] : table) {
    CAPTURE(file, keep);
    TrailFixture fixture(two_lines);
    fixture.append({"a", "b", "c", "d", "e"});
    std::vector<std::string> lines = fixture.lines(file);
    const std::string how = keep;
    if (how == "second") fixture.plant_lines({lines[1]}, file);
    if (how == "first") fixture.plant_lines({lines[0]}, file);
    if (how == "none") REQUIRE(fixture.disk->open("/home/u").value()->remove(file));
    if (how == "changed") lines[0].replace(lines[0].find("ada"), 3, "bob"), fixture.plant_lines(lines, file);
    if (how == "cut") fixture.plant(lines[0] + "\n" + lines[1].substr(0, 50), file);
    CHECK(fixture.fault() == fault);
  }
}

TEST_CASE("a rotation that was interrupted at any step is completed by the next line") {
  bool interrupted = true;
  for (unsigned step = 1; interrupted; ++step) {
    CAPTURE(step);
    TrailFixture fixture(two_lines, 2);
    fixture.append({"a", "b", "c", "d", "e", "f"});
    unsigned steps = 0;
    fixture.disk->set_fault([&](std::string_view operation, std::string_view) -> std::optional<int> {
      const bool counts =
          operation == "remove" || operation == "rename" || operation == "append" || operation == "lock-write";
      // From this step on nothing works any more, as if the process had been killed.
      return counts && ++steps >= step ? std::optional(EIO) : std::nullopt;
    });
    const Result<std::string> killed = fixture.append({"g"});
    interrupted = steps >= step;
    fixture.disk->set_fault({});
    CHECK(fixture.fault().empty());
    const std::uint64_t due = killed ? 8 : 7;
    CHECK(fixture.append({"h"}).value().empty());
    CHECK(fixture.head().last.seq == due);
    CHECK(fixture.fault().empty());
    CHECK(file_names(fixture) == Names{"audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.lock"});
  }
}
