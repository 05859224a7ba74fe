#include <atomic>
#include <thread>

#include "home.h"

namespace cowork::test {
namespace {

TEST_CASE("Toggles answer only for what is listed") {
  Toggles toggles = toggled("a", false);
  toggles.skills["a"]["s"] = true;
  CHECK(toggles.pack("a") == false);
  CHECK_FALSE(toggles.pack("b").has_value());
  CHECK(toggles.skill("a", "s") == true);
  CHECK_FALSE(toggles.skill("a", "t").has_value());
  CHECK_FALSE(toggles.skill("b", "s").has_value());
}

TEST_CASE("Without a file there are the defaults, and reading makes nothing") {
  const Home home;
  const std::uint64_t before = home.disk->steps();
  const auto loaded = load(home.toggles());
  CHECK(loaded.incidents.empty());
  CHECK(loaded.state->packs.empty());
  CHECK(loaded.state->skills.empty());
  CHECK(loaded.state->user_packs_default_on);
  CHECK(home.toggles().fingerprint() == 0);
  CHECK(home.disk->steps() == before);
}

TEST_CASE("What was saved is loaded by another store") {
  const Home home;
  Toggles toggles = toggled("engineering-pack", false);
  toggles.packs["gone"] = true;
  toggles.skills["engineering-pack"]["review"] = false;
  toggles.skills["empty"];
  const auto saved = home.toggles().save(toggles);
  REQUIRE(saved.has_value());
  CHECK((*saved)->pack("engineering-pack") == false);
  const auto loaded = load(home.toggles());
  CHECK(loaded.incidents.empty());
  CHECK(loaded.state->packs == toggles.packs);
  CHECK(loaded.state->skill("engineering-pack", "review") == false);
  CHECK(loaded.state->skills.size() == 1);
  CHECK(loaded.state->user_packs_default_on);
}

TEST_CASE("A save makes the home, the file and its last good copy, for their owner only") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", true)).has_value());
  CHECK(home.read("pack-states.json") == R"({
  "updatedAt": 1736942400000,
  "packs": {
    "a": true
  },
  "skills": {}
}
)");
  CHECK(home.read("pack-states.json.last-good") == home.read("pack-states.json"));
  CHECK(home.names() ==
        std::vector<std::string>{"pack-states.json", "pack-states.json.last-good", "pack-states.json.lock"});
  const auto directory = *home.disk->open(home.path);
  CHECK(directory->status("")->mode == 0700);
  CHECK(directory->status("pack-states.json")->mode == 0600);
  CHECK(directory->status("pack-states.json.last-good")->mode == 0600);
}

TEST_CASE("Loading a good file writes nothing") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", true)).has_value());
  const std::uint64_t before = home.disk->steps();
  load(home.toggles());
  home.toggles().fingerprint();
  CHECK(home.disk->steps() == before);
}

TEST_CASE("The fingerprint changes with the file and with nothing else") {
  const Home home;
  REQUIRE(home.toggles().save(toggled("a", true)).has_value());
  const std::uint64_t first = home.toggles().fingerprint();
  CHECK(first != 0);
  load(home.toggles());
  CHECK(home.toggles().fingerprint() == first);
  REQUIRE(home.toggles().save(toggled("a", true)).has_value());
  const std::uint64_t second = home.toggles().fingerprint();
  CHECK(second != first);
  home.plant("pack-states.json", "{}");
  CHECK(home.toggles().fingerprint() != second);
}

TEST_CASE("Each version has a revision of its own") {
  const Home home;
  const auto saved = home.toggles().save(toggled("a", true));
  const auto loaded = load(home.toggles());
  CHECK(loaded.state->revision > (*saved)->revision);
}

TEST_CASE("Loads while another thread saves see one version or the other") {
  const Home home;
  std::atomic<bool> done{false};
  std::atomic<int> strange{0};
  std::thread reader([&] {
    ToggleStore store = home.toggles();
    while (!done) {
      std::vector<Diagnostic> incidents;
      const auto state = store.load(incidents);
      if (!state || !incidents.empty() || (!(*state)->packs.empty() && (*state)->packs.size() != 2)) ++strange;
    }
  });
  ToggleStore store = home.toggles();
  for (int i = 0; i < 200; ++i) {
    Toggles toggles = toggled("a", i % 2 == 0);
    toggles.packs["b"] = i % 2 == 1;
    if (!store.save(std::move(toggles))) ++strange;
  }
  done = true;
  reader.join();
  CHECK(strange == 0);
}

}  // namespace
}  // namespace cowork::test
