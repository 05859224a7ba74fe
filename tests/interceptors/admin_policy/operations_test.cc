// The operations of the admin policy through a host: parameters, chain, disk, reply.
#include "policy_host.h"

namespace cowork::admin_policy {
namespace {

using test::Lines;
using test::PolicyHost;

constexpr const char* user_file = "/home/u/.cowork/policies.json";

TEST_CASE("admin:policiesGet: effective by default, or one layer as it stands in its file") {
  PolicyHost host;
  host.edit(user_file, R"({"version":2,"runtime":{},"packs":{"blocked":["mine"]}})");
  host.host->refresh();
  CHECK(host.call("admin:policiesGet", "[]") ==
        R"({"version":1,"updatedAt":"2025-01-15T12:00:00Z","packs":{"allowed":[],"blocked":["mine"],"required":[]},)"
        R"("connectors":{"blocked":[]},"agents":{"maxHeartbeatFrequencySec":60,"maxConcurrentAgents":10},)"
        R"("general":{"allowCustomPacks":true,"allowGitInstall":true,"allowUrlInstall":true}})");
  CHECK(host.call("admin:policiesGet", "null") == host.call("admin:policiesGet", R"([{"layer":"effective"}])"));
  CHECK(host.call("admin:policiesGet", R"({"options":{"layer":"user"}})") ==
        R"({"version":2,"runtime":{},"packs":{"blocked":["mine"]}})");
  CHECK(host.call("admin:policiesGet", R"([{"layer":"machine"}])") == "{}");
  CHECK(host.call("admin:policiesGet", R"([{"layer":"x"}])") ==
        "invalid-argument: layer must be \"effective\", \"user\" or \"machine\"");
}

TEST_CASE("admin:policiesUpdate: writes, is in force at once, answers the merged document, says so to listeners") {
  PolicyHost host;
  CHECK(host.flags("engineering-pack") == "active enabled");
  const json::Value answer =
      host.reply("admin:policiesUpdate", R"([{"packs":{"blocked":["engineering"],"required":["devops"]}}])");
  CHECK(json::to_text(*answer.find("packs")) == R"({"allowed":[],"blocked":["engineering"],"required":["devops"]})");
  CHECK(*answer.find("updatedAt")->as_string() == "2025-01-15T12:00:00Z");
  CHECK(host.flags("engineering-pack") == "disabled blocked blocked");
  CHECK(host.flags("devops-pack") == "active enabled required");
  CHECK(host.text("policies.json") ==
        "{\n  \"version\": 1,\n  \"updatedAt\": \"2025-01-15T12:00:00Z\",\n  \"packs\": {\n    \"blocked\": [\n"
        "      \"engineering\"\n    ],\n    \"required\": [\n      \"devops\"\n    ]\n  }\n}\n");
  CHECK((*host.disk->open(PolicyHost::home))->status("policies.json")->mode == 0600);
  CHECK(host.text("policies.json.last-good") == host.text("policies.json"));
  CHECK(host.events == Lines{"policy-changed", "pack-state-changed"});
}

TEST_CASE("admin:policiesUpdate: a refused update changes nothing") {
  PolicyHost host;
  host.edit(test::machine_file, R"({"general":{"allowGitInstall":false}})");
  host.edit(user_file, R"({"packs":{"blocked":["mine"]}})");
  host.host->refresh();
  const auto before = host.text("policies.json");
  const std::vector<std::pair<const char*, const char*>> rows{
      {R"([5])", "invalid-argument: parameter \"updates\" must be an object, found a number"},
      {R"([{},{"startFrom":"x"}])", "invalid-argument: startFrom must be \"last-good\" or \"defaults\""},
      {R"([{},{"layer":"remote"}])", "invalid-argument: layer must be \"user\" or \"machine\""},
      {R"([{"general":{"allowGitInstall":true}}])",
       "policy-denied: general.allowGitInstall is locked by the machine policy"},
      {R"([{"packs":{"required":["mine"]}}])",
       "invalid-policy: packs.required has \"mine\", which packs.blocked has too"},
  };
  for (const auto& [params, expected] : rows) {
    CAPTURE(params);
    CHECK(host.call("admin:policiesUpdate", params) == expected);
    CHECK(host.text("policies.json") == before);
  }
  host.disk->set_fault([](std::string_view operation, std::string_view path) -> std::optional<int> {
    if (operation == "replace" && path == user_file) return ENOSPC;
    return std::nullopt;
  });
  CHECK(host.call("admin:policiesUpdate", R"([{"packs":{"blocked":["x"]}}])").starts_with("io: "));
  host.disk->set_fault({});
  CHECK(host.text("policies.json") == before);
  CHECK(host.flags("mine") == "disabled blocked blocked");
}

TEST_CASE("admin:policiesUpdate: what was edited by hand meanwhile is what gets updated") {
  PolicyHost host;
  host.edit(user_file, R"({"packs":{"blocked":["mine"]}})");  // not looked at yet
  host.reply("admin:policiesUpdate", R"([{"general":{"allowGitInstall":false}}])");
  const json::Value policy = host.reply("admin:policiesGet", "[]");
  CHECK(json::to_text(*policy.find("packs")->find("blocked")) == R"(["mine"])");
  CHECK(json::to_text(*policy.find("general")->find("allowGitInstall")) == "false");
}

TEST_CASE("admin:policiesUpdate: ifRevision as the status tells it") {
  PolicyHost host;
  host.reply("admin:policiesUpdate", R"([{"packs":{"blocked":["mine"]}},{"ifRevision":"absent"}])");
  const json::Value status = host.reply("admin:policiesStatus", "[]");
  const std::string revision = *(*status.find("layers")->as_array())[1].find("revision")->as_string();
  const std::string options = R"({"ifRevision":")" + revision + "\"}";
  host.reply("admin:policiesUpdate", R"([{"packs":{"blocked":["other"]}},)" + options + "]");
  CHECK(host.call("admin:policiesUpdate", R"([{"packs":{"blocked":[]}},)" + options + "]")
            .starts_with("conflict: the user policy has changed: its revision is "));
}

TEST_CASE("admin:policiesUpdate: a dry run tells what would be, and writes nothing") {
  PolicyHost host;
  CallOptions options;
  options.dry_run = true;
  const std::string answer = host.call("admin:policiesUpdate", R"([{"packs":{"blocked":["mine"]}}])", options);
  CHECK(answer.find(R"("blocked":["mine"])") != std::string::npos);
  CHECK_FALSE(host.text("policies.json"));
  CHECK(host.flags("mine") == "active enabled");
}

TEST_CASE("admin:policiesUpdate: repairs what is broken when told from where") {
  PolicyHost host;
  host.edit(user_file, "{");
  host.host->refresh();
  CHECK(host.flags("mine") == "disabled blocked policy-unavailable");
  CHECK(host.call("pluginPack:toggle", R"(["mine",false])") ==
        "policy-unavailable: Nothing can be changed while the admin policy is unavailable");
  CHECK(host.call("admin:policiesUpdate", "[{}]") ==
        "policy-unavailable: The user policy is invalid: an update has to say what it starts from");
  CHECK(host.text("policies.json") == "{");
  host.reply("admin:policiesUpdate", R"([{},{"startFrom":"defaults"}])");
  CHECK(host.flags("mine") == "active enabled");
}

TEST_CASE("admin:policiesUpdate: the machine layer") {
  PolicyHost host;
  host.disk->plant_file("/etc/other", "");
  host.reply("admin:policiesUpdate", R"([{"packs":{"required":["mine"]}},{"layer":"machine"}])");
  CHECK(host.flags("mine") == "active enabled required");
  CHECK((*host.disk->open("/etc/cowork"))->status("policies.json")->mode == 0644);
  CHECK(host.call("admin:policiesUpdate", R"([{"packs":{"required":[]}}])") ==
        "policy-denied: \"mine\" in packs.required is locked by the machine policy");
  CHECK(host.policy->machine_layer_exists());
}

TEST_CASE("a policy changed between judgement and commit is judged again") {
  PolicyHost host;
  host.edit(user_file, R"({"packs":{"blocked":["mine"]}})");  // after the host looked, before the commit looks
  CHECK(host.call("pluginPack:toggle", R"(["mine",true])") ==
        "policy-denied: Pack \"mine\" is blocked by admin policy");
}

TEST_CASE("the machine layer holds against a broken or contradicting user layer") {
  PolicyHost host;
  host.edit(test::machine_file, R"({"packs":{"required":["engineering"]}})");
  for (const char* user :
       {R"({"packs":{"blocked":["engineering","engineering-pack"]}})", R"({"packs":{"allowed":["mine"]}})", "{"}) {
    CAPTURE(user);
    const auto home = host.disk->open(PolicyHost::home);
    if (home) (void)(*home)->remove("policies.json.last-good");
    host.edit(user_file, user);
    PolicyHost fresh(host.disk);
    CHECK(fresh.flags("engineering-pack") == "active enabled required");
    CHECK(fresh.call("pluginPack:toggle", R"(["engineering",false])").starts_with("policy-"));
  }
}

TEST_CASE("orgPluginDir is in force at once") {
  PolicyHost host;
  CHECK(host.packs->scanned == Lines{""});
  host.reply("admin:policiesUpdate", R"([{"general":{"orgPluginDir":"/opt/acme"}}])");
  CHECK(host.packs->scanned == Lines{"", "/opt/acme"});
  host.edit(user_file, R"({"general":{"orgPluginDir":"/opt/other"}})");
  host.host->refresh();
  CHECK(host.packs->scanned == Lines{"", "/opt/acme", "/opt/other"});
}

TEST_CASE("admin:checkPack echoes what it was asked and resolves aliases") {
  PolicyHost host;
  host.edit(user_file, R"({"packs":{"allowed":["engineering","ghost"],"required":["engineering"]}})");
  host.host->refresh();
  const std::vector<std::pair<const char*, const char*>> rows{
      {R"(["engineering"])", R"({"packId":"engineering","allowed":true,"required":true})"},
      {R"(["engineering-pack"])", R"({"packId":"engineering-pack","allowed":true,"required":true})"},
      {R"({"packId":"devops"})", R"({"packId":"devops","allowed":false,"required":false})"},
      {R"(["ghost"])", R"({"packId":"ghost","allowed":true,"required":false})"},
      {R"(["spectre"])", R"({"packId":"spectre","allowed":false,"required":false})"},
      {R"([""])", "invalid-argument: packId must not be empty"},
  };
  for (const auto& [params, expected] : rows) {
    CAPTURE(params);
    CHECK(host.call("admin:checkPack", params) == expected);
  }
}

TEST_CASE("admin:policiesStatus tells layers, origins, and what is strange") {
  PolicyHost host;
  host.edit(test::machine_file, R"({"packs":{"required":["mine"]},"updatedAt":"2025-01-01T00:00:00Z"})");
  host.edit(user_file, R"({"packs":{"blocked":["mine","engineerin"]}})");
  host.host->refresh();
  host.edit(user_file, R"({"packs":{"blocked":["mine","engineerin"]},"x":1})");
  host.host->refresh();
  const json::Value status = host.reply("admin:policiesStatus", "[]");
  const json::Array& layers = *status.find("layers")->as_array();
  CHECK(json::to_text(*layers[0].find("state")) == "\"valid\"");
  CHECK(json::to_text(*layers[0].find("updatedAt")) == "\"2025-01-01T00:00:00Z\"");
  CHECK(json::to_text(*layers[1].find("layer")) == "\"user\"");
  CHECK(json::to_text(*layers[1].find("state")) == "\"last-good\"");
  CHECK(json::to_text(*layers[1].find("errors")) ==
        R"([{"message":"unknown member \"x\"; known are version, updatedAt, packs, connectors, agents, general, )"
        R"(everydayAgent, runtime","path":"/home/u/.cowork/policies.json","line":1,"column":44,"pointer":"/x"}])");
  CHECK(json::to_text(*status.find("origins")->find("/packs/blocked/1")) ==
        R"({"layer":"user","file":"/home/u/.cowork/policies.json.last-good","line":1,"pointer":"/packs/blocked/1"})");
  CHECK(json::to_text(*status.find("origins")->find("/general/allowGitInstall")) == R"({"layer":"default"})");
  CHECK(json::to_text(*status.find("unmatched")) ==
        R"([{"list":"packs.blocked","id":"engineerin","layer":"user","file":"/home/u/.cowork/policies.json.last-good",)"
        R"("line":1,"pointer":"/packs/blocked/1","nearest":"engineering"}])");
  CHECK(status.find("conflicts")->as_array()->size() == 1);
  CHECK(status.find("warnings")->as_array()->empty());
}

TEST_CASE("host:status shows the layers, and an invalid policy as an error with its place") {
  PolicyHost host;
  host.edit(user_file, "{\n \"pakcs\": {}}");
  host.host->refresh();
  const auto status = host.host->call(GetStatus{});
  REQUIRE(status);
  CHECK(status->layers.as_array()->size() == 2);
  std::vector<Diagnostic> found;
  for (const Diagnostic& diagnostic : status->diagnostics)
    if (diagnostic.code == "invalid-policy") found.push_back(diagnostic);
  REQUIRE(found.size() == 1);
  CHECK(found.front() == Diagnostic{Severity::error,
                                    "invalid-policy",
                                    "unknown member \"pakcs\", did you mean \"packs\"?; no last good content: closed "
                                    "until this is repaired",
                                    {user_file, 2, 2, "/pakcs"}});
}

TEST_CASE("admin:explain tells who decides, by which rule, without side effects") {
  PolicyHost host;
  host.edit(user_file, R"({"packs":{"blocked":["engineering"]}})");
  host.host->refresh();
  CHECK(host.call("admin:explain", R"(["pluginPack:toggle",["engineering",true]])") ==
        R"({"operation":"pluginPack:toggle","allowed":false,"decidedBy":"admin-policy","reason":"blocked",)"
        R"("rule":{"name":"packs.blocked","layer":"user","file":"/home/u/.cowork/policies.json","line":1,)"
        R"("pointer":"/packs/blocked/0"},"code":"policy-denied",)"
        R"("message":"Pack \"engineering-pack\" is blocked by admin policy",)"
        R"~("why":"packs.blocked in /home/u/.cowork/policies.json:1 (user layer)",)~"
        R"("try":"cowork policy explain pluginPack:toggle '[\"engineering-pack\",true]'"})");
  CHECK(host.call("admin:explain", R"({"operation":"pluginPack:toggle","params":{"name":"mine","enabled":true}})") ==
        R"({"operation":"pluginPack:toggle","allowed":true,"decidedBy":"default"})");
  CHECK(host.call("admin:explain", R"(["pluginPack:installGit",["https://example.org/a.git"]])") ==
        R"({"operation":"pluginPack:installGit","allowed":true,"decidedBy":"default"})");
  CHECK(host.call("admin:explain", R"(["no:such",[]])").starts_with("invalid-argument: "));
  CHECK(host.call("admin:explain", R"(["pluginPack:toggle",[1]])").starts_with("invalid-argument: "));
}

TEST_CASE("admin:simulate tells before and after of every pack; an invalid candidate is invalid-policy") {
  PolicyHost host;
  host.edit(user_file, R"({"packs":{"blocked":["mine"]}})");
  host.host->refresh();
  const json::Value report = host.reply("admin:simulate", R"([{"packs":{"required":["devops"]}}])");
  const json::Array& packs = *report.find("packs")->as_array();
  REQUIRE(packs.size() == 4);
  CHECK(json::to_text(packs[0]) ==
        R"({"name":"devops-pack","scope":"builtin","before":{"blocked":false,"required":false},)"
        R"("after":{"blocked":false,"required":true},"rule":{"name":"packs.required","layer":"user",)"
        R"("file":"<candidate>","line":4,"pointer":"/packs/required/0"}})");
  CHECK(json::to_text(packs[3]) ==
        R"({"name":"mine","scope":"user","before":{"blocked":true,"required":false,"reason":"blocked"},)"
        R"("after":{"blocked":false,"required":false},"rule":{"name":"packs.blocked","layer":"user",)"
        R"("file":"/home/u/.cowork/policies.json","line":1,"pointer":"/packs/blocked/0"}})");
  CHECK(json::to_text(*report.find("loosens")) == R"([{"what":"pack \"mine\"","before":"blocked","after":"permitted"},)"
                                                  R"({"what":"packs.blocked","before":"mine","after":null}])");
  CHECK(host.call("admin:simulate", R"([{"pakcs":{}}])") ==
        "invalid-policy: unknown member \"pakcs\", did you mean \"packs\"?");
  CHECK(host.flags("mine") == "disabled blocked blocked");
}

TEST_CASE("connector:use: refused when blocked, allowed otherwise, known or not") {
  PolicyHost host;
  host.edit(user_file, R"({"connectors":{"blocked":["risky-connector"]}})");
  host.host->refresh();
  CHECK(host.call("connector:use", R"(["risky-connector"])") ==
        "policy-denied: Connector \"risky-connector\" is blocked by admin policy");
  CHECK(host.call("connector:use", R"(["other"])") == R"({"connectorId":"other","allowed":true})");
}

TEST_CASE("each switch of the policy refuses its operation before anything else") {
  PolicyHost host;
  host.edit(user_file, R"({"general":{"allowCustomPacks":false,"allowGitInstall":false,"allowUrlInstall":false}})");
  host.host->refresh();
  const std::vector<std::pair<const char*, const char*>> rows{
      {"pluginPack:scaffold", R"([{"name":"x","displayName":"X"}])"},
      {"pluginPack:install", R"(["/tmp/x"])"},
      {"pluginPack:installGit", R"(["https://127.0.0.1:1/a.git"])"},
      {"pluginPack:installUrl", R"(["https://127.0.0.1:1/cowork.plugin.json"])"},
  };
  for (const auto& [operation, params] : rows) {
    CAPTURE(operation);
    CHECK(host.call(operation, params).starts_with("policy-denied: Installation disabled by admin policy: "));
  }
  CHECK(host.flags("mine") == "disabled blocked not-allowed");
}

TEST_CASE(
    "pluginPack:update is judged by the source that the pack came from, and by its id, before anything is fetched") {
  const auto locks = [](const char* kind) {
    return std::string(R"({"version":1,"packs":{"gone":{"version":"1.0.0","source":{"kind":")") + kind +
           R"(","location":"https://a.example/x"},"treeSha256":"aa","installedAt":"2026-01-01T00:00:00Z"}}})";
  };
  struct Row {
    const char* kind;
    const char* policy;
    const char* answer;
  };
  const std::vector<Row> rows{
      {"git", R"({"general":{"allowGitInstall":false}})", "policy-denied: Installation disabled by admin policy: "},
      {"url", R"({"general":{"allowUrlInstall":false}})", "policy-denied: Installation disabled by admin policy: "},
      {"archive", R"({"general":{"allowCustomPacks":false}})",
       "policy-denied: Installation disabled by admin policy: "},
      {"directory", R"({"general":{"allowCustomPacks":false}})",
       "policy-denied: Installation disabled by admin policy: "},
      {"git", R"({"packs":{"blocked":["gone"]}})", "policy-denied: Pack \"gone\" is blocked by admin policy"},
      {"url", R"({"packs":{"allowed":["else"]}})", "policy-denied: Pack \"gone\" is not in the list of allowed packs"},
      // Permitted: the host without a stager is reached.
      {"git", R"({"general":{"allowUrlInstall":false}})", "io: this host was put together without a pack stager"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.kind, row.policy);
    PolicyHost host;
    host.disk->plant_file("/home/u/.cowork/pack-lock.json", locks(row.kind));
    host.edit(user_file, row.policy);
    host.host->refresh();
    CHECK_THAT(host.call("pluginPack:update", R"(["gone"])"), Catch::StartsWith(row.answer));
  }
}

TEST_CASE("tool:call: refused for a pack that is not permitted") {
  PolicyHost host;
  host.edit(user_file, R"({"packs":{"blocked":["devops"]}})");
  host.host->refresh();
  CHECK(host.call("tool:call", R"(["devops-pack","x"])") ==
        "policy-denied: Pack \"devops-pack\" is blocked by admin policy");
  CHECK(host.call("tool:call", R"(["engineering","x"])") == "not-found: pack \"engineering-pack\" has no tool \"x\"");
}

}  // namespace
}  // namespace cowork::admin_policy
