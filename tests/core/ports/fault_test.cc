// Every system call of every change fails once: what was there is there, and nobody is told otherwise.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <set>

#include "disk_worlds.h"
#include "support/catch.h"
#include "system_call_faults.h"

using cowork::Directory;
using cowork::RenameMode;
using cowork::Result;
using cowork::testing::faults;
using cowork::testing::Faults;
using cowork::testing::make_world;
using cowork::testing::said;
using cowork::testing::snapshot;
using cowork::testing::WorldKind;

namespace {

constexpr std::size_t plenty = 1 << 20;

struct FaultsOff {
  FaultsOff() = default;
  ~FaultsOff() { faults() = {}; }
  FaultsOff(const FaultsOff&) = delete;
  FaultsOff& operator=(const FaultsOff&) = delete;
};

void arm(int countdown, int error_number) {
  faults() = {};
  faults().countdown = countdown;
  faults().error_number = error_number;
}

struct Change {
  std::string name;
  std::function<Result<void>(Directory&)> apply;
};

const std::vector<Change>& changes() {
  static const std::vector<Change> table{
      {"replace", [](Directory& top) { return top.replace("file", "the new one", 0644); }},
      {"replace, new", [](Directory& top) { return top.replace("d/other", "the new one", 0644); }},
      {"write_new", [](Directory& top) { return top.write_new("d/other", "the new one", 0644); }},
      {"make_directory", [](Directory& top) { return top.make_directory("d/other", 0777); }},
      {"truncate", [](Directory& top) { return top.truncate("file", 1); }},
      {"rename", [](Directory& top) { return top.rename("file", top, "d/moved", RenameMode::no_replace); }},
      {"exchange", [](Directory& top) { return top.rename("file", top, "d", RenameMode::exchange); }},
  };
  return table;
}

void furnish(Directory& top) {
  REQUIRE(top.make_directory("d", 0755));
  REQUIRE(top.write_new("d/kept", "k", 0644));
  REQUIRE(top.write_new("file", "the old one", 0600));
}

}  // namespace

TEST_CASE("a change whose system call fails is reported and leaves the disk as it was", "[ports]") {
  const FaultsOff off;
  const auto kind = GENERATE(WorldKind::real, WorldKind::real_by_component);
  const int error_number = GENERATE(EIO, ENOSPC);
  int injected = 0;
  for (const Change& change : changes()) {
    bool reached = true;
    for (int nth = 1; reached; ++nth) {
      const auto world = make_world(kind);
      const auto top = world->top();
      furnish(*top);
      const std::string before = snapshot(*top);
      arm(nth, error_number);
      const auto result = change.apply(*top);
      reached = faults().countdown == 0;
      const std::string failed_call = faults().failed_call;
      faults() = {};
      CAPTURE(change.name, nth, failed_call);
      if (!reached) {
        CHECK(said(result) == "success");
        CHECK(snapshot(*top) != before);
        break;
      }
      ++injected;
      // ftruncate's fsync comes too late to take the cut back; it must be told all the same.
      const bool cut = change.name == "truncate" && failed_call == "fsync";
      if (result) {
        CHECK(failed_call == "renameat2");  // without exchange it can be done as well
        CHECK(snapshot(*top) != before);
      } else {
        CHECK(result.error().code() == cowork::ErrorCode::io);
        CHECK(result.error().message().find(world->root()) != std::string::npos);
        if (!cut) CHECK(snapshot(*top) == before);
      }
    }
  }
  CHECK(injected > 30);
}

TEST_CASE("a directory that is made on the way is synced into the one above", "[ports]") {
  const FaultsOff off;
  std::set<std::string> failed_calls;
  for (int nth = 1;; ++nth) {
    const auto world = make_world(WorldKind::real);
    arm(nth, EIO);
    const auto made = world->disk().open_or_make(world->at("home/deep"), 0700);
    const bool reached = faults().countdown == 0;
    const std::string failed_call = faults().failed_call;
    faults() = {};
    if (!reached) {
      CHECK(said(made) == "success");
      break;
    }
    failed_calls.insert(failed_call);
    CAPTURE(nth, failed_call);
    REQUIRE_FALSE(made);
    CHECK(made.error().code() == cowork::ErrorCode::io);
  }
  CHECK(failed_calls.count("fsync") == 1);
}

TEST_CASE("a write removes the temporary files of writers that died, and nobody else's", "[ports]") {
  const auto world = make_world(WorldKind::real);
  const auto top = world->top();
  const std::string left = ".cowork-tmp-0123456789abcdef0123456789abcdef";
  REQUIRE(top->write_new(left, "half", 0600));
  REQUIRE(top->write_new(".cowork-tmp-mine", "kept", 0600));
  REQUIRE(top->make_directory(".cowork-tmp-fedcba9876543210fedcba9876543210", 0700));
  const int writer = ::open(world->root().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  REQUIRE(::flock(writer, LOCK_SH) == 0);
  REQUIRE(top->replace("file", "while somebody else writes", 0600));
  CHECK(top->status(left));
  REQUIRE(::close(writer) == 0);
  REQUIRE(top->replace("file", "alone", 0600));
  CHECK(top->status(left).error().code() == cowork::ErrorCode::not_found);
  CHECK(top->entries().value().size() == 3);
}

TEST_CASE("an append that failed can be taken back", "[ports]") {
  const FaultsOff off;
  for (int nth = 1;; ++nth) {
    const auto world = make_world(WorldKind::real);
    const auto top = world->top();
    furnish(*top);
    const std::string before = snapshot(*top);
    arm(nth, ENOSPC);
    const auto result = top->append("file", "; more", 0600);
    const bool reached = faults().countdown == 0;
    faults() = {};
    if (!reached) {
      CHECK(said(result) == "success");
      CHECK(nth > 2);
      break;
    }
    CHECK(said(result) == "io: cannot append to " + world->named("file") + ": No space left on device");
    REQUIRE(top->truncate("file", 11));
    CHECK(snapshot(*top) == before);
  }
}

TEST_CASE("interruptions and short writes change nothing", "[ports]") {
  const FaultsOff off;
  const auto world = make_world(GENERATE(WorldKind::real, WorldKind::real_by_component));
  const auto top = world->top();
  furnish(*top);
  faults().interrupted_and_short = true;
  CHECK(said(top->replace("file", "the new one", 0644)) == "success");
  CHECK(said(top->write_new("other", "0123456789", 0640)) == "success");
  CHECK(said(top->append("other", "abcdef", 0644)) == "success");
  CHECK(said(top->append("fresh", "abcdef", 0644)) == "success");
  CHECK(said(top->truncate("fresh", 4)) == "success");
  CHECK(said(top->make_directory("e", 0777)) == "success");
  CHECK(said(top->rename("e", *top, "d/e", RenameMode::no_replace)) == "success");
  {
    const auto lock = top->lock("lock", {});
    REQUIRE(said(lock) == "success");
    CHECK((*lock)->write("0123456789"));
    CHECK((*lock)->write("short"));
    CHECK((*lock)->read().value() == "short");
  }
  CHECK(top->read("file", plenty).value() == "the new one");
  CHECK(top->sync());
  CHECK(said(top->remove("d")) == "success");
  faults() = {};
  CHECK(snapshot(*top) == "file the new one 420\nfresh abcd 420\nlock short 384\nother 0123456789abcdef 416\n");
}

TEST_CASE("replace works where files cannot be exchanged", "[ports]") {
  const FaultsOff off;
  const auto world = make_world(WorldKind::real);
  const auto top = world->top();
  REQUIRE(top->replace("file", "old", 0644));
  faults().no_exchange = true;
  CHECK(said(top->replace("file", "new", 0644)) == "success");
  faults() = {};
  CHECK(snapshot(*top) == "file new 420\n");
}

TEST_CASE("without openat2 every step is walked, and links are refused all the same", "[ports]") {
  const FaultsOff off;
  const int error_number = GENERATE(ENOSYS, EPERM, EAGAIN);
  const auto world = make_world(WorldKind::real);
  const auto top = world->top();
  furnish(*top);
  world->plant_link("linked", "d");
  faults() = {};
  faults().openat2_error = error_number;
  CHECK(top->read("d/kept", plenty).value() == "k");
  CHECK(faults().openat2_calls == 1);
  CHECK(said(top->read("linked/kept", plenty)) ==
        "invalid-argument: " + world->named("linked") + " is a link; links are not followed here");
  CHECK(world->disk().open(world->at("linked")).value()->path() == world->at("d"));
}

TEST_CASE("with openat2 a path is one call", "[ports]") {
  const FaultsOff off;
  const auto world = make_world(WorldKind::real);
  const auto top = world->top();
  furnish(*top);
  faults() = {};
  CHECK(top->read("d/kept", plenty));
  if (faults().openat2_calls != 1) WARN("skipped: no openat2 here");
}
