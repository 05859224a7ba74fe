// The seed's "Troubleshooting", sentence by sentence.
#include "four_packs.h"
#include "refusal.h"

namespace cowork::test {
namespace {

Refusal denied(std::string begins) {
  return {3, "policy-denied", std::move(begins)};
}

std::vector<std::string> codes(const json::Value& diagnostics) {
  return each(diagnostics, "code");
}

TEST_CASE("Policies not taking effect: \"Policies are applied immediately on save — no restart needed\"",
          "[troubleshooting]") {
  const FourPacks cli;
  CHECK(at(cli.pack("beta"), "/policyBlocked") == json::Value(false));
  REQUIRE(cli.run({"policy", "set", "packs.blocked+=beta"}).status == 0);
  CHECK(at(cli.pack("beta"), "/policyBlocked") == json::Value(true));
  REQUIRE(cli.run({"policy", "set", "packs.blocked-=beta"}).status == 0);
  CHECK(at(cli.pack("beta"), "/policyBlocked") == json::Value(false));
  // Hosts that run while it is saved are in watch_test.cc.
}

TEST_CASE("Policies not taking effect: \"Verify `~/.cowork/policies.json` was written correctly\"",
          "[troubleshooting]") {
  const CommandLine cli;
  const Environment default_home{{"COWORK_HOME", ""}};
  CHECK_FALSE(cli.exists(".cowork/policies.json"));
  REQUIRE(cli.run({"policy", "set", "packs.blocked+=x"}, default_home).status == 0);
  const json::Value written = cli.read_json(".cowork/policies.json");
  CHECK(at(written, "/version") == json::Value(1));
  CHECK_THAT(text_at(written, "/updatedAt"), Catch::Matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z"));
  CHECK(at(written, "/packs/blocked") == json::Value::strings({"x"}));
  CHECK(cli.run({"policy", "validate"}, default_home).status == 0);
  cli.write(".cowork/policies.json", R"({"packs": {"blocked": "x"}})");
  CHECK(cli.run({"policy", "validate"}, default_home).status == 8);
}

TEST_CASE("Policies not taking effect: \"Check the main process console for policy-related errors\"",
          "[troubleshooting]") {
  const CommandLine cli;
  cli.policy("{\n  \"packs\": {\n    \"blocked\": [\"x\", 7]\n  }\n}\n");
  const Ran listed = cli.run({"pack", "list"});
  CHECK(listed.status == 0);
  CHECK_THAT(listed.err,
             Catch::Contains(cli.path("home/policies.json") + ":3:") && Catch::Contains("/packs/blocked/1"));
  const JsonRan status = cli.call("admin:policiesStatus");
  const json::Value& layer = entry_with(at(status.document, "/layers"), "layer", "user");
  CHECK(text_at(layer, "/state") == "broken");
  CHECK(at(layer, "/errors/0/line") == json::Value(3));
  CHECK(text_at(layer, "/errors/0/pointer") == "/packs/blocked/1");
}

TEST_CASE(
    "Cannot toggle a pack on: \"The pack may be in the `blocked` list\", \"Check Admin Policies > Plugin Pack "
    "Policies > Blocked Packs\"",
    "[troubleshooting]") {
  const FourPacks cli;
  cli.policy("{\n  \"packs\": {\n    \"blocked\": [\n      \"other\",\n      \"beta\"\n    ]\n  }\n}\n");
  const json::Value error =
      check_refused(cli, {"pack", "enable", "beta"}, denied("Pack \"beta\" is blocked by admin policy"));
  CHECK_THAT(text_at(error, "/why"),
             Catch::Contains("packs.blocked") && Catch::Contains(cli.path("home/policies.json") + ":5"));
  CHECK(cli.run({"policy", "get", "packs.blocked"}).out == "other\nbeta\n");
  REQUIRE(cli.run({"policy", "set", "packs.blocked-=beta"}).status == 0);
  CHECK(cli.run({"pack", "enable", "beta"}).status == 0);
}

TEST_CASE("Cannot toggle a pack on: \"If an `allowed` whitelist is set, the pack must be included\"",
          "[troubleshooting]") {
  const FourPacks cli;
  cli.policy(R"({"packs": {"allowed": ["alpha"]}})");
  const json::Value error =
      check_refused(cli, {"pack", "enable", "beta"}, denied("Pack \"beta\" is not in the list of allowed packs"));
  CHECK_THAT(text_at(error, "/why"), Catch::Contains("packs.allowed"));
  REQUIRE(cli.run({"policy", "set", "packs.allowed+=beta"}).status == 0);
  CHECK(cli.run({"pack", "enable", "beta"}).status == 0);
}

TEST_CASE(
    "Cannot toggle a pack off: \"The pack is in the `required` list\", \"Remove it from Admin Policies > Plugin "
    "Pack Policies > Required Packs\"",
    "[troubleshooting]") {
  const FourPacks cli;
  cli.policy(R"({"packs": {"required": ["beta"]}})");
  const json::Value error = check_refused(cli, {"pack", "disable", "beta"},
                                          denied("Pack \"beta\" is required by admin policy and cannot be disabled"));
  CHECK_THAT(text_at(error, "/why"), Catch::Contains("packs.required"));
  REQUIRE(cli.run({"policy", "set", "packs.required-=beta"}).status == 0);
  CHECK(cli.run({"pack", "disable", "beta"}).status == 0);
  CHECK(text_at(cli.pack("beta"), "/state") == "disabled");
}

TEST_CASE("Org plugins not loading: \"Verify the org plugin directory path exists and contains valid packs\"",
          "[troubleshooting]") {
  const FourPacks cli;
  const std::string missing = cli.path("nowhere");
  cli.policy(R"({"general": {"orgPluginDir": ")" + missing + "\"}}");
  const JsonRan listed = cli.json({"pack", "list"});
  CHECK(listed.status == 0);
  const json::Value& diagnostic = entry_with(at(listed.document, "/diagnostics"), "path", missing);
  CHECK(text_at(diagnostic, "/severity") == "error");
  // Never a silent fall-back to <home>/org-plugins.
  CHECK(entry_with(at(listed.document, "/packs"), "name", "gamma-pack").is_null());
  CHECK_THAT(cli.run({"doctor"}).out, Catch::Contains(missing));
}

TEST_CASE("Org plugins not loading: \"Each subdirectory must have a `cowork.plugin.json` at its root\"",
          "[troubleshooting]") {
  const FourPacks cli;
  cli.mini_pack("org/good", "good");
  cli.write("org/bare/README.md", "no manifest here");
  cli.write("org/broken/cowork.plugin.json", "{\"name\": \"broken\",}");
  cli.policy(R"({"general": {"orgPluginDir": ")" + cli.path("org") + "\"}}");
  const JsonRan listed = cli.json({"pack", "list"});
  CHECK(text_at(entry_with(at(listed.document, "/packs"), "name", "good"), "/scope") == "organization");
  const json::Value& diagnostics = at(listed.document, "/diagnostics");
  CHECK(codes(diagnostics) == std::vector<std::string>{"no-manifest", "invalid-manifest"});
  CHECK_THAT(text_at(entry_with(diagnostics, "code", "no-manifest"), "/path"), Catch::Contains(cli.path("org/bare")));
  const json::Value& invalid = entry_with(diagnostics, "code", "invalid-manifest");
  CHECK(text_at(invalid, "/path") == cli.path("org/broken/cowork.plugin.json"));
  CHECK(at(invalid, "/line") == json::Value(1));
}

TEST_CASE("Org plugins not loading: \"Restart CoWork OS after changing the org directory path\" (here: at once)",
          "[troubleshooting]") {
  const FourPacks cli;
  cli.mini_pack("org/delta", "delta");
  REQUIRE(cli.run({"policy", "set", "general.orgPluginDir=" + cli.path("org")}).status == 0);
  CHECK(text_at(cli.pack("delta"), "/scope") == "organization");
  CHECK(cli.pack("gamma-pack").is_null());
  REQUIRE(cli.run({"policy", "set", "general.orgPluginDir="}).status == 0);
  CHECK(cli.pack("delta").is_null());
  CHECK(text_at(cli.pack("gamma-pack"), "/scope") == "organization");
}

TEST_CASE(
    "\"Installation disabled by admin policy\": \"Custom pack creation, git install, or URL install has been "
    "disabled\", \"Check Admin Policies > Installation Permissions\"",
    "[troubleshooting]") {
  const FourPacks cli;
  struct Row {
    std::string permission;
    Arguments command;
  };
  for (const Row& row : {Row{"allowCustomPacks", {"pack", "new", "fresh"}},
                         Row{"allowGitInstall", {"pack", "install", "https://127.0.0.1:1/a.git"}},
                         Row{"allowUrlInstall", {"pack", "install", "https://127.0.0.1:1/cowork.plugin.json"}}}) {
    const std::string member = "general." + row.permission;
    REQUIRE(cli.run({"policy", "set", member + "=false"}).status == 0);
    const json::Value error = check_refused(cli, row.command, denied("Installation disabled by admin policy"));
    CHECK_THAT(text_at(error, "/why"), Catch::Contains(member));
    CHECK(cli.run({"policy", "get", member}).out == "false\n");
    REQUIRE(cli.run({"policy", "set", member + "=true"}).status == 0);
    CHECK(cli.run(row.command).status != 3);
  }
}

}  // namespace
}  // namespace cowork::test
