// What happens when a state file is corrupt.
#include "home.h"

namespace cowork::test {
namespace {

const std::string aside = "pack-states.json.corrupt-1736942400000";

TEST_CASE("A corrupt file is moved aside and the last good copy takes its place") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", false)).has_value());
  const std::string good = home.read("pack-states.json");
  home.plant("pack-states.json", "{\n  \"packs\": {\"a\": tru");
  const auto loaded = load(home.toggles());
  CHECK(loaded.state->pack("a") == false);
  CHECK(loaded.state->user_packs_default_on);
  REQUIRE(loaded.incidents.size() == 1);
  CHECK(loaded.incidents[0].message ==
        "pack-states.json is corrupt: expected a value; it was moved to " + aside + "; the last good copy is in force");
  CHECK(loaded.incidents[0].place.file == home.path + "/pack-states.json");
  CHECK(loaded.incidents[0].place.line == 2);
  CHECK(home.read(aside) == "{\n  \"packs\": {\"a\": tru");
  CHECK(home.read("pack-states.json") == good);

  SECTION("once") {
    CHECK(load(home.toggles()).incidents.empty());
  }
  SECTION("and again under another name in the same millisecond") {
    home.plant("pack-states.json", "[");
    REQUIRE(load(home.toggles()).incidents.size() == 1);
    CHECK(home.read("pack-states.json.corrupt-1736942400001") == "[");
    CHECK(home.read(aside) == "{\n  \"packs\": {\"a\": tru");
  }
}

TEST_CASE("After a loss user packs stay off until each is toggled again") {
  const Home home;
  home.plant("pack-states.json", "{");
  CHECK_FALSE(load(home.toggles()).state->user_packs_default_on);

  const auto again = load(home.toggles());
  CHECK(again.incidents.empty());
  CHECK_FALSE(again.state->user_packs_default_on);

  Toggles next = *again.state;
  next.packs["a"] = true;
  REQUIRE(home.toggles().save(next).has_value());
  const auto later = load(home.toggles());
  CHECK(later.state->pack("a") == true);
  CHECK_FALSE(later.state->user_packs_default_on);
}

TEST_CASE("A last good copy that is corrupt as well is a loss") {
  const Home home;
  home.plant("pack-states.json", "{");
  home.plant("pack-states.json.last-good", "{\"packs\": 1}");
  const auto loaded = load(home.toggles());
  CHECK_FALSE(loaded.state->user_packs_default_on);
  REQUIRE(loaded.incidents.size() == 1);
  CHECK(
      loaded.incidents[0].message ==
      "pack-states.json is corrupt: expected a key in quotation marks or '}'; it was moved to " + aside +
          "; the last good copy can't be used (expected an object, found a number): user packs stay off until they are "
          "toggled again");
}

TEST_CASE("What is no regular file is moved aside, never followed") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", false)).has_value());
  const auto directory = *home.disk->open(home.path);
  REQUIRE(directory->remove("pack-states.json").has_value());
  std::string what;
  SECTION("a link") {
    home.disk->plant_file("/elsewhere.json", R"({"a": true})");
    home.disk->plant_link(home.path + "/pack-states.json", "/elsewhere.json");
    what = "is a link; links are not followed here";
  }
  SECTION("a FIFO") {
    home.disk->plant_other(home.path + "/pack-states.json");
    what = "is no regular file";
  }
  SECTION("a directory") {
    REQUIRE(directory->make_directory("pack-states.json", 0700).has_value());
    what = "is no regular file";
  }
  const auto loaded = load(home.toggles());
  CHECK(loaded.state->pack("a") == false);
  REQUIRE(loaded.incidents.size() == 1);
  CHECK(loaded.incidents[0].message == "pack-states.json is corrupt: \"" + home.path + "/pack-states.json\" " + what +
                                           "; it was moved to " + aside + "; the last good copy is in force");
  CHECK(directory->status("pack-states.json")->kind == FileKind::regular);
  CHECK(directory->status(aside)->kind != FileKind::regular);
}

TEST_CASE("A file that is too large is corrupt") {
  const Home home;
  home.plant("pack-states.json", std::string((16u << 20) + 1, ' '));
  const auto loaded = load(home.toggles());
  REQUIRE(loaded.incidents.size() == 1);
  CHECK_FALSE(loaded.state->user_packs_default_on);
}

TEST_CASE("A good file is not moved because another was corrupt a moment ago") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", false)).has_value());
  home.plant("pack-states.json", "{");
  // Somebody else repairs it between the reading and the lock.
  home.disk->set_fault(
      [&home, done = false](std::string_view operation, std::string_view) mutable -> std::optional<int> {
        if (operation != "lock" || done) return std::nullopt;
        done = true;
        home.plant("pack-states.json", R"({"b": true})");
        return std::nullopt;
      });
  const auto loaded = load(home.toggles());
  CHECK(loaded.incidents.empty());
  CHECK(loaded.state->packs == toggled("b", true).packs);
  CHECK(home.read(aside) == "no " + aside);
}

TEST_CASE("A toggle file cut at any byte or with any bit flipped is never more permissive than what was saved") {
  const Home saved;
  Toggles toggles = toggled("a", false);
  toggles.packs["b"] = false;
  REQUIRE(saved.toggles().save(toggles).has_value());
  const std::string good = saved.read("pack-states.json");
  const auto check = [&](const std::string& text) {
    const Home home;
    home.plant("pack-states.json", text);
    const auto loaded = load(home.toggles());
    INFO(text);
    if (!loaded.incidents.empty()) {
      CHECK_FALSE(loaded.state->user_packs_default_on);
      CHECK(loaded.state->packs.empty());
      return;
    }
    // Nobody can tell a changed name from another pack's, but nothing may be lost or switched on.
    CHECK(loaded.state->packs.size() == 2);
    for (const auto& [name, on] : loaded.state->packs) CHECK_FALSE(on);
  };
  for (std::size_t size = 0; size < good.size() - 1; ++size) check(good.substr(0, size));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string text = good;
      text[at] = static_cast<char>(text[at] ^ (1 << bit));
      check(text);
    }
  }
}

}  // namespace
}  // namespace cowork::test
