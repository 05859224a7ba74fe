#include "trail.h"

#include <algorithm>
#include <cerrno>

#include "support/catch.h"
#include "trail_fixture.h"

using namespace cowork;
using namespace cowork::audit;

namespace {

/// Fails `operation` with `error_number`.
MemoryDisk::Fault failing(std::string operation, int error_number) {
  return
      [operation = std::move(operation), error_number](std::string_view asked, std::string_view) -> std::optional<int> {
        return asked == operation ? std::optional(error_number) : std::nullopt;
      };
}

}  // namespace

TEST_CASE("the first line makes the directory, for its owner alone") {
  TrailFixture fixture;
  REQUIRE(fixture.append({"a"}));
  const auto directory = fixture.disk->open("/home/u").value();
  CHECK(directory->status("").value().mode == 0700);
  CHECK(directory->status("audit.jsonl").value().mode == 0600);
  CHECK(directory->status("audit.jsonl.lock").value().mode == 0600);
}

TEST_CASE("reading makes nothing") {
  TrailFixture fixture;
  fixture.disk->plant_file("/home/u/other", "");
  const std::uint64_t steps = fixture.disk->steps();
  CHECK(fixture.fault().empty());
  CHECK(fixture.disk->steps() == steps);
}

TEST_CASE("a line costs one lock, one append and two writes of the head") {
  TrailFixture fixture;
  fixture.append({"a"});
  std::vector<std::string> asked;
  fixture.disk->set_fault([&](std::string_view operation, std::string_view) -> std::optional<int> {
    asked.emplace_back(operation);
    return std::nullopt;
  });
  Trail trail(fixture.options);
  asked.clear();
  REQUIRE(trail.append(sample_record()));
  CHECK(asked == std::vector<std::string>{"open_or_make", "lock", "lock-read", "status", "lock-write", "append",
                                          "append-half", "lock-write"});
}

TEST_CASE("the first head is synced before the first line, and later heads fill the same bytes") {
  TrailFixture fixture;
  std::vector<std::string> asked;
  fixture.disk->set_fault([&](std::string_view operation, std::string_view) -> std::optional<int> {
    asked.emplace_back(operation);
    return std::nullopt;
  });
  Trail trail(fixture.options);
  REQUIRE(trail.append(sample_record()));
  const auto first = [&](const std::string& operation) { return std::find(asked.begin(), asked.end(), operation); };
  CHECK(first("lock-write") < first("truncate"));
  CHECK(first("truncate") < first("sync"));
  CHECK(first("sync") < first("append"));
  CHECK(first("append") != asked.end());
  const std::size_t size = fixture.bytes("audit.jsonl.lock").size();
  asked.clear();
  for (int more = 0; more < 20; ++more) REQUIRE(trail.append(sample_record()));
  CHECK(first("sync") == asked.end());
  CHECK(fixture.bytes("audit.jsonl.lock").size() == size);
}

TEST_CASE("a line that could not be written leaves nothing behind") {
  struct Row {
    const char* operation;
    int error_number;
    const char* message;
  };
  for (const auto& [operation, error_number, message] :
       {Row{"append", ENOSPC, "cannot append to \"/home/u/audit.jsonl\": No space left on device"},
        Row{"append-half", EIO, "cannot append to \"/home/u/audit.jsonl\": Input/output error"},
        Row{"lock", EROFS, "cannot lock \"/home/u/audit.jsonl.lock\": Read-only file system"},
        Row{"lock-write", ENOSPC, "cannot write \"/home/u/audit.jsonl.lock\": No space left on device"}}) {
    CAPTURE(operation);
    TrailFixture fixture;
    fixture.append({"a", "b"});
    const std::string before = fixture.bytes();
    fixture.disk->set_fault(failing(operation, error_number));
    const auto result = fixture.append({"c"});
    REQUIRE_FALSE(result);
    CHECK(result.error().message() == message);
    fixture.disk->set_fault({});
    CHECK(fixture.bytes() == before);
    CHECK(fixture.fault().empty());
    CHECK(fixture.append({"d"}).value().empty());
    CHECK(fixture.lines().size() == 3);
    CHECK(fixture.fault().empty());
  }
}

TEST_CASE("half a line that could not even be taken back is cut off by the next one") {
  TrailFixture fixture;
  fixture.append({"a", "b"});
  const std::size_t before = fixture.bytes().size();
  fixture.disk->set_fault([](std::string_view operation, std::string_view) -> std::optional<int> {
    return operation == "append-half" || operation == "truncate" ? std::optional(EIO) : std::nullopt;
  });
  REQUIRE_FALSE(fixture.append({"c"}));
  fixture.disk->set_fault({});
  CHECK(fixture.bytes().size() > before);
  CHECK(fixture.fault().empty());
  CHECK(fixture.append({"d"}).value().empty());
  CHECK(fixture.lines().size() == 3);
  CHECK(fixture.fault().empty());
}

TEST_CASE("a process that is killed at any step leaves a trail that goes on") {
  TrailFixture model;
  model.append({"a", "b"});
  const Head before = model.head();
  const std::string bytes_before = model.bytes();
  model.append({"c"});
  const std::string whole = model.bytes();
  Head announcing = before;
  announcing.next = model.head().last;
  for (std::size_t size = bytes_before.size(); size <= whole.size(); size += 7) {
    CAPTURE(size);
    TrailFixture fixture;
    fixture.plant(whole.substr(0, size));
    fixture.plant_head(announcing);
    CHECK(fixture.append({"d"}).value().empty());
    CHECK(fixture.lines().size() == 3);
    CHECK(fixture.fault().empty());
  }
  TrailFixture fixture;
  fixture.plant(whole);
  fixture.plant_head(announcing);
  CHECK(fixture.append({"d"}).value().empty());
  CHECK(fixture.lines().size() == 4);
  CHECK(fixture.fault().empty());
}

TEST_CASE("a trail that was tampered with goes on, says so, and the break stays") {
  struct Row {
    const char* name;
    std::string (*change)(std::string);
    const char* warning;
    const char* fault;
  };
  const Row table[] = {
      {"the last line taken out", [](std::string text) { return text.substr(0, text.find('\n') + 1); },
       "the audit trail is not as it was written: /home/u/audit.jsonl:2: line 2 is missing at the end",
       "audit.jsonl:2: line 2 is missing before it"},
      {"cut inside a line", [](std::string text) { return text.substr(0, text.size() - 9); },
       "the audit trail is not as it was written: /home/u/audit.jsonl:2: it does not end with a line feed",
       "audit.jsonl:2: it is no line of an audit trail"},
      {"a line added", [](std::string text) { return text + "{}\n"; },
       "the audit trail is not as it was written: /home/u/audit.jsonl:3: it is no line of an audit trail",
       "audit.jsonl:3: it is no line of an audit trail"},
      {"all taken out", [](std::string) { return std::string(); },
       "the audit trail is not as it was written: /home/u/audit.jsonl:1: lines 1 to 2 are missing at the end",
       "audit.jsonl:1: lines 1 to 2 are missing before it"},
  };
  for (const Row& row : table) {
    CAPTURE(row.name);
    TrailFixture fixture;
    fixture.append({"a", "b"});
    fixture.plant(row.change(fixture.bytes()));
    CHECK(fixture.append({"c"}).value() == row.warning);
    CHECK(fixture.fault() == row.fault);
    CHECK(fixture.append({"d"}).value().empty());
    CHECK(fixture.fault() == row.fault);
    CHECK(fixture.head().last.seq == 4);
  }
}

TEST_CASE("a lost head is made anew from the trail") {
  TrailFixture fixture;
  fixture.append({"a", "b"});
  fixture.plant("", "audit.jsonl.lock");
  CHECK(fixture.append({"c"}).value() == "the audit trail had lost its head, and goes on from its last line");
  CHECK(fixture.head().last.seq == 3);
  CHECK(fixture.fault().find("the head was lost after line 2, so lines may be missing there") != std::string::npos);
  CHECK(fixture.append({"d"}).value().empty());
  CHECK_FALSE(fixture.fault().empty());
}
