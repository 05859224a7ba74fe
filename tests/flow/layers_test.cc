// SPEC §6, "Layers": the machine layer holds against everything that is under the user's control. These tests need
// root.
#include "four_packs.h"
#include "machine_policy.h"
#include "refusal.h"

namespace cowork::test {
namespace {

Refusal denied(std::string begins = {}) {
  return {3, "policy-denied", std::move(begins)};
}

void check_required_and_on(const FourPacks& cli, const std::string& name) {
  const json::Value pack = cli.pack(name);
  INFO(json::to_text(pack));
  CHECK(at(pack, "/policyRequired") == json::Value(true));
  CHECK(at(pack, "/policyBlocked") == json::Value(false));
  CHECK(at(pack, "/enabled") == json::Value(true));
  CHECK(at(pack, "/state") == json::Value("active"));
  const std::vector<std::string> skills = cli.contributed_skills();
  CHECK(std::find(skills.begin(), skills.end(), name + "-s") != skills.end());
}

TEST_CASE("A pack that the machine layer requires can't be switched off by anything under the user's control",
          "[layers][root]") {
  if (MachinePolicy::missing()) return;
  const MachinePolicy machine(R"({"packs": {"required": ["alpha", "gamma", "mine"]}})");
  const FourPacks cli;
  const std::vector<std::string> required{"alpha-pack", "gamma-pack", "mine"};
  const auto check_all = [&] {
    for (const std::string& name : required) check_required_and_on(cli, name);
  };
  SECTION("toggles") {
    for (const std::string& name : required) {
      const Refusal refusal = denied("Pack \"" + name + "\" is required by admin policy and cannot be disabled");
      const json::Value error = check_refused(cli, {"pack", "disable", name}, refusal);
      CHECK_THAT(text_at(error, "/why"), Catch::Contains(MachinePolicy::path) && Catch::Contains("machine"));
      check_refused(cli, {"pack", "disable", name, "--skill", name + "-s"}, refusal);
    }
    check_all();
  }
  SECTION("uninstalling") {
    check_refused(cli, {"pack", "remove", "mine"},
                  denied("Pack \"mine\" is required by admin policy and cannot be uninstalled"));
    check_all();
  }
  SECTION("edited toggles") {
    cli.write("home/pack-states.json", R"({"updatedAt": 1,
      "packs": {"alpha-pack": false, "gamma-pack": false, "mine": false, "beta": false},
      "skills": {"alpha-pack": {"alpha-pack-s": false}, "mine": {"mine-s": false}}})");
    check_all();
    CHECK(at(cli.pack("beta"), "/enabled") == json::Value(false));
  }
  SECTION("corrupt toggles") {
    for (const char* text : {"", "{", "[]", R"({"packs": {"mine": 1}})"}) {
      cli.write("home/pack-states.json", text);
      check_all();
    }
    std::filesystem::remove(cli.path("home/pack-states.json"));
    cli.directory().link("home/pack-states.json", "/dev/null");
    check_all();
  }
  SECTION("a user layer that blocks it") {
    cli.policy(R"({"packs": {"blocked": ["alpha", "gamma-pack", "mine", "mine-here"]}})");
    check_all();
    const JsonRan status = cli.call("admin:policiesStatus");
    CHECK_FALSE(at(status.document, "/conflicts").as_array()->empty());
  }
  SECTION("a user layer that does not allow it") {
    cli.policy(R"({"packs": {"allowed": ["beta"]}})");
    check_all();
    CHECK(at(cli.pack("beta"), "/policyBlocked") == json::Value(false));
  }
  SECTION("a user layer that allows nothing custom") {
    cli.policy(R"({"general": {"allowCustomPacks": false}})");
    check_all();
  }
  SECTION("a broken user layer") {
    for (const char* text : {"", "{", R"({"packs": {"required": []}, "packs": {}})"}) {
      cli.policy(text);
      std::filesystem::remove(cli.path("home/policies.json.last-good"));
      check_all();
      CHECK(text_at(cli.pack("beta"), "/policyReason") == "policy-unavailable");
    }
  }
  SECTION("environment and flags") {
    const std::string alien = cli.path("elsewhere/policies.json");
    cli.write("elsewhere/policies.json", "{}");
    const Environment hopes{{"COWORK_MACHINE_POLICY", alien},
                            {"COWORK_POLICY", alien},
                            {"XDG_CONFIG_DIRS", cli.path("elsewhere")},
                            {"COWORK_NO_POLICY", "1"}};
    CHECK(cli.run({"pack", "disable", "alpha"}, hopes).status == 3);
    CHECK(cli.run({"pack", "disable", "alpha", "--yes"}).status == 3);
    CHECK(cli.run({"pack", "disable", "alpha", "--home", cli.path("elsewhere")}).status == 3);
    CHECK(cli.run({"pack", "disable", "alpha", "--machine-policy", alien}).status == 2);
    check_all();
  }
  SECTION("settings of the user") {
    cli.write("home/host.json", R"({"machinePolicy": "/dev/null", "policy": {"machine": null}, "logLevel": "error"})");
    check_all();
  }
  SECTION("a pack of the user that would shadow it, in either name") {
    cli.mini_pack("home/extensions/alpha", "evil", R"({"version": "9.0.0"})");
    cli.mini_pack("home/extensions/aaa", "alpha-pack", R"({"version": "9.0.0"})");
    cli.mini_pack("home/extensions/gamma", "gamma-pack", R"({"version": "9.0.0"})");
    check_all();
    CHECK(text_at(cli.pack("alpha-pack"), "/scope") == "builtin");
    CHECK(text_at(cli.pack("alpha-pack"), "/version") == "1.0.0");
    CHECK(text_at(cli.pack("gamma-pack"), "/scope") == "organization");
    CHECK(cli.pack("evil").is_null());
  }
  SECTION("removing the user's own policy and its copy") {
    cli.policy(R"({"packs": {"blocked": ["beta"]}})");
    check_all();
    for (const char* name : {"home/policies.json", "home/policies.json.last-good"})
      std::filesystem::remove(cli.path(name));
    check_all();
    CHECK(at(cli.pack("beta"), "/policyBlocked") == json::Value(false));
  }
}

TEST_CASE("`admin:policiesUpdate` | machine values are locked", "[layers][enforcement][root]") {
  if (MachinePolicy::missing()) return;
  const std::string text =
      R"({"packs": {"required": ["alpha"], "blocked": ["beta"]}, "connectors": {"blocked": ["crm"]},
    "agents": {"maxHeartbeatFrequencySec": 120, "maxConcurrentAgents": 4},
    "general": {"allowGitInstall": false, "orgName": "Acme Corp"}})";
  const MachinePolicy machine(text);
  const FourPacks cli;
  SECTION("what would remove or loosen one is refused") {
    for (const char* patch :
         {R"([{"packs": {"required": []}}])", R"([{"packs": {"blocked": ["other"]}}])",
          R"([{"connectors": {"blocked": []}}])", R"([{"agents": {"maxHeartbeatFrequencySec": 60}}])",
          R"([{"agents": {"maxConcurrentAgents": 5}}])", R"([{"general": {"allowGitInstall": true}}])",
          R"([{"general": {"orgName": "Someone else"}}])", R"([{"general": {"orgName": null}}])"}) {
      const json::Value error = check_call_refused(cli, "admin:policiesUpdate", patch, denied());
      CHECK_THAT(text_at(error, "/why"), Catch::Contains(MachinePolicy::path));
      CHECK_FALSE(cli.exists("home/policies.json"));
    }
    check_refused(cli, {"policy", "set", "general.allowGitInstall=true"}, denied());
  }
  SECTION("what tightens passes, and nothing imposed from above is written down") {
    const JsonRan updated = cli.call("admin:policiesUpdate", R"([{"packs": {"blocked": ["beta", "mine"], "required":
      ["alpha", "gamma"]}, "agents": {"maxConcurrentAgents": 3}, "general": {"allowGitInstall": false}}])");
    REQUIRE(updated.status == 0);
    CHECK(at(updated.document, "/packs/blocked") == json::Value::strings({"beta", "mine"}));
    CHECK(at(updated.document, "/packs/required") == json::Value::strings({"alpha", "gamma"}));
    CHECK(at(updated.document, "/agents/maxHeartbeatFrequencySec") == json::Value(120));
    CHECK(at(updated.document, "/agents/maxConcurrentAgents") == json::Value(3));
    const json::Value written = cli.read_json("home/policies.json");
    CHECK(at(written, "/packs") == parsed(R"({"blocked": ["mine"], "required": ["gamma"]})", "packs"));
    CHECK(at(written, "/agents") == parsed(R"({"maxConcurrentAgents": 3})", "agents"));
    CHECK(written.find("general") == nullptr);
  }
  CHECK(machine.read() == text);
}

TEST_CASE("The user's own sections may go, and take nothing of the machine layer with them", "[layers][root]") {
  if (MachinePolicy::missing()) return;
  const MachinePolicy machine(R"({"packs": {"required": ["alpha"]}, "general": {"allowGitInstall": false}})");
  const FourPacks cli;
  cli.policy(R"({"packs": {"blocked": ["beta"]}, "general": {"allowUrlInstall": false}})");
  REQUIRE(cli.run({"policy", "reset", "--yes"}).status == 0);
  const json::Value policy = cli.call("admin:policiesGet").document;
  CHECK(at(policy, "/packs") == parsed(R"({"allowed": [], "blocked": [], "required": ["alpha"]})", "packs"));
  CHECK(at(policy, "/general") ==
        parsed(R"({"allowCustomPacks": true, "allowGitInstall": false, "allowUrlInstall": true})", "general"));
  check_required_and_on(cli, "alpha-pack");
}

TEST_CASE("Lower layers only tighten", "[layers][root]") {
  if (MachinePolicy::missing()) return;
  const MachinePolicy machine(R"({"packs": {"allowed": ["alpha", "beta", "gamma"], "blocked": ["gamma"]},
    "connectors": {"blocked": ["crm"]}, "agents": {"maxHeartbeatFrequencySec": 120, "maxConcurrentAgents": 4},
    "general": {"allowGitInstall": false, "orgName": "Acme Corp"}})");
  const FourPacks cli;
  cli.policy(R"({"packs": {"allowed": ["alpha-pack", "gamma-pack", "mine"]}, "connectors": {"blocked": ["wiki"]},
    "agents": {"maxHeartbeatFrequencySec": 60, "maxConcurrentAgents": 9},
    "general": {"allowGitInstall": true, "allowUrlInstall": false, "orgName": "Me"}})");
  CHECK(at(cli.pack("alpha-pack"), "/policyBlocked") == json::Value(false));
  CHECK(text_at(cli.pack("beta"), "/policyReason") == "not-allowed");
  CHECK(text_at(cli.pack("gamma-pack"), "/policyReason") == "blocked");
  CHECK(text_at(cli.pack("mine"), "/policyReason") == "not-allowed");
  const json::Value policy = cli.call("admin:policiesGet").document;
  CHECK(at(policy, "/packs/allowed") == json::Value::strings({"alpha-pack"}));
  CHECK(at(policy, "/connectors/blocked") == json::Value::strings({"crm", "wiki"}));
  CHECK(at(policy, "/agents") == parsed(R"({"maxHeartbeatFrequencySec": 120, "maxConcurrentAgents": 4})", "agents"));
  CHECK(at(policy, "/general") == parsed(R"({"allowCustomPacks": true, "allowGitInstall": false,
    "allowUrlInstall": false, "orgName": "Acme Corp"})",
                                         "general"));
  const JsonRan status = cli.call("admin:policiesStatus");
  const auto origin = [&](std::string_view value) {
    const json::Value* found = at(status.document, "/origins").find(value);
    return found ? *found : json::Value();
  };
  CHECK(text_at(origin("/general/allowUrlInstall"), "/layer") == "user");
  CHECK(text_at(origin("/general/allowUrlInstall"), "/file") == cli.path("home/policies.json"));
  CHECK(text_at(origin("/general/allowGitInstall"), "/layer") == "machine");
  CHECK(text_at(origin("/general/allowGitInstall"), "/file") == MachinePolicy::path);
  CHECK(text_at(origin("/agents/maxHeartbeatFrequencySec"), "/layer") == "machine");
  CHECK(text_at(origin("/general/allowCustomPacks"), "/layer") == "default");
}

TEST_CASE("A pack that the machine layer blocks is blocked, also when the user requires it", "[layers][root]") {
  if (MachinePolicy::missing()) return;
  const MachinePolicy machine(R"({"packs": {"blocked": ["beta"]}})");
  const FourPacks cli;
  cli.policy(R"({"packs": {"required": ["beta"]}})");
  CHECK(text_at(cli.pack("beta"), "/policyReason") == "blocked");
  check_refused(cli, {"pack", "enable", "beta"}, denied("Pack \"beta\" is blocked by admin policy"));
}

TEST_CASE("Where two lists of allowed packs leave nothing, the effective list says so", "[layers][root]") {
  if (MachinePolicy::missing()) return;
  const MachinePolicy machine(R"({"packs": {"allowed": ["alpha"]}})");
  const FourPacks cli;
  cli.policy(R"({"packs": {"allowed": ["beta"]}})");
  CHECK(at(cli.call("admin:policiesGet").document, "/packs/allowed") == json::Value::strings({"-"}));
  for (const std::string& name : FourPacks::names()) CHECK(text_at(cli.pack(name), "/policyReason") == "not-allowed");
}

}  // namespace
}  // namespace cowork::test
