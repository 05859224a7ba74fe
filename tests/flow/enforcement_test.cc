// SPEC §6, "Enforcement", row by row, from disk over the command line back to disk: the rows about packs. Those about
// connectors and agents are in agents_test.cc, the locked values of the machine layer in layers_test.cc.
#include "four_packs.h"
#include "refusal.h"

namespace cowork::test {
namespace {

Refusal denied(std::string begins) {
  return {3, "policy-denied", std::move(begins)};
}
Refusal unavailable(std::string begins) {
  return {3, "policy-unavailable", std::move(begins)};
}

void check_blocked(const json::Value& pack, const std::string& reason) {
  INFO(json::to_text(pack));
  CHECK(at(pack, "/policyBlocked") == json::Value(true));
  CHECK(at(pack, "/policyReason") == json::Value(reason));
  CHECK(at(pack, "/policyRequired") == json::Value(false));
  CHECK(at(pack, "/enabled") == json::Value(false));
  CHECK(at(pack, "/state") == json::Value("disabled"));
}

void check_free(const json::Value& pack) {
  INFO(json::to_text(pack));
  CHECK(at(pack, "/policyBlocked") == json::Value(false));
  CHECK(at(pack, "/policyRequired") == json::Value(false));
  CHECK(pack.find("policyReason") == nullptr);
  CHECK(at(pack, "/enabled") == json::Value(true));
  CHECK(at(pack, "/state") == json::Value("active"));
}

TEST_CASE(
    "`pluginPack:list`, `pluginPack:get` | `policyBlocked` (= not permitted), `policyRequired` set, `policyReason` "
    "`blocked`, `not-allowed` or `policy-unavailable`; a blocked pack shows `enabled: false`, `state: \"disabled\"`; a "
    "required one shows enabled; blocked connectors are flagged",
    "[enforcement]") {
  const FourPacks cli;
  SECTION("without a policy every pack is free") {
    for (const std::string& name : FourPacks::names()) check_free(cli.shown(name));
  }
  SECTION("blocked, by the name or by the directory's name, in every tier") {
    cli.policy(R"({"packs": {"blocked": ["alpha", "gamma-pack", "mine-here"]}})");
    for (const char* name : {"alpha-pack", "gamma-pack", "mine"}) check_blocked(cli.shown(name), "blocked");
    check_free(cli.shown("beta"));
  }
  SECTION("not in the list of allowed ones; a directory's name counts in the builtin and organization tiers only") {
    cli.policy(R"({"packs": {"allowed": ["alpha", "gamma", "mine-here"]}})");
    check_free(cli.shown("alpha-pack"));
    check_free(cli.shown("gamma-pack"));
    check_blocked(cli.shown("beta"), "not-allowed");
    check_blocked(cli.shown("mine"), "not-allowed");
  }
  SECTION("blocked takes precedence over allowed") {
    cli.policy(R"({"packs": {"allowed": ["alpha", "beta"], "blocked": ["beta"]}})");
    check_blocked(cli.shown("beta"), "blocked");
  }
  SECTION("the policy can't be used") {
    cli.policy("{");
    for (const std::string& name : FourPacks::names()) check_blocked(cli.shown(name), "policy-unavailable");
  }
  SECTION("required packs and their skills are on, whatever the toggles say") {
    cli.write("home/pack-states.json", R"({"updatedAt": 1, "packs": {"alpha-pack": false, "mine": false, "beta": false},
      "skills": {"alpha-pack": {"alpha-pack-s": false}}})");
    cli.policy(R"({"packs": {"required": ["alpha", "mine"]}})");
    for (const char* name : {"alpha-pack", "mine"}) {
      const json::Value pack = cli.shown(name);
      CHECK(at(pack, "/policyRequired") == json::Value(true));
      CHECK(at(pack, "/policyBlocked") == json::Value(false));
      CHECK(at(pack, "/enabled") == json::Value(true));
      CHECK(at(pack, "/state") == json::Value("active"));
      CHECK(at(pack, "/skills/0/enabled") == json::Value(true));
    }
    CHECK(at(cli.shown("beta"), "/enabled") == json::Value(false));
    CHECK(cli.contributed_skills() == std::vector<std::string>{"alpha-pack-s", "gamma-pack-s", "mine-s"});
  }
  SECTION("blocked connectors") {
    cli.policy(R"({"connectors": {"blocked": ["crm"]}})");
    const json::Value pack = cli.shown("alpha-pack");
    CHECK(at(entry_with(at(pack, "/connectors"), "name", "crm"), "/policyBlocked") == json::Value(true));
    CHECK(at(entry_with(at(pack, "/connectors"), "name", "wiki"), "/policyBlocked") == json::Value(false));
    check_free(pack);
  }
}

TEST_CASE(
    "`pluginPack:toggle`, `pluginPack:toggleSkill` | a pack not permitted cannot be enabled (disabling is fine); a "
    "required one cannot be disabled, nor its skills",
    "[enforcement]") {
  const FourPacks cli;
  const auto toggles = [&] { return cli.read_json("home/pack-states.json"); };
  SECTION("a blocked pack") {
    cli.policy(R"({"packs": {"blocked": ["alpha"]}, "general": {"orgName": "Acme Corp"}})");
    const Refusal refusal = denied("Pack \"alpha-pack\" is blocked by admin policy");
    for (const Arguments& command : {Arguments{"pack", "enable", "alpha-pack"},
                                     {"pack", "enable", "alpha"},
                                     {"pack", "enable", "alpha-pack", "--skill", "alpha-pack-s"},
                                     {"call", "pluginPack:toggle", R"(["alpha-pack", true])"},
                                     {"call", "pluginPack:toggleSkill", R"(["alpha", "alpha-pack-s", true])"}}) {
      const std::string why = text_at(check_refused(cli, command, refusal), "/why");
      CHECK_THAT(why, Catch::Contains("packs.blocked") && Catch::Contains(cli.path("home/policies.json") + ":1") &&
                          Catch::Contains("Acme Corp"));
    }
    CHECK(cli.run({"pack", "disable", "alpha-pack"}).status == 0);
    CHECK(cli.run({"pack", "disable", "alpha", "--skill", "alpha-pack-s"}).status == 0);
    CHECK(at(toggles(), "/packs/alpha-pack") == json::Value(false));
    CHECK(at(toggles(), "/skills/alpha-pack/alpha-pack-s") == json::Value(false));
  }
  SECTION("a pack that is not in the list of allowed ones") {
    cli.policy(R"({"packs": {"allowed": ["alpha"]}})");
    check_refused(cli, {"pack", "enable", "beta"}, denied("Pack \"beta\" is not in the list of allowed packs"));
    check_refused(cli, {"pack", "enable", "beta", "--skill", "beta-s"},
                  denied("Pack \"beta\" is not in the list of allowed packs"));
    CHECK(cli.run({"pack", "disable", "beta"}).status == 0);
    CHECK(cli.run({"pack", "enable", "alpha"}).status == 0);
    CHECK(at(toggles(), "/packs") == json::Value::object({{"alpha-pack", true}, {"beta", false}}));
  }
  SECTION("a required pack") {
    cli.policy(R"({"packs": {"required": ["alpha", "mine"]}})");
    const Refusal refusal = denied("Pack \"alpha-pack\" is required by admin policy and cannot be disabled");
    check_refused(cli, {"pack", "disable", "alpha"}, refusal);
    check_refused(cli, {"pack", "disable", "alpha-pack", "--skill", "alpha-pack-s"}, refusal);
    check_refused(cli, {"pack", "disable", "mine"},
                  denied("Pack \"mine\" is required by admin policy and cannot be disabled"));
    CHECK_FALSE(cli.exists("home/pack-states.json"));
    CHECK(cli.run({"pack", "enable", "alpha"}).status == 0);
    CHECK(cli.run({"pack", "disable", "beta"}).status == 0);
  }
  SECTION("while the policy can't be used, nothing can be toggled") {
    cli.policy("{");
    for (const char* verb : {"enable", "disable"}) {
      check_refused(cli, {"pack", verb, "beta"}, unavailable(""));
      check_refused(cli, {"pack", verb, "beta", "--skill", "beta-s"}, unavailable(""));
    }
  }
  SECTION("what no rule forbids answers with the pack's name") {
    CHECK(cli.call("pluginPack:toggle", R"(["gamma", false])").document ==
          json::Value::object({{"success", true}, {"name", "gamma-pack"}, {"enabled", false}}));
    CHECK(cli.call("pluginPack:toggleSkill", R"(["alpha", "alpha-pack-s", false])").document ==
          json::Value::object(
              {{"success", true}, {"packName", "alpha-pack"}, {"skillId", "alpha-pack-s"}, {"enabled", false}}));
    CHECK(cli.contributed_skills() == std::vector<std::string>{"beta-s", "mine-s"});
  }
}

TEST_CASE(
    "`pluginPack:scaffold`, `pluginPack:install` (directory or archive of this machine) | refused when "
    "`allowCustomPacks` is false, or when the new id is not permitted",
    "[enforcement]") {
  const FourPacks cli;
  cli.mini_pack("source/anything", "fresh");
  const std::string directory = cli.path("source/anything");
  const auto check_both = [&](const Refusal& refusal) {
    check_refused(cli, {"pack", "new", "fresh"}, refusal);
    check_refused(cli, {"pack", "new", "fresh", "--kind", "skill"}, refusal);
    check_refused(cli, {"pack", "install", directory}, refusal);
    CHECK_FALSE(cli.exists("home/extensions/fresh"));
    CHECK_FALSE(cli.exists("home/pack-lock.json"));
  };
  SECTION("custom packs are not allowed") {
    cli.policy(R"({"general": {"allowCustomPacks": false}})");
    check_both(denied("Installation disabled by admin policy"));
    check_refused(cli, {"pack", "new", "fresh", "--into", cli.path("source")},
                  denied("Installation disabled by admin policy"));
    cli.write("source/fresh.tar.gz", "no archive at all");
    check_refused(cli, {"pack", "install", cli.path("source/fresh.tar.gz")},
                  denied("Installation disabled by admin policy"));
  }
  SECTION("the new id is blocked") {
    cli.policy(R"({"packs": {"blocked": ["fresh"]}})");
    check_both(denied("Pack \"fresh\" is blocked by admin policy"));
  }
  SECTION("the new id is not in the list of allowed packs") {
    cli.policy(R"({"packs": {"allowed": ["alpha", "anything"]}})");
    check_both(denied("Pack \"fresh\" is not in the list of allowed packs"));
  }
  SECTION("the policy can't be used") {
    cli.policy("[]");
    check_both(unavailable(""));
  }
  SECTION("both pass where no rule forbids them; the switches for git and URLs are others") {
    cli.policy(R"({"packs": {"allowed": ["fresh", "made"]}, "general": {"allowGitInstall": false,
                   "allowUrlInstall": false}})");
    CHECK(cli.run({"pack", "new", "made"}).status == 0);
    CHECK(cli.run({"pack", "install", directory}).status == 0);
    CHECK(cli.exists("home/extensions/made/cowork.plugin.json"));
    CHECK(cli.exists("home/extensions/fresh/cowork.plugin.json"));
    check_free(cli.shown("fresh"));
    check_free(cli.shown("made"));
  }
}

TEST_CASE(
    "`pluginPack:installGit` / `pluginPack:installUrl` | refused when `allowGitInstall` / `allowUrlInstall` is false, "
    "before any network",
    "[enforcement]") {
  const FourPacks cli;
  // Nobody listens on port 1: whoever goes there reports a network error.
  const Arguments git{"pack", "install", "https://127.0.0.1:1/acme/crm.git"};
  const Arguments git_scheme{"pack", "install", "git+https://127.0.0.1:1/acme/crm"};
  const Arguments github{"pack", "install", "github:acme/crm"};
  const Arguments manifest{"pack", "install", "https://127.0.0.1:1/cowork.plugin.json"};
  const Arguments archive{"pack", "install", "https://127.0.0.1:1/crm.zip"};
  const Refusal refusal = denied("Installation disabled by admin policy");
  SECTION("git") {
    cli.policy(R"({"general": {"allowGitInstall": false}})");
    for (const Arguments& command : {git, git_scheme, github}) {
      const json::Value error = check_refused(cli, command, refusal);
      CHECK_THAT(text_at(error, "/why"), Catch::Contains("general.allowGitInstall"));
    }
    CHECK(cli.run(manifest).status != 3);
  }
  SECTION("URL") {
    cli.policy(R"({"general": {"allowUrlInstall": false}})");
    for (const Arguments& command : {manifest, archive}) {
      const json::Value error = check_refused(cli, command, refusal);
      CHECK_THAT(text_at(error, "/why"), Catch::Contains("general.allowUrlInstall"));
    }
    CHECK(cli.run(git).status != 3);
  }
  SECTION("the switch for custom packs is another one") {
    cli.policy(R"({"general": {"allowCustomPacks": false}})");
    for (const Arguments& command : {git, manifest}) CHECK(cli.run(command).status != 3);
  }
  SECTION("the policy can't be used") {
    cli.policy("");
    for (const Arguments& command : {git, manifest}) check_refused(cli, command, unavailable(""));
  }
}

TEST_CASE("`pluginPack:uninstall` | user tier only; required packs refused", "[enforcement]") {
  const FourPacks cli;
  cli.mini_pack("source/fresh", "fresh");
  REQUIRE(cli.run({"pack", "install", cli.path("source/fresh")}).status == 0);
  REQUIRE(cli.run({"pack", "disable", "fresh"}).status == 0);
  SECTION("required") {
    cli.policy(R"({"packs": {"required": ["fresh"]}})");
    check_refused(cli, {"pack", "remove", "fresh"},
                  denied("Pack \"fresh\" is required by admin policy and cannot be uninstalled"));
  }
  SECTION("the policy can't be used") {
    cli.policy("{}}");
    check_refused(cli, {"pack", "remove", "fresh"}, unavailable(""));
  }
  SECTION("packs of the other tiers stay, with whatever is recorded of them") {
    REQUIRE(cli.run({"pack", "disable", "alpha"}).status == 0);
    for (const char* name : {"alpha", "alpha-pack", "gamma"})
      check_refused(cli, {"pack", "remove", name}, {2, "invalid-argument", "pack "});
  }
  SECTION("a blocked pack may go, and its toggles and lock record go with it") {
    cli.policy(R"({"packs": {"blocked": ["fresh"]}})");
    CHECK(cli.run({"pack", "remove", "fresh"}).status == 0);
    CHECK_FALSE(cli.exists("home/extensions/fresh"));
    CHECK(at(cli.read_json("home/pack-states.json"), "/packs") == json::Value(json::Object{}));
    CHECK_THAT(cli.read("home/pack-lock.json"), !Catch::Contains("fresh"));
    CHECK(cli.pack("fresh").is_null());
  }
}

TEST_CASE(
    "activation of a pack, however it reached the directory | not permitted: no contribution, no native code. A user "
    "pack that no install recorded (copied by hand) counts as custom",
    "[enforcement]") {
  const FourPacks cli;
  SECTION("what is not permitted contributes nothing, and can't be had by its id") {
    cli.policy(R"({"packs": {"blocked": ["alpha", "mine"]}})");
    CHECK(cli.contributed_skills() == std::vector<std::string>{"beta-s", "gamma-pack-s"});
    const json::Value context = cli.call("pluginPack:getContext").document;
    CHECK(at(context, "/slashCommands") == json::Value::array());
    CHECK(at(context, "/connectors") == json::Value::array());
    check_refused(cli, {"skill", "show", "mine-s"}, {4, "not-found", ""});
    check_refused(cli, {"skill", "render", "alpha-pack-s"}, {4, "not-found", ""});
    check_call_refused(cli, "connector:get", R"(["crm"])", {4, "not-found", ""});
    cli.policy("{}");
    CHECK(cli.contributed_skills().size() == 4);
  }
  SECTION("copied by hand, where custom packs are not allowed") {
    cli.mini_pack("source/fresh", "fresh");
    REQUIRE(cli.run({"pack", "install", cli.path("source/fresh")}).status == 0);
    cli.policy(R"({"general": {"allowCustomPacks": false}})");
    check_blocked(cli.shown("mine"), "not-allowed");
    check_free(cli.shown("fresh"));
    CHECK(cli.contributed_skills() == std::vector<std::string>{"alpha-pack-s", "beta-s", "gamma-pack-s", "fresh-s"});
    check_refused(cli, {"pack", "enable", "mine"}, denied("Installation disabled by admin policy"));
    cli.mini_pack("home/extensions/later", "later");
    check_blocked(cli.shown("later"), "not-allowed");
  }
  SECTION("copied by hand under a blocked name") {
    cli.policy(R"({"packs": {"blocked": ["later"]}})");
    cli.mini_pack("home/extensions/innocent", "later");
    check_blocked(cli.shown("later"), "blocked");
  }
}

}  // namespace
}  // namespace cowork::test
