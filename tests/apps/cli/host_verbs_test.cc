#include "fake_client.h"
#include "since_time.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::cli::test;

TEST_CASE("call passes parameters on and prints the result") {
  FakeHost host;
  host.answer("host:status", R"({"diagnostics":[]})");
  host.answer("pluginPack:get", R"({"name":"x"})");
  CHECK(value(run(host, {"call", "pluginPack:get", R"(["x"])"}).out) == value(R"({"name":"x"})"));
  CHECK(document(run(host, {"call", "pluginPack:get", "name=x", "--json"})) ==
        value(R"({"format_version":"1.0","result":{"name":"x"}})"));
  run(host, {"call", "pluginPack:get", "-"}, {.input = R"({"name":"y"})"});
  CHECK(host.asked("pluginPack:get") == std::vector<std::string>{R"(["x"])", R"({"name":"x"})", R"({"name":"y"})"});
}

TEST_CASE("call of an unknown operation suggests one") {
  FakeHost host;
  host.answer("host:status", R"({"diagnostics":[]})");
  host.answer("pluginPack:lst", Error::invalid_argument("no operation is called \"pluginPack:lst\""));
  host.answer("host:operations", R"([{"name":"pluginPack:list"}])");
  const Ran ran = run(host, {"call", "pluginPack:lst"});
  CHECK(ran.status == 2);
  CHECK(ran.err.find("  try: did you mean pluginPack:list? cowork call pluginPack:list\n") != std::string::npos);
}

TEST_CASE("call without an operation says where they are listed") {
  FakeHost host;
  host.answer("host:status", R"({"diagnostics":[]})");
  const Ran ran = run(host, {"call"});
  CHECK(ran.status == 2);
  CHECK(ran.err ==
        "error[invalid-argument]: OPERATION is missing\n"
        "  why: call runs an operation of the host\n"
        "  try: cowork call --list\n");
}

namespace {

FakeHost host_with_operations() {
  FakeHost host;
  host.answer("host:status", R"({"diagnostics":[]})");
  host.answer("host:operations", R"([
    {"name":"host:status","effect":"read","summary":"How it is.","parameters":[],"result":"{version}"},
    {"name":"skill:render","effect":"read","summary":"A prompt.","parameters":[
      {"name":"skillId","type":"string","required":true,"meaning":"the skill's id"},
      {"name":"values","type":"object","required":false,"meaning":"by name"}],"result":"string"}])");
  return host;
}

}  // namespace

TEST_CASE("call --list shows operations with their parameters") {
  FakeHost host = host_with_operations();
  CHECK(run(host, {"call", "--list"}).out ==
        "OPERATION     EFFECT  PARAMETERS         SUMMARY\n"
        "host:status   read                       How it is.\n"
        "skill:render  read    skillId, [values]  A prompt.\n");
  CHECK(run(host, {"call", "--list"}, {.terminal = true, .no_color = true}).out ==
        "OPERATION     PARAMETERS\n"
        "host:status\n"
        "skill:render  skillId, [values]\n");
  CHECK(run(host, {"call", "--list", "skill:render"}).out ==
        "skill:render  A prompt.\n"
        "  effect        read\n"
        "  result        string\n"
        "\n"
        "PARAMETER  REQUIRED  TYPE    MEANING\n"
        "skillId    yes       string  the skill's id\n"
        "values     no        object  by name\n");
  CHECK(document(run(host, {"call", "--list", "--json", "host:status"})) ==
        value(R"({"format_version":"1.0","operations":[
    {"name":"host:status","effect":"read","summary":"How it is.","parameters":[],"result":"{version}"}]})"));
  const Ran unknown = run(host, {"call", "--list", "skill:rendr"});
  CHECK(unknown.status == 4);
  CHECK(unknown.err ==
        "error[not-found]: no operation is called \"skill:rendr\"\n"
        "  why: the host offers 2 operations\n"
        "  try: cowork call --list skill:render\n");
}

TEST_CASE("chain") {
  FakeHost host;
  host.answer("host:status", R"({"diagnostics":[]})");
  host.answer("host:chain", R"([{"name":"audit","phase":"observe","operations":["a:b","c:d"],"source":"host"},
    {"name":"admin-policy","phase":"policy","operations":["a:b"],"source":"host"}])");
  host.answer("host:trace", R"({"enabled":false,"last":null})");
  CHECK(run(host, {"chain"}).out ==
        "#  INTERCEPTOR   PHASE    SOURCE  OPERATIONS\n"
        "1  audit         observe  host    a:b c:d\n"
        "2  admin-policy  policy   host    a:b\n");
  run(host, {"chain", "a:b"});
  CHECK(host.asked("host:chain") == std::vector<std::string>{"null", R"(["a:b"])"});
  CHECK(host.asked("host:trace") ==
        std::vector<std::string>{R"({"options":{}})", R"({"options":{"operation":"a:b"}})"});
}

TEST_CASE("chain shows where the time of a server's last traced call went") {
  FakeHost host;
  host.answer("host:status", R"({"diagnostics":[]})");
  host.answer("host:chain", "[]");
  host.answer("host:trace", R"({"enabled":true,"last":{"operation":"pluginPack:get","id":7,
    "finishedAt":"2026-01-01T00:00:00Z","ok":false,"code":"not-found","steps":[
    {"name":"audit","phase":"observe","micros":12.34},{"name":"handler","phase":"handler","micros":100}]}})");
  const Ran ran = run(host, {"chain", "--connect", "/s", "--trace", "on"});
  CHECK(ran.status == 0);
  CHECK(ran.err == "switched tracing on\n");
  CHECK(ran.out ==
        "\n"
        "LAST TRACED CALL  pluginPack:get  2026-01-01T00:00:00Z  not-found\n"
        "STEP      PHASE    MICROSECONDS\n"
        "audit     observe          12.3\n"
        "handler   handler         100.0\n"
        "together                  112.3\n");
  run(host, {"chain", "--connect", "/s", "--trace", "off", "--dry-run"});
  CHECK(host.asked("host:trace") ==
        std::vector<std::string>{R"({"options":{"enabled":true}})", R"({"options":{"enabled":false}})"});
  const json::Value json = document(run(host, {"chain", "--json", "--connect", "/s"}));
  CHECK(*json.find("trace")->find("enabled") == json::Value(true));
  CHECK(run(host, {"chain", "--trace", "maybe", "--connect", "/s"}).status == 2);
}

TEST_CASE("only a server can be traced") {
  FakeHost host;
  host.answer("host:status", R"({"diagnostics":[]})");
  const Ran ran = run(host, {"chain", "--trace", "on"});
  CHECK(ran.status == 2);
  CHECK(ran.err ==
        "error[invalid-argument]: only the calls of a running server can be traced\n"
        "  why: the host of this command ends with it\n"
        "  try: cowork serve, then cowork chain --trace on --connect SOCKET\n");
  CHECK(host.asked("host:trace").empty());
}

TEST_CASE("audit shows lines, verifies, and says where the trail broke") {
  FakeHost host;
  host.answer("host:status", R"({"diagnostics":[]})");
  host.answer(
      "audit:query",
      R"({"lines":[{"seq":7,"time":"2026-01-01T00:00:00Z","operation":"pluginPack:toggle","subject":"x","entry":"cli","actor":"ann",
    "verdict":"denied","code":"policy-denied","rule":{"layer":"user","line":6,"pointer":"/packs/blocked/0"}}],"verified":true})");
  CHECK(
      run(host, {"audit", "--limit", "5"}).out ==
      "SEQ  TIME                  ENTRY  ACTOR  OPERATION          VERDICT  CODE           RULE                   "
      "SUBJECT\n"
      "  7  2026-01-01T00:00:00Z  cli    ann    pluginPack:toggle  denied   policy-denied  user /packs/blocked/0  x\n");
  CHECK(run(host, {"audit"}, {.terminal = true, .no_color = true}).out ==
        "SEQ  TIME                  OPERATION          VERDICT  RULE    SUBJECT\n"
        "  7  2026-01-01T00:00:00Z  pluginPack:toggle  denied   user:6  x\n");
  run(host, {"audit", "--json", "--operation", "pluginPack:toggle"});
  CHECK(host.asked("audit:query") ==
        std::vector<std::string>{R"({"options":{"limit":5,"verify":false}})",
                                 R"({"options":{"limit":50,"verify":false}})",
                                 R"({"options":{"limit":50,"verify":true,"operation":"pluginPack:toggle"}})"});
  CHECK(run(host, {"audit", "--verify"}).out == "verified  up to line 7\n");
  host.answers["audit:query"].clear();
  host.answer(
      "audit:query",
      R"({"lines":[],"verified":false,"firstBad":{"file":"/h/audit.jsonl","line":3,"reason":"its hash is not the one of its text"}})");
  const Ran ran = run(host, {"audit", "--verify"});
  CHECK(ran.status == 5);
  CHECK(ran.err ==
        "error[integrity]: the audit trail is not as it was written\n"
        "  why: /h/audit.jsonl:3: its hash is not the one of its text\n"
        "  try: compare the trail with a copy, then move it aside\n");
  CHECK(run(host, {"audit", "--verify", "--json"}).status == 5);
}

TEST_CASE("ages become times") {
  const std::int64_t now = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
  CHECK(cli::since_time("2h", now).value() == "2025-12-31T22:00:00Z");
  CHECK(cli::since_time("1w", now).value() == "2025-12-25T00:00:00Z");
  CHECK(cli::since_time("2025-01-15", now).value() == "2025-01-15");
  CHECK(cli::since_time("", now).value().empty());
  CHECK_FALSE(cli::since_time("99999999999999999999d", now));
}

TEST_CASE("doctor: status 1 for errors only") {
  FakeHost host;
  host.answer("admin:policiesStatus",
              R"({"layers":[],"unmatched":[{"list":"packs.blocked","id":"b","layer":"user","file":"/p.json","line":4}],
    "warnings":[{"code":"not-enforced","message":"\"runtime\" is kept and not enforced","layer":"user","file":"/p.json","pointer":"/runtime"}]})");
  host.answer("host:status", R"({"version":"0.1.0","home":"/h","tiers":[],"diagnostics":[]})");
  host.answer("host:status",
              R"({"version":"0.1.0","home":"/h","tiers":[],"diagnostics":[{"severity":"error","code":"invalid-manifest",
    "path":"/x","line":2,"message":"m"}]})");
  const Ran warned = run(host, {"doctor"});
  CHECK(warned.status == 0);
  CHECK(warned.out.find("warning[policy-unmatched] /p.json:4\n  packs.blocked of the user layer names \"b\", which "
                        "matches no known pack\n") != std::string::npos);
  CHECK(warned.out.find("info[policy-not-enforced] /p.json (/runtime)\n  \"runtime\" is kept and not enforced\n") !=
        std::string::npos);
  const Ran broken = run(host, {"doctor"});
  CHECK(broken.status == 1);
  CHECK(broken.out.find("error[invalid-manifest] /x:2\n  m\n") != std::string::npos);
  CHECK(broken.out.find("1 error, 1 warning\n") != std::string::npos);
}

TEST_CASE("skill show and render") {
  FakeHost host;
  host.answer("host:status", R"({"diagnostics":[]})");
  host.answer(
      "skill:get",
      R"({"id":"deploy","name":"Deploy","packName":"devops-pack","description":"d","prompt":"Do it.\n\u001b[31mNow"})");
  host.answer("skill:render", R"("Deploy web.")");
  CHECK(run(host, {"skill", "show", "deploy"}).out ==
        "deploy  Deploy\n"
        "  pack          devops-pack\n"
        "  description   d\n"
        "\n"
        "Do it.\n\\x1b[31mNow\n");
  CHECK(run(host, {"skill", "render", "deploy", "service=web"}).out == "Deploy web.\n");
  CHECK(host.asked("skill:render") == std::vector<std::string>{R"({"skillId":"deploy","values":{"service":"web"}})"});
  CHECK(run(host, {"skill", "render", "deploy", "web"}).status == 2);
}

TEST_CASE("a host that can't be started is reported with its code") {
  FakeHost host;
  host.answer("pluginPack:list", Error::io("cannot read /h"));
  const Ran ran = run(host, {"pack", "list"});
  CHECK(ran.status == 1);
  CHECK(ran.err == "error[io]: cannot read /h\n  why: the operating system refused it\n  try: cowork paths\n");
}
