#include "fake_client.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::cli::test;

namespace {

constexpr const char* effective = R"({"version":1,"updatedAt":"2026-01-01T00:00:00Z",
  "packs":{"allowed":[],"blocked":["a","b"],"required":[]},"connectors":{"blocked":[]},
  "agents":{"maxHeartbeatFrequencySec":60,"maxConcurrentAgents":10},
  "general":{"allowCustomPacks":true,"allowGitInstall":false,"allowUrlInstall":true,"orgName":"Acme"}})";

constexpr const char* status = R"({"layers":[
    {"layer":"machine","state":"absent","revision":"absent","path":"/etc/cowork/policies.json","errors":[]},
    {"layer":"user","state":"valid","revision":"r1","path":"/h/policies.json","errors":[]}],
  "origins":{"/packs/blocked/0":{"layer":"user","file":"/h/policies.json","line":3,"pointer":"/packs/blocked/0"},
    "/general/allowGitInstall":{"layer":"user","file":"/h/policies.json","line":7,"pointer":"/general/allowGitInstall"}},
  "unmatched":[{"list":"packs.blocked","id":"b","layer":"user","file":"/h/policies.json","line":4,"nearest":"bb"}],"conflicts":[],"warnings":[]})";

FakeHost policy_host() {
  FakeHost host;
  host.answer("host:status", R"({"diagnostics":[]})");
  host.answer("admin:policiesGet", effective);
  host.answer("admin:policiesStatus", status);
  host.answer("admin:policiesUpdate", effective);
  return host;
}

}  // namespace

TEST_CASE("policy show says where each value comes from") {
  FakeHost host = policy_host();
  CHECK(run(host, {"policy", "show"}).out ==
        "LAYER    STATE   REVISION  FILE\n"
        "machine  absent            /etc/cowork/policies.json\n"
        "user     valid   r1        /h/policies.json\n"
        "\n"
        "MEMBER                           VALUE      FROM\n"
        "packs.allowed                    (all)      default\n"
        "packs.blocked                    a          user, line 3\n"
        "                                 b          default\n"
        "packs.required                   (none)     default\n"
        "connectors.blocked               (none)     default\n"
        "agents.maxHeartbeatFrequencySec  60         default\n"
        "agents.maxConcurrentAgents       10         default\n"
        "general.allowCustomPacks         true       default\n"
        "general.allowGitInstall          false      user, line 7\n"
        "general.allowUrlInstall          true       default\n"
        "general.orgName                  Acme       default\n"
        "general.orgPluginDir             (not set)  default\n");
}

TEST_CASE("policy get prints bare values") {
  FakeHost host = policy_host();
  CHECK(run(host, {"policy", "get", "packs.blocked"}).out == "a\nb\n");
  CHECK(run(host, {"policy", "get", "general.orgName"}).out == "Acme\n");
  CHECK(run(host, {"policy", "get", "agents.maxConcurrentAgents"}).out == "10\n");
  CHECK(value(run(host, {"policy", "get"}).out) == value(effective));
  CHECK(document(run(host, {"policy", "get", "--json"})).find("policy")->find("packs"));
  const Ran ran = run(host, {"policy", "get", "packs.bloked"});
  CHECK(ran.status == 4);
  CHECK(ran.err ==
        "error[not-found]: the policy has no member \"packs.bloked\"\n"
        "  why: nothing sets it, and it has no default\n"
        "  try: did you mean `cowork policy get packs.blocked`?\n");
}

TEST_CASE("policy get and show of one layer ask for it") {
  FakeHost host = policy_host();
  run(host, {"policy", "get", "--layer", "user"});
  run(host, {"policy", "show", "--layer", "machine"});
  CHECK(host.asked("admin:policiesGet") ==
        std::vector<std::string>{R"({"options":{"layer":"user"}})", R"({"options":{"layer":"machine"}})"});
}

TEST_CASE("policy set adds to what the layer's own file says, at the revision it was read at") {
  FakeHost host = policy_host();
  host.answers["admin:policiesGet"].clear();
  host.answer("admin:policiesGet", effective).answer("admin:policiesGet", R"({"packs":{"blocked":["b"]}})");
  const Ran ran = run(host, {"policy", "set", "packs.blocked+=c", "general.allowUrlInstall=false"});
  CHECK(ran.status == 0);
  CHECK(
      host.asked("admin:policiesUpdate") ==
      std::vector<std::string>{
          R"({"updates":{"packs":{"blocked":["b","c"]},"general":{"allowUrlInstall":false}},"options":{"ifRevision":"r1"}})"});
}

TEST_CASE("policy set of plain values reads nothing first") {
  FakeHost host = policy_host();
  run(host, {"policy", "set", "packs.blocked=x", "general.orgName=", "--layer", "machine", "--if-revision", "r9"});
  CHECK(
      host.asked("admin:policiesUpdate") ==
      std::vector<std::string>{
          R"({"updates":{"packs":{"blocked":["x"]},"general":{"orgName":null}},"options":{"layer":"machine","ifRevision":"r9"}})"});
  CHECK(host.asked("admin:policiesStatus").empty());
}

TEST_CASE("policy set that lost a race tries again, unless the user named the revision") {
  FakeHost host = policy_host();
  host.answers["admin:policiesUpdate"].clear();
  host.answer("admin:policiesUpdate", Error::conflict("the policy changed")).answer("admin:policiesUpdate", effective);
  CHECK(run(host, {"policy", "set", "packs.blocked+=c"}).status == 0);
  CHECK(host.asked("admin:policiesUpdate").size() == 2);

  FakeHost strict = policy_host();
  strict.answers["admin:policiesUpdate"].clear();
  strict.answer("admin:policiesUpdate", Error::conflict("the policy changed"));
  CHECK(run(strict, {"policy", "set", "packs.blocked+=c", "--if-revision", "r0"}).status == 7);
  CHECK(strict.asked("admin:policiesUpdate").size() == 1);
}

TEST_CASE("policy set over an invalid file names the option that repairs") {
  FakeHost host = policy_host();
  host.answers["admin:policiesUpdate"].clear();
  host.answer(
      "admin:policiesUpdate",
      Error(ErrorCode::policy_unavailable, "The user policy is invalid: an update has to say what it starts from")
          .with_remedy("cowork call admin:policiesUpdate '[{},{\"startFrom\":\"last-good\"}]'"));
  const Ran ran = run(host, {"policy", "set", "packs.blocked=x"});
  CHECK(ran.status == 3);
  CHECK(ran.err.find("  try: repeat the command with --start-from last-good\n") != std::string::npos);
}

TEST_CASE("policy set says what changed") {
  FakeHost host = policy_host();
  host.answers["admin:policiesUpdate"].clear();
  host.answer("admin:policiesUpdate",
              R"({"packs":{"allowed":[],"blocked":["b","c"],"required":[]},"connectors":{"blocked":[]},
    "agents":{"maxHeartbeatFrequencySec":60,"maxConcurrentAgents":10},"general":{"allowCustomPacks":true,"allowGitInstall":true,
    "allowUrlInstall":true}})");
  CHECK(run(host, {"policy", "set", "packs.blocked=b,c"}).err ==
        "changed packs.blocked: +c -a\n"
        "changed general.allowGitInstall: false -> true\n"
        "changed general.orgName: Acme -> (not set)\n");
  CHECK(run(host, {"policy", "set", "packs.blocked=b,c", "-n"}).err.find("would change packs.blocked: +c -a\n") == 0);
}

TEST_CASE("policy set takes a document from standard input") {
  FakeHost host = policy_host();
  CHECK(run(host, {"policy", "set", "-"}, {.input = R"({"packs":{"required":["x"]}})"}).status == 0);
  CHECK(host.asked("admin:policiesUpdate") ==
        std::vector<std::string>{R"({"updates":{"packs":{"required":["x"]}},"options":{}})"});
  const Ran ran = run(host, {"policy", "set", "-"}, {.input = R"({"packs":{},"packs":{}})"});
  CHECK(ran.status == 8);
  CHECK(ran.err.find("error[invalid-policy]: ") == 0);
}

TEST_CASE("policy set refuses a mixture, a typo, and a file that is not there") {
  FakeHost host = policy_host();
  CHECK(run(host, {"policy", "set", "packs.blocked=x", "file.json"}).status == 2);
  CHECK(run(host, {"policy", "set", "packs.bloked=x"}).status == 2);
  CHECK(run(host, {"policy", "set", "/nowhere/file.json"}).status == 4);
  CHECK(host.asked("admin:policiesUpdate").empty());
}

TEST_CASE("policy validate tells every layer, with status 8 when one is invalid") {
  FakeHost host = policy_host();
  const Ran fine = run(host, {"policy", "validate"});
  CHECK(fine.status == 0);
  CHECK(fine.err ==
        "warning: /h/policies.json:4: packs.blocked of the user layer names \"b\", which matches no known pack; did "
        "you mean \"bb\"?\n");
  for (const char* state : {"last-good", "broken"}) {
    FakeHost bad = policy_host();
    bad.answers["admin:policiesStatus"].clear();
    bad.answer("admin:policiesStatus",
               std::string(R"({"layers":[{"layer":"user","state":")") + state +
                   R"(","revision":"r","path":"/p","errors":[{"message":"packs must be an object","path":"/p",
        "line":1,"column":2,"pointer":"/packs"}]}]})");
    const Ran ran = run(bad, {"policy", "validate"});
    CHECK(ran.status == 8);
    CHECK(ran.out.find("error[invalid-policy] /p:1:2 (/packs)\n  packs must be an object\n") != std::string::npos);
    CHECK(run(bad, {"policy", "validate", "--json"}).status == 8);
  }
}

TEST_CASE("policy validate of a file places the fault in that file") {
  FakeHost host = policy_host();
  host.answer("admin:simulate",
              Error::invalid_policy("packs.blocked must be an array", {"<candidate>", 0, 0, "/packs/blocked"}));
  const Ran ran = run(host, {"policy", "validate", "-"}, {.input = "{\n \"packs\": {\n  \"blocked\": 3 } }"});
  CHECK(ran.status == 8);
  CHECK(ran.out ==
        "error[invalid-policy] <standard input>:3:14 (/packs/blocked)\n"
        "  packs.blocked must be an array\n"
        "invalid  <standard input>\n");
}

TEST_CASE("policy check") {
  FakeHost host = policy_host();
  host.answer("admin:checkPack", R"({"packId":"engineering","allowed":true,"required":true})");
  CHECK(run(host, {"policy", "check", "engineering"}).out == "engineering: allowed, required\n");
  CHECK(document(run(host, {"policy", "check", "engineering", "--json"})) ==
        value(R"({"format_version":"1.0","check":{"packId":"engineering","allowed":true,"required":true}})"));
}

TEST_CASE("policy explain") {
  FakeHost host = policy_host();
  host.answer("admin:explain",
              R"({"operation":"pluginPack:toggle","allowed":false,"decidedBy":"admin-policy","reason":"blocked",
    "rule":{"name":"packs.blocked","layer":"user","file":"/p.json","line":3,"pointer":"/packs/blocked/0"},"code":"policy-denied",
    "message":"Pack \"a\" is blocked by admin policy","why":"w","try":"t"})");
  const Ran ran = run(host, {"policy", "explain", "pluginPack:toggle", "a", "true"});
  CHECK(ran.status == 0);
  CHECK(ran.out ==
        "denied  pluginPack:toggle\n"
        "  decided by    admin-policy\n"
        "  reason        blocked\n"
        "  rule          packs.blocked\n"
        "  layer         user\n"
        "  place         /p.json:3 (/packs/blocked/0)\n"
        "  code          policy-denied\n"
        "  message       Pack \"a\" is blocked by admin policy\n"
        "  why           w\n"
        "  try           t\n");
  run(host, {"policy", "explain", "connector:use", "connectorId=x"});
  CHECK(host.asked("admin:explain") ==
        std::vector<std::string>{R"({"operation":"pluginPack:toggle","params":["a",true]})",
                                 R"({"operation":"connector:use","params":{"connectorId":"x"}})"});
}

TEST_CASE("policy simulate shows what changes and what becomes looser") {
  FakeHost host = policy_host();
  host.answer("admin:simulate", R"({"packs":[
    {"name":"a","scope":"user","before":{"blocked":true,"required":false,"reason":"not-allowed"},"after":{"blocked":false,"required":true},"rule":{"name":"packs.required"}},
    {"name":"b","scope":"user","before":{"blocked":false,"required":false},"after":{"blocked":false,"required":false}}],
    "loosens":[{"what":"general.allowGitInstall","before":false,"after":true},
      {"what":"packs.blocked","before":"x","after":null},{"what":"packs.allowed","before":null,"after":"y"}]})");
  CHECK(run(host, {"policy", "simulate", "packs.required=a"}).out ==
        "PACK  SCOPE  BEFORE       AFTER     RULE\n"
        "a     user   not-allowed  required  packs.required\n"
        "\n"
        "loosens\n"
        "  general.allowGitInstall: false -> true\n"
        "  packs.blocked: -x\n"
        "  packs.allowed: +y\n");
  CHECK(host.asked("admin:simulate").front().find(R"("required":["a"])") != std::string::npos);
}

TEST_CASE("policy reset wants to be confirmed") {
  FakeHost host = policy_host();
  CHECK(run(host, {"policy", "reset"}).status == 2);
  CHECK(run(host, {"policy", "reset"}, {.terminal = true, .input = "n\n"}).status == 1);
  CHECK(host.asked("admin:policiesUpdate").empty());
  CHECK(run(host, {"policy", "reset", "-y", "--start-from", "defaults"}).status == 0);
  CHECK(
      host.asked("admin:policiesUpdate") ==
      std::vector<std::string>{
          R"({"updates":{"packs":null,"connectors":null,"agents":null,"general":null},"options":{"startFrom":"defaults"}})"});
}
