// What happens when the disk fails.
#include <cerrno>
#include <cstdlib>

#include "home.h"

namespace cowork::test {
namespace {

/// Lets one operation fail, on paths that end so.
MemoryDisk::Fault failing(std::string operation, std::string end, int error_number) {
  return [operation = std::move(operation), end = std::move(end), error_number](
             std::string_view asked, std::string_view path) -> std::optional<int> {
    if (asked == operation && path.ends_with(end)) return error_number;
    return std::nullopt;
  };
}

TEST_CASE("A file that can't be read is an error, not the defaults") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", false)).has_value());
  home.disk->set_fault(failing("read", "/pack-states.json", EIO));
  std::vector<Diagnostic> incidents;
  const auto state = home.toggles().load(incidents);
  REQUIRE_FALSE(state.has_value());
  CHECK(state.error().code() == ErrorCode::io);
  CHECK(incidents.empty());
}

TEST_CASE("A home that can't be opened is an error, and has a fingerprint of its own") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", false)).has_value());
  const std::uint64_t before = home.toggles().fingerprint();
  home.disk->set_fault(failing("open", ".cowork", EACCES));
  std::vector<Diagnostic> incidents;
  CHECK_FALSE(home.toggles().load(incidents).has_value());
  CHECK(home.toggles().fingerprint() != before);
  CHECK(home.toggles().fingerprint() != 0);
}

TEST_CASE("A save that fails leaves the file as it was") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", false)).has_value());
  const std::string before = home.read("pack-states.json");
  const auto [operation, end] = GENERATE(table<std::string, std::string>({
      {"open_or_make", ".cowork"},
      {"lock", "/pack-states.json.lock"},
      {"replace", "/pack-states.json"},
  }));
  home.disk->set_fault(failing(operation, end, ENOSPC));
  const auto saved = home.toggles().save(toggled("a", true));
  REQUIRE_FALSE(saved.has_value());
  CHECK(saved.error().code() == ErrorCode::io);
  home.disk->set_fault(nullptr);
  CHECK(home.read("pack-states.json") == before);
  CHECK(home.read("pack-states.json.last-good") == before);
}

TEST_CASE("A last good copy that could not be refreshed is told by the next load, once") {
  const Home home;
  ToggleStore store = home.toggles();
  home.disk->set_fault(failing("replace", ".last-good", ENOSPC));
  REQUIRE(store.save(toggled("a", false)).has_value());
  home.disk->set_fault(nullptr);
  std::vector<Diagnostic> incidents;
  REQUIRE(store.load(incidents).has_value());
  REQUIRE(incidents.size() == 1);
  CHECK(incidents[0].severity == Severity::warning);
  CHECK(incidents[0].code == "state-copy-failed");
  CHECK(incidents[0].message == "the last good copy of pack-states.json is out of date: cannot replace \"" + home.path +
                                    "/pack-states.json.last-good\": No space left on device");
  CHECK(incidents[0].place.file == home.path + "/pack-states.json.last-good");
  incidents.clear();
  REQUIRE(store.load(incidents).has_value());
  CHECK(incidents.empty());
}

TEST_CASE("Where nothing can be moved aside the last good copy is used all the same, and told each time") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", false)).has_value());
  home.plant("pack-states.json", "{");
  const auto [operation, error_number, reason] = GENERATE(table<std::string, int, std::string>({
      {"lock", EROFS, "cannot lock \"/home/ada/.cowork/pack-states.json.lock\": Read-only file system"},
      {"write_new", ENOSPC,
       "cannot write \"/home/ada/.cowork/pack-states.json.corrupt-1736942400000\": No space left on device"},
      {"rename", EIO, "cannot rename \"/home/ada/.cowork/pack-states.json.corrupt-1736942400000\": Input/output error"},
  }));
  home.disk->set_fault(failing(operation, "", error_number));
  for (int i = 0; i < 2; ++i) {
    const auto loaded = load(home.toggles());
    CHECK(loaded.state->pack("a") == false);
    REQUIRE(loaded.incidents.size() == 1);
    CHECK(loaded.incidents[0].message ==
          "pack-states.json is corrupt: expected a key in quotation marks or '}'; it could not be moved aside (" +
              reason + "); the last good copy is in force");
  }
  CHECK(home.read("pack-states.json") == "{");
  CHECK(home.names() ==
        std::vector<std::string>{"pack-states.json", "pack-states.json.last-good", "pack-states.json.lock"});
}

TEST_CASE("A last good copy that can't be read is a loss, and the reason is told") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", true)).has_value());
  home.plant("pack-states.json", "{");
  home.disk->set_fault(failing("read", ".last-good", EIO));
  const auto loaded = load(home.toggles());
  CHECK_FALSE(loaded.state->user_packs_default_on);
  REQUIRE(loaded.incidents.size() == 1);
  CHECK(loaded.incidents[0].message ==
        "pack-states.json is corrupt: expected a key in quotation marks or '}'; it was moved to "
        "pack-states.json.corrupt-1736942400000; the last good copy can't be used (cannot read "
        "\"/home/ada/.cowork/pack-states.json.last-good\": Input/output error): user packs stay off until they are "
        "toggled again");
}

TEST_CASE("The real disk keeps toggles too") {
  char name[] = "/tmp/cowork-state-XXXXXX";
  REQUIRE(::mkdtemp(name) != nullptr);
  const std::string home = std::string(name) + "/home";
  const std::shared_ptr<Disk> disk = make_real_disk();
  const auto clock = std::make_shared<ManualClock>();
  ToggleStore store(disk, home, clock);
  CHECK(store.fingerprint() == 0);
  REQUIRE(store.save(toggled("a", false)).has_value());
  const std::uint64_t before = store.fingerprint();
  const auto directory = *disk->open(home);
  REQUIRE(directory->replace("pack-states.json", "{", 0600).has_value());
  CHECK(store.fingerprint() != before);
  const auto loaded = load(store);
  CHECK(loaded.state->pack("a") == false);
  REQUIRE(loaded.incidents.size() == 1);
  CHECK(*directory->read("pack-states.json.corrupt-1736942400000", 10) == "{");
  CHECK(load(store).incidents.empty());
  REQUIRE((*disk->open("/tmp"))->remove(std::string(name).substr(5)).has_value());
}

}  // namespace
}  // namespace cowork::test
