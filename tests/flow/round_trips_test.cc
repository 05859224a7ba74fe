// Packs come and go: scaffold, install, toggle, uninstall, and the same as dry runs.
#include "four_packs.h"
#include "refusal.h"

namespace cowork::test {
namespace {

std::vector<std::string> names_in(const CommandLine& cli) {
  return each(at(cli.json({"pack", "list"}).document, "/packs"), "name");
}

TEST_CASE("A pack is made, contributes, is switched off and goes", "[round-trip]") {
  const FourPacks cli;
  const std::string before = cli.tree_hash();
  const JsonRan made = cli.json({"pack", "new", "made", "--display-name", "Made here", "--description", "Of its own",
                                 "--category", "Testing", "--icon", "T", "--author", "somebody"});
  REQUIRE(made.status == 0);
  CHECK(at(made.document, "/scaffold/success") == json::Value(true));
  CHECK(text_at(made.document, "/scaffold/path") == cli.path("home/extensions/made"));
  for (const json::Value& file : *at(made.document, "/scaffold/filesCreated").as_array())
    CHECK(cli.exists("home/extensions/made/" + *file.as_string()));
  const json::Value pack = cli.pack("made");
  CHECK(text_at(pack, "/displayName") == "Made here");
  CHECK(text_at(pack, "/description") == "Of its own");
  CHECK(text_at(pack, "/category") == "Testing");
  CHECK(text_at(pack, "/icon") == "T");
  CHECK(text_at(pack, "/author") == "somebody");
  CHECK(text_at(pack, "/scope") == "user");
  CHECK(text_at(pack, "/state") == "active");
  CHECK(cli.run({"pack", "validate", "--strict", cli.path("home/extensions/made")}).status == 0);
  const std::size_t skills = cli.contributed_skills().size();
  REQUIRE(cli.run({"pack", "disable", "made"}).status == 0);
  CHECK(cli.contributed_skills().size() < skills);
  REQUIRE(cli.run({"pack", "remove", "made"}).status == 0);
  CHECK(names_in(cli) == FourPacks::names());
  CHECK(cli.tree_hash({"audit.jsonl", ".lock", "pack-states.json", "pack-states.json.last-good"}) == before);
}

TEST_CASE("A pack with a SKILL.md is made, and its prompt can be had", "[round-trip]") {
  const FourPacks cli;
  REQUIRE(cli.run({"pack", "new", "made", "--kind", "skill"}).status == 0);
  const json::Value pack = cli.pack("made");
  REQUIRE(at(pack, "/skills").as_array()->size() == 1);
  const JsonRan skill = cli.call("skill:get", "[\"" + text_at(pack, "/skills/0/id") + "\"]");
  CHECK(skill.status == 0);
  CHECK(text_at(skill.document, "/prompt") != "");
  CHECK(text_at(skill.document, "/packName") == "made");
}

TEST_CASE("A pack made elsewhere is installed from there", "[round-trip]") {
  const FourPacks cli;
  REQUIRE(cli.run({"pack", "new", "made", "--into", cli.path("org")}).status == 0);
  CHECK(cli.exists("org/made/cowork.plugin.json"));
  CHECK_FALSE(cli.exists("home/extensions/made"));
  CHECK(cli.pack("made").is_null());
  REQUIRE(cli.run({"pack", "install", cli.path("org/made")}).status == 0);
  CHECK(text_at(cli.pack("made"), "/scope") == "user");
  CHECK(cli.read("home/extensions/made/cowork.plugin.json") == cli.read("org/made/cowork.plugin.json"));
}

TEST_CASE("A pack is installed, replaced by a newer one and removed", "[round-trip]") {
  const FourPacks cli;
  const std::string before = cli.tree_hash();
  cli.mini_pack("one/any", "fresh", R"({"version": "1.0.0"})");
  cli.mini_pack("two/any", "fresh", R"({"version": "1.1.0", "description": "Newer"})");
  cli.write("one/any/skills/notes.md", "only in the first");
  const JsonRan first = cli.json({"pack", "install", cli.path("one/any")});
  REQUIRE(first.status == 0);
  const json::Value& reply = at(first.document, "/install");
  CHECK(at(reply, "/success") == json::Value(true));
  CHECK(text_at(reply, "/packName") == "fresh");
  CHECK(text_at(reply, "/path") == cli.path("home/extensions/fresh"));
  CHECK(text_at(reply, "/manifest/version") == "1.0.0");
  CHECK(at(reply, "/skillCount") == json::Value(1));
  CHECK(at(reply, "/agentCount") == json::Value(0));
  CHECK_THAT(text_at(reply, "/treeSha256"), Catch::Matches("[0-9a-f]{64}"));
  CHECK(cli.read("home/extensions/fresh/skills/notes.md") == "only in the first");
  CHECK_THAT(cli.read("home/pack-lock.json"), Catch::Contains(text_at(reply, "/treeSha256")));
  CHECK(at(cli.pack("fresh"), "/source").is_object());

  const JsonRan second = cli.json({"pack", "install", cli.path("two/any"), "--replace"});
  REQUIRE(second.status == 0);
  CHECK(text_at(second.document, "/install/treeSha256") != text_at(reply, "/treeSha256"));
  CHECK(text_at(cli.pack("fresh"), "/version") == "1.1.0");
  CHECK_FALSE(cli.exists("home/extensions/fresh/skills"));

  REQUIRE(cli.run({"pack", "remove", "fresh"}).status == 0);
  for (const char* made : {"one", "two"}) std::filesystem::remove_all(cli.path(made));
  CHECK(cli.tree_hash({"audit.jsonl", ".lock", "pack-lock.json", "pack-lock.json.last-good"}) == before);
  CHECK_THAT(cli.read("home/pack-lock.json"), !Catch::Contains("fresh"));
}

TEST_CASE("A user pack that could run something of its own starts disabled", "[round-trip]") {
  const FourPacks cli;
  cli.mini_pack("source/shell", "shell", R"({"connectors": [{"name": "run", "description": "d", "inputSchema": {},
    "type": "shell", "shell": {"command": "true"}}]})");
  REQUIRE(cli.run({"pack", "install", cli.path("source/shell")}).status == 0);
  CHECK(text_at(cli.pack("shell"), "/state") == "disabled");
  REQUIRE(cli.run({"pack", "enable", "shell"}).status == 0);
  CHECK(text_at(cli.pack("shell"), "/state") == "active");
}

TEST_CASE("An install leaves it disabled when asked to", "[round-trip]") {
  const FourPacks cli;
  cli.mini_pack("source/fresh", "fresh");
  REQUIRE(cli.run({"pack", "install", cli.path("source/fresh"), "--no-enable"}).status == 0);
  CHECK(text_at(cli.pack("fresh"), "/state") == "disabled");
  CHECK(at(cli.read_json("home/pack-states.json"), "/packs/fresh") == json::Value(false));
}

TEST_CASE("Names and aliases of higher tiers can't be taken", "[round-trip]") {
  const FourPacks cli;
  for (const char* name : {"alpha", "alpha-pack", "gamma", "gamma-pack"}) {
    check_refused(cli, {"pack", "new", name}, {7, "conflict", ""});
    const std::string source = std::string("source/") + name;
    cli.mini_pack(source, name);
    check_refused(cli, {"pack", "install", cli.path(source)}, {7, "conflict", ""});
    check_refused(cli, {"pack", "install", cli.path(source), "--replace"}, {7, "conflict", ""});
  }
}

TEST_CASE("A directory that no pack may look like is not installed", "[round-trip]") {
  const FourPacks cli;
  const auto check_not_installed = [&](int status, const std::string& code) {
    check_refused(cli, {"pack", "install", cli.path("source")}, {status, code, ""});
    CHECK(names_in(cli) == FourPacks::names());
  };
  SECTION("no manifest") {
    cli.write("source/README.md", "nothing else");
    check_not_installed(8, "invalid-manifest");
  }
  SECTION("a link inside") {
    cli.mini_pack("source", "fresh");
    cli.directory().link("source/passwd", "/etc/passwd");
    check_not_installed(2, "invalid-argument");
  }
  SECTION("the manifest is a link") {
    cli.mini_pack("elsewhere", "fresh");
    cli.directory().link("source/cowork.plugin.json", cli.path("elsewhere/cowork.plugin.json"));
    const Ran ran = cli.run({"pack", "install", cli.path("source")});
    CHECK(ran.status != 0);
    CHECK(names_in(cli) == FourPacks::names());
  }
}

TEST_CASE("Of six processes that install the same pack at once, one does", "[round-trip]") {
  const FourPacks cli;
  cli.mini_pack("source/fresh", "fresh");
  std::size_t installed = 0, refused = 0;
  for (const Ran& ran : cli.run_together(std::vector<Arguments>(6, {"pack", "install", cli.path("source/fresh")}))) {
    installed += ran.status == 0 ? 1 : 0;
    refused += ran.status == 7 ? 1 : 0;
  }
  CHECK(installed == 1);
  CHECK(refused == 5);
  CHECK(cli.directory().tree("home/extensions") ==
        std::vector<std::string>{"fresh/", "fresh/cowork.plugin.json", "mine-here/", "mine-here/cowork.plugin.json"});
}

TEST_CASE("A dry run has the exit status that there would be, and changes nothing", "[round-trip][dry-run]") {
  const FourPacks cli;
  cli.mini_pack("source/fresh", "fresh");
  cli.mini_pack("source/blocked", "unwanted");
  cli.policy(R"({"packs": {"blocked": ["beta", "unwanted"], "required": ["alpha"]}})");
  REQUIRE(cli.run({"pack", "list"}).status == 0);  // keeps the copy of the policy
  struct Row {
    Arguments command;
    int status;
  };
  for (const Row& row : {Row{{"pack", "disable", "mine"}, 0},
                         {{"pack", "disable", "mine", "--skill", "mine-s"}, 0},
                         {{"pack", "enable", "beta"}, 3},
                         {{"pack", "disable", "alpha"}, 3},
                         {{"pack", "disable", "nobody"}, 4},
                         {{"pack", "new", "made"}, 0},
                         {{"pack", "new", "unwanted"}, 3},
                         {{"pack", "new", "mine-here"}, 7},
                         {{"pack", "new", "made", "--into", cli.path("org")}, 0},
                         {{"pack", "install", cli.path("source/fresh")}, 0},
                         {{"pack", "install", cli.path("source/blocked")}, 3},
                         {{"pack", "install", cli.path("source")}, 8},
                         {{"pack", "remove", "mine"}, 0},
                         {{"pack", "remove", "beta"}, 2},
                         {{"policy", "set", "packs.blocked+=mine"}, 0},
                         {{"policy", "set", "agents.maxConcurrentAgents=0"}, 8},
                         {{"policy", "reset"}, 0},
                         {{"call", "agent:start", R"([{"workspace": "w", "agentId": "a"}])"}, 0},
                         {{"call", "host:rescan"}, 0}}) {
    std::string shown;
    for (const std::string& argument : row.command) shown += argument + " ";
    INFO(shown);
    for (const char* flag : {"-n", "--dry-run"}) {
      const std::string before = cli.tree_hash({});
      Arguments dry = row.command;
      dry.push_back(flag);
      CHECK(cli.run(dry).status == row.status);
      CHECK(cli.tree_hash({}) == before);
    }
  }
}

TEST_CASE("A dry run and the real one end alike", "[round-trip][dry-run]") {
  for (const Arguments& command : {Arguments{"pack", "disable", "mine"},
                                   {"pack", "new", "made"},
                                   {"pack", "new", "gamma"},
                                   {"pack", "new", "mine"},
                                   {"pack", "remove", "mine"},
                                   {"pack", "remove", "gamma"},
                                   {"pack", "install", "./source"},
                                   {"policy", "set", "packs.blocked+=mine"},
                                   {"policy", "set", "general.orgPluginDir=relative"}}) {
    const FourPacks cli;
    cli.mini_pack("source", "fresh");
    Arguments dry = command;
    dry.push_back("--dry-run");
    const Ran rehearsed = cli.run(dry);
    const Ran real = cli.run(command);
    INFO(command[0] << " " << command[1] << " " << command[2]);
    CHECK(rehearsed.status == real.status);
    if (real.status != 0) CHECK(rehearsed.err == real.err);
  }
}

}  // namespace
}  // namespace cowork::test
