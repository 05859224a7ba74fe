// Every code of SPEC §8 that the command line can meet: three lines, code, exit status, error document, and the disk as
// it was. `internal`, `interceptor-failed`, `cancelled` and `timeout` need an interceptor (interceptors_test.cc);
// `network` needs a fetcher.
#include "four_packs.h"
#include "refusal.h"

namespace cowork::test {
namespace {

TEST_CASE("`invalid-argument` and wrong usage: exit status 2", "[errors]") {
  const FourPacks cli;
  for (const Arguments& command : {Arguments{"pack", "enable"},
                                   {"pack", "lst"},
                                   {"pakc", "list"},
                                   {"pack", "list", "--scoep", "user"},
                                   {"pack", "list", "extra"},
                                   {"pack", "list", "--scope", "nowhere"},
                                   {"pack", "list", "--color", "sometimes"},
                                   {"call", "pluginPack:lsit"},
                                   {"call", "pack:activate", R"(["beta"])"},
                                   {"call", "pack:admit", R"(["beta"])"},
                                   {"call", "pluginPack:toggle", R"(["beta"])"},
                                   {"call", "pluginPack:toggle", R"(["beta", "true"])"},
                                   {"call", "pluginPack:toggle", R"(["beta", true, 1])"},
                                   {"call", "pluginPack:toggle", R"({"nmae": "beta"})"},
                                   {"call", "pluginPack:toggle", R"(["beta", tru])"},
                                   {"call", "pluginPack:toggle", R"(["", true])"},
                                   {"call", "pluginPack:list", R"([1])"},
                                   {"pack", "new", "Not A Name"},
                                   {"pack", "new", "../up"},
                                   {"pack", "new", "fresh", "--kind", "unheard-of"},
                                   {"policy", "set", "packs.blcoked+=x"},
                                   {"policy", "set", "general.allowGitInstall=maybe"},
                                   {"policy", "set", "general.allowGitInstall+=x"},
                                   {"policy", "get", "--layer", "remote"},
                                   {"policy", "set", "nonsense=1"},
                                   {"policy", "explain", "no:such"},
                                   {"pack", "install", "ftp://host/pack.zip"},
                                   {"pack", "install", "github:nobody"},
                                   {"--home", "relative\tnot", "unknown-verb"},
                                   {"call", "agent:start", R"([{"workspace": "", "agentId": "a"}])"},
                                   {"call", "admin:policiesUpdate", R"([{}, {"layer": "remote"}])"},
                                   {"call", "admin:policiesUpdate", "[[]]"}}) {
    check_refused(cli, command, {2, "invalid-argument", ""});
  }
}

TEST_CASE("A typo gets a suggestion", "[errors]") {
  const FourPacks cli;
  const auto remedy = [&](const Arguments& command) { return text_at(cli.json(command).document, "/error/try"); };
  CHECK_THAT(remedy({"pack", "lst"}), Catch::Contains("cowork pack list"));
  CHECK_THAT(remedy({"pack", "list", "--scoep", "user"}), Catch::Contains("--scope"));
  CHECK_THAT(remedy({"pack", "enable", "bteta"}), Catch::Contains("beta"));
  CHECK_THAT(remedy({"call", "pluginPack:lsit"}), Catch::Contains("pluginPack:list"));
  CHECK_THAT(remedy({"policy", "set", "packs.blcoked+=x"}), Catch::Contains("packs.blocked"));
}

TEST_CASE("`not-found`: exit status 4", "[errors]") {
  const FourPacks cli;
  for (const Arguments& command : {Arguments{"pack", "enable", "nobody"},
                                   {"pack", "disable", "nobody"},
                                   {"pack", "info", "nobody"},
                                   {"pack", "remove", "nobody"},
                                   {"pack", "enable", "beta", "--skill", "nothing"},
                                   {"skill", "show", "nothing"},
                                   {"skill", "render", "nothing"},
                                   {"call", "agentRole:get", R"(["nobody"])"},
                                   {"call", "connector:get", R"(["nothing"])"},
                                   {"pack", "install", cli.path("no-such-directory")},
                                   {"policy", "get", "general.orgName"},
                                   {"pack", "enable", "mine-here"}}) {
    check_refused(cli, command, {4, "not-found", ""});
  }
}

TEST_CASE("`policy-denied`: exit status 3", "[errors]") {
  const FourPacks cli;
  cli.policy(R"({"packs": {"blocked": ["beta"], "required": ["alpha"]}})");
  check_refused(cli, {"pack", "enable", "beta"}, {3, "policy-denied", "Pack \"beta\" is blocked by admin policy"});
  check_refused(cli, {"pack", "disable", "alpha"}, {3, "policy-denied", "Pack \"alpha-pack\" is required by"});
}

TEST_CASE("`policy-unavailable`: exit status 3", "[errors]") {
  const FourPacks cli;
  cli.policy("{\"packs\": {\"blocked\": [\"beta\"]}");
  for (const Arguments& command : {Arguments{"pack", "enable", "beta"},
                                   {"pack", "disable", "alpha"},
                                   {"pack", "new", "fresh"},
                                   {"pack", "remove", "mine"},
                                   {"call", "agent:start", R"([{"workspace": "w", "agentId": "a"}])"},
                                   {"policy", "set", "packs.blocked+=alpha"},
                                   {"call", "connector:use", R"(["crm"])"}}) {
    const json::Value error = check_refused(cli, command, {3, "policy-unavailable", ""});
    CHECK_THAT(text_at(error, "/why"), Catch::Contains(cli.path("home/policies.json")));
  }
  CHECK(cli.run({"policy", "set", "--start-from", "defaults", "packs.blocked+=alpha"}).status == 0);
  CHECK(at(cli.read_json("home/policies.json"), "/packs/blocked") == json::Value::strings({"alpha"}));
  CHECK(cli.run({"pack", "enable", "beta"}).status == 0);
}

TEST_CASE("An update on top of an invalid file says what it starts from, or is refused", "[errors]") {
  const FourPacks cli;
  REQUIRE(cli.run({"policy", "set", "packs.blocked+=beta"}).status == 0);
  cli.policy("{");
  check_refused(cli, {"policy", "set", "packs.blocked+=alpha"}, {3, "policy-unavailable", ""});
  CHECK(at(cli.pack("beta"), "/policyReason") == json::Value("blocked"));
  CHECK(cli.run({"pack", "disable", "alpha"}).status == 0);
  SECTION("the last good content") {
    CHECK(cli.run({"policy", "set", "--start-from", "last-good", "packs.blocked+=alpha"}).status == 0);
    CHECK(at(cli.read_json("home/policies.json"), "/packs/blocked") == json::Value::strings({"beta", "alpha"}));
  }
  SECTION("the defaults") {
    CHECK(cli.run({"policy", "set", "--start-from", "defaults", "packs.blocked+=alpha"}).status == 0);
    CHECK(at(cli.read_json("home/policies.json"), "/packs/blocked") == json::Value::strings({"alpha"}));
  }
}

TEST_CASE("`invalid-manifest`: exit status 8", "[errors]") {
  const FourPacks cli;
  cli.write("bad/cowork.plugin.json", "{\n  \"name\": \"bad\",\n  \"version\": \"one\"\n}\n");
  const json::Value error = check_refused(cli, {"pack", "install", cli.path("bad")}, {8, "invalid-manifest", ""});
  CHECK_THAT(text_at(error, "/why"), Catch::Contains(cli.path("bad/cowork.plugin.json")));
  CHECK_FALSE(cli.exists("home/extensions/bad"));
  const std::string before = cli.tree_hash({});
  const Ran validated = cli.run({"pack", "validate", cli.path("bad")});
  CHECK(validated.status == 8);
  CHECK_THAT(validated.out, Catch::Contains("invalid-manifest") && Catch::Contains("cowork.plugin.json"));
  CHECK(cli.tree_hash({}) == before);
}

TEST_CASE("`invalid-policy`: exit status 8", "[errors]") {
  const FourPacks cli;
  cli.policy(R"({"packs": {"blocked": ["beta"]}})");
  for (const Arguments& command : {Arguments{"policy", "set", "agents.maxHeartbeatFrequencySec=59"},
                                   {"policy", "set", "agents.maxConcurrentAgents=0"},
                                   {"policy", "set", "general.orgPluginDir=relative/dir"},
                                   {"policy", "set", "packs.required=beta"},
                                   {"policy", "set", "packs.allowed=a", "packs.required=b"},
                                   {"call", "admin:policiesUpdate", R"([{"pakcs": {}}])"},
                                   {"call", "admin:policiesUpdate", R"([{"packs": []}])"},
                                   {"call", "admin:policiesUpdate", R"([{"general": {"allowGitInstall": "false"}}])"},
                                   {"call", "admin:policiesUpdate", R"([{"packs": {"blocked": ["a", 7]}}])"},
                                   {"call", "admin:policiesUpdate", R"([{"version": 3}])"},
                                   {"call", "admin:simulate", R"([{"agents": {"maxConcurrentAgents": 0}}])"}}) {
    check_refused(cli, command, {8, "invalid-policy", ""});
  }
  cli.write("candidate.json", "{\n  \"agents\": {\"maxConcurrentAgents\": 1.5}\n}\n");
  const Ran validated = cli.run({"policy", "validate", cli.path("candidate.json")});
  CHECK(validated.status == 8);
  CHECK_THAT(validated.out, Catch::Contains("candidate.json:2") && Catch::Contains("/agents/maxConcurrentAgents"));
}

TEST_CASE("`conflict`: exit status 7", "[errors]") {
  const FourPacks cli;
  cli.policy("{}");
  check_call_refused(cli, "admin:policiesUpdate", R"([{"packs": {"blocked": ["x"]}}, {"ifRevision": "old"}])",
                     {7, "conflict", ""});
  const JsonRan status = cli.call("admin:policiesStatus");
  const std::string revision = text_at(entry_with(at(status.document, "/layers"), "layer", "user"), "/revision");
  const std::string update = R"([{"packs": {"blocked": ["x"]}}, {"ifRevision": ")" + revision + "\"}]";
  CHECK(cli.call("admin:policiesUpdate", update).status == 0);
  check_call_refused(cli, "admin:policiesUpdate", update, {7, "conflict", ""});
  SECTION("a lower version") {
    cli.mini_pack("two/fresh", "fresh", R"({"version": "2.0.0"})");
    cli.mini_pack("one/fresh", "fresh", R"({"version": "1.9.9"})");
    REQUIRE(cli.run({"pack", "install", cli.path("two/fresh")}).status == 0);
    check_refused(cli, {"pack", "install", cli.path("one/fresh"), "--replace"}, {7, "conflict", ""});
    CHECK(cli.run({"pack", "install", cli.path("one/fresh"), "--replace", "--allow-downgrade"}).status == 0);
    CHECK(text_at(cli.pack("fresh"), "/version") == "1.9.9");
  }
}

TEST_CASE("`already-exists`: exit status 7", "[errors]") {
  const FourPacks cli;
  cli.mini_pack("source/fresh", "fresh");
  REQUIRE(cli.run({"pack", "install", cli.path("source/fresh")}).status == 0);
  REQUIRE(cli.run({"pack", "new", "made"}).status == 0);
  check_refused(cli, {"pack", "install", cli.path("source/fresh")}, {7, "already-exists", ""});
  check_refused(cli, {"pack", "new", "made"}, {7, "already-exists", ""});
  check_refused(cli, {"pack", "new", "fresh"}, {7, "already-exists", ""});
  REQUIRE(cli.run({"pack", "new", "there", "--into", cli.path("source")}).status == 0);
  check_refused(cli, {"pack", "new", "there", "--into", cli.path("source")}, {7, "already-exists", ""});
}

TEST_CASE("`network`: exit status 6", "[errors]") {
  const FourPacks cli;
  check_refused(cli, {"pack", "install", "https://127.0.0.1:1/acme/crm.git"}, {6, "network", ""});
  check_refused(cli, {"pack", "install", "https://127.0.0.1:1/cowork.plugin.json"}, {6, "network", ""});
}

TEST_CASE("A mutation that can't be written down in the audit trail does not take place: `io`", "[errors]") {
  const FourPacks cli;
  cli.directory().make_directory("home/audit.jsonl");
  check_refused(cli, {"pack", "disable", "beta"}, {1, "io", ""});
  check_refused(cli, {"pack", "new", "made"}, {1, "io", ""});
  check_refused(cli, {"policy", "set", "packs.blocked+=beta"}, {1, "io", ""});
  CHECK(at(cli.pack("beta"), "/enabled") == json::Value(true));
}

TEST_CASE("`integrity`: exit status 5", "[errors]") {
  const FourPacks cli;
  REQUIRE(cli.run({"pack", "disable", "beta"}).status == 0);
  REQUIRE(cli.run({"pack", "enable", "beta"}).status == 0);
  CHECK(cli.run({"audit", "--verify"}).status == 0);
  std::string trail = cli.read("home/audit.jsonl");
  trail.resize(trail.rfind('\n', trail.size() - 2) + 1);
  cli.write("home/audit.jsonl", trail);
  const Ran verified = cli.run({"audit", "--verify"});
  CHECK(verified.status == 5);
  CHECK_THAT(verified.err,
             Catch::StartsWith("error[integrity]: ") && Catch::Contains("\n  why: ") && Catch::Contains("\n  try: "));
}

TEST_CASE("Where several apply: `invalid-argument`, then `policy-unavailable`, `policy-denied`, `not-found`",
          "[errors]") {
  const FourPacks cli;
  cli.write("bad/cowork.plugin.json", "{");
  SECTION("invalid-argument before policy-unavailable") {
    cli.policy("{");
    check_call_refused(cli, "pluginPack:toggle", R"(["", true])", {2, "invalid-argument", ""});
    check_call_refused(cli, "pluginPack:toggle", R"(["beta", 1])", {2, "invalid-argument", ""});
    check_refused(cli, {"pack", "new", "Not A Name"}, {2, "invalid-argument", ""});
  }
  SECTION("policy-unavailable before not-found") {
    cli.policy("{");
    check_refused(cli, {"pack", "enable", "nobody"}, {3, "policy-unavailable", ""});
    check_refused(cli, {"pack", "disable", "nobody"}, {3, "policy-unavailable", ""});
    check_refused(cli, {"pack", "remove", "nobody"}, {3, "policy-unavailable", ""});
    check_refused(cli, {"pack", "install", cli.path("nowhere")}, {3, "policy-unavailable", ""});
    check_refused(cli, {"pack", "install", cli.path("bad")}, {3, "policy-unavailable", ""});
  }
  SECTION("invalid-argument before policy-denied") {
    cli.policy(R"({"general": {"allowCustomPacks": false}, "packs": {"allowed": ["alpha"]}})");
    check_refused(cli, {"pack", "new", "Not A Name"}, {2, "invalid-argument", ""});
    check_call_refused(cli, "pluginPack:toggleSkill", R"(["beta", "", true])", {2, "invalid-argument", ""});
  }
  SECTION("policy-denied before not-found") {
    cli.policy(R"({"general": {"allowCustomPacks": false}, "packs": {"blocked": ["nobody", "beta"]}})");
    check_refused(cli, {"pack", "enable", "nobody"}, {3, "policy-denied", "Pack \"nobody\" is blocked"});
    check_refused(cli, {"pack", "enable", "beta", "--skill", "nothing"}, {3, "policy-denied", ""});
    check_refused(cli, {"pack", "install", cli.path("nowhere")}, {3, "policy-denied", ""});
    check_refused(cli, {"pack", "install", cli.path("bad")}, {3, "policy-denied", ""});
    check_refused(cli, {"pack", "new", "mine"}, {3, "policy-denied", ""});
  }
  SECTION("policy-denied before not-found, with a list of allowed packs") {
    cli.policy(R"({"packs": {"allowed": ["alpha"], "required": ["alpha"]}})");
    check_refused(cli, {"pack", "enable", "nobody"}, {3, "policy-denied", "Pack \"nobody\" is not in the list"});
    check_refused(cli, {"pack", "disable", "alpha", "--skill", "nothing"}, {3, "policy-denied", ""});
    check_refused(cli, {"pack", "disable", "nobody"}, {4, "not-found", ""});
  }
}

TEST_CASE("Reading creates nothing but the last good copy of the user's policy", "[errors]") {
  const CommandLine cli;
  const Environment nowhere{{"COWORK_HOME", cli.path("not/made/yet")}};
  const std::string before = cli.tree_hash({});
  for (const Arguments& command :
       {Arguments{"pack", "list"},
        {"policy", "show"},
        {"policy", "validate"},
        {"audit"},
        {"doctor"},
        {"paths"},
        {"chain"},
        {"pack", "context"},
        {"policy", "check", "x"},
        {"policy", "simulate", "packs.blocked+=x"},
        {"policy", "explain", "pluginPack:scaffold", R"([{"name": "x", "displayName": "X"}])"}}) {
    CHECK(cli.run(command, nowhere).status == 0);
    CHECK(cli.run(command).status == 0);
    CHECK(cli.tree_hash({}) == before);
  }
  cli.policy("{}");
  const std::string with_policy = cli.tree_hash({});
  REQUIRE(cli.run({"pack", "list"}).status == 0);
  CHECK(cli.tree_hash({"policies.json.last-good"}) == with_policy);
}

}  // namespace
}  // namespace cowork::test
