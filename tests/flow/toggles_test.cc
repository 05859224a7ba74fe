// SPEC §5 on disk: what pack-states.json may look like, and that no toggle is lost.
#include <thread>

#include "four_packs.h"
#include "refusal.h"

namespace cowork::test {
namespace {

constexpr int processes = 8;
constexpr int toggles_each = 50;

TEST_CASE("Eight processes with fifty toggles each lose none", "[toggles]") {
  const CommandLine cli;
  json::Value skills = json::Value::array();
  for (int i = 0; i < toggles_each; ++i)
    skills.push_back(json::Value::object(
        {{"id", "skill-" + std::to_string(i)}, {"name", "S"}, {"description", "d"}, {"prompt", "p"}}));
  for (int i = 0; i < processes; ++i)
    cli.mini_pack("builtin/pack-" + std::to_string(i), "pack-" + std::to_string(i),
                  json::to_text(json::Value::object({{"skills", skills}})));
  std::atomic<int> failed{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < processes; ++i)
      threads.emplace_back([&, pack = "pack-" + std::to_string(i)] {
        for (int j = 0; j < toggles_each; ++j)
          failed += cli.run({"pack", "disable", pack, "--skill", "skill-" + std::to_string(j)}).status == 0 ? 0 : 1;
      });
  }
  CHECK(failed == 0);
  const json::Value states = cli.read_json("home/pack-states.json");
  for (int i = 0; i < processes; ++i) {
    const json::Value& of_pack = at(states, "/skills/pack-" + std::to_string(i));
    REQUIRE(of_pack.is_object());
    CHECK(of_pack.as_object()->size() == toggles_each);
    for (const json::Member& skill : *of_pack.as_object()) CHECK(skill.value == json::Value(false));
  }
  CHECK(cli.run({"audit", "--verify"}).status == 0);
  const JsonRan lines = cli.call("audit:query", R"([{"operation": "pluginPack:toggleSkill"}])");
  CHECK(at(lines.document, "/lines").as_array()->size() == processes * toggles_each);
}

TEST_CASE("The older flat form of the toggles is read, and written anew in full", "[toggles]") {
  const FourPacks cli;
  cli.write("home/pack-states.json", R"({"beta": false, "mine": true})");
  CHECK(at(cli.pack("beta"), "/enabled") == json::Value(false));
  CHECK(at(cli.pack("alpha-pack"), "/enabled") == json::Value(true));
  REQUIRE(cli.run({"pack", "disable", "alpha"}).status == 0);
  const json::Value states = cli.read_json("home/pack-states.json");
  CHECK(at(states, "/packs") == json::Value::object({{"alpha-pack", false}, {"beta", false}, {"mine", true}}));
  CHECK(at(states, "/updatedAt").as_int64().value_or(0) > 0);
}

TEST_CASE("A skill that is switched off contributes nothing, nor does its command", "[toggles]") {
  const FourPacks cli;
  REQUIRE(cli.run({"pack", "disable", "alpha", "--skill", "alpha-pack-s"}).status == 0);
  CHECK(at(cli.pack("alpha-pack"), "/skills/0/enabled") == json::Value(false));
  CHECK(cli.contributed_skills() == std::vector<std::string>{"beta-s", "gamma-pack-s", "mine-s"});
  check_refused(cli, {"skill", "show", "alpha-pack-s"}, {4, "not-found", ""});
  REQUIRE(cli.run({"pack", "enable", "alpha", "--skill", "alpha-pack-s"}).status == 0);
  CHECK(cli.contributed_skills().size() == 4);
}

TEST_CASE("A skill that its manifest switches off starts off", "[toggles]") {
  const CommandLine cli;
  cli.mini_pack("builtin/a", "a", R"({"skills": [{"id": "off", "name": "S", "description": "d", "prompt": "p",
                                                  "enabled": false}]})");
  CHECK(at(cli.pack("a"), "/skills/0/enabled") == json::Value(false));
  REQUIRE(cli.run({"pack", "enable", "a", "--skill", "off"}).status == 0);
  CHECK(at(cli.pack("a"), "/skills/0/enabled") == json::Value(true));
}

TEST_CASE("A corrupt file is moved aside, the last good copy is used, the incident is reported", "[toggles]") {
  const FourPacks cli;
  REQUIRE(cli.run({"pack", "disable", "beta"}).status == 0);
  const std::string corrupt = "{\"packs\": {\"beta\": tru";
  cli.write("home/pack-states.json", corrupt);
  const JsonRan listed = cli.json({"pack", "list"});
  CHECK(at(entry_with(at(listed.document, "/packs"), "name", "beta"), "/enabled") == json::Value(false));
  CHECK_FALSE(at(listed.document, "/diagnostics").as_array()->empty());
  bool aside = false;
  for (const std::string& name : cli.directory().tree("home"))
    aside = aside || (name.starts_with("pack-states.json.") && cli.read("home/" + name) == corrupt);
  CHECK(aside);
  CHECK(at(cli.pack("beta"), "/enabled") == json::Value(false));
}

TEST_CASE("A corrupt file without a copy leaves packs of the user tier off until they are toggled again", "[toggles]") {
  const FourPacks cli;
  cli.mini_pack("home/extensions/other", "other");
  cli.write("home/pack-states.json", "");
  for (int i = 0; i < 2; ++i) {
    CHECK(at(cli.pack("mine"), "/enabled") == json::Value(false));
    CHECK(at(cli.pack("other"), "/enabled") == json::Value(false));
    CHECK(at(cli.pack("beta"), "/enabled") == json::Value(true));
  }
  REQUIRE(cli.run({"pack", "enable", "mine"}).status == 0);
  CHECK(at(cli.pack("mine"), "/enabled") == json::Value(true));
  CHECK(at(cli.pack("other"), "/enabled") == json::Value(false));
}

}  // namespace
}  // namespace cowork::test
