#include "fake_client.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::cli::test;

namespace {

constexpr const char* packs = R"([
  {"name":"devops-pack","displayName":"DevOps","version":"1.2.0","description":"Run what you build, and keep it running","scope":"builtin",
   "alias":"devops","state":"active","enabled":true,"policyBlocked":false,"policyRequired":true,
   "skills":[{"id":"deploy"},{"id":"rollback"}],"slashCommands":[{"name":"deploy"}],"agentRoles":[]},
  {"name":"evil","displayName":"E","version":"0.1.0","description":"a\u001b[31mb","scope":"user","alias":"evil","state":"disabled",
   "enabled":false,"policyBlocked":true,"policyRequired":false,"policyReason":"not-allowed","skills":[],"slashCommands":[],"agentRoles":[]}])";

FakeHost host_with_packs() {
  FakeHost host;
  host.answer("pluginPack:list", packs);
  host.answer("host:status", R"({"diagnostics":[{"severity":"warning","code":"no-manifest","path":"/x","message":"m"},
    {"severity":"info","code":"note","path":"/y","message":"m"}]})");
  return host;
}

}  // namespace

TEST_CASE("pack list in a pipe") {
  FakeHost host = host_with_packs();
  const Ran ran = run(host, {"pack", "list"});
  CHECK(ran.status == 0);
  CHECK(ran.out ==
        "NAME         VERSION  SCOPE    STATE     POLICY                 SKILLS  COMMANDS  ROLES  DESCRIPTION\n"
        "devops-pack  1.2.0    builtin  active    required                    2         1      0  Run what you build, "
        "and keep it running\n"
        "evil         0.1.0    user     disabled  blocked (not-allowed)       0         0      0  a\\x1b[31mb\n");
  CHECK(ran.err == "1 diagnostic: run `cowork doctor`\n");
}

TEST_CASE("pack list on a terminal is cut to its width and coloured") {
  FakeHost host = host_with_packs();
  const Ran plain = run(host, {"pack", "list", "--color", "never"}, {.terminal = true, .width = 100});
  CHECK(plain.out.find("Run what you build, and keep i…") != std::string::npos);
  CHECK(plain.out.find('\033') == std::string::npos);
  CHECK(run(host, {"pack", "list"}, {.terminal = true}).out.find("\033[32mactive") != std::string::npos);
  CHECK(run(host, {"pack", "list"}, {.terminal = true, .no_color = true}).out.find('\033') == std::string::npos);
  CHECK(run(host, {"pack", "list", "--color", "always"}, {.no_color = true}).out.find("\033[32mactive") !=
        std::string::npos);
}

TEST_CASE("pack list on a narrow terminal says the same in fewer words") {
  FakeHost host = host_with_packs();
  CHECK(run(host, {"pack", "list"}, {.terminal = true, .width = 84, .no_color = true}).out ==
        "NAME         VERSION  SCOPE    STATE     POLICY       SKL  CMD  ROL  DESCRIPTION\n"
        "devops-pack  1.2.0    builtin  active    required       2    1    0  Run what you b…\n"
        "evil         0.1.0    user     disabled  not-allowed    0    0    0  a\\x1b[31mb\n");
}

TEST_CASE("pack list can be narrowed") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"pack", "list", "--json", "--blocked"}, "evil"},
      {{"pack", "list", "--json", "--scope", "builtin"}, "devops-pack"},
      {{"pack", "list", "--json", "--state", "disabled"}, "evil"},
  };
  for (const auto& [line, name] : cases) {
    FakeHost host = host_with_packs();
    const json::Value shown = document(run(host, line));
    REQUIRE(shown.find("packs")->as_array()->size() == 1);
    CHECK(*shown.find("packs")->as_array()->front().find("name")->as_string() == name);
    CHECK(shown.find("diagnostics")->as_array()->size() == 2);
  }
}

TEST_CASE("an unknown pack gets the nearest id") {
  FakeHost host = host_with_packs();
  host.answer("pluginPack:get", "null");
  const Ran ran = run(host, {"pack", "info", "devop"});
  CHECK(ran.status == 4);
  CHECK(ran.out.empty());
  CHECK(ran.err ==
        "error[not-found]: no pack is named \"devop\"\n"
        "  why: none of the tiers (builtin, organization, user) holds a usable pack of that name\n"
        "  try: did you mean \"devops\"? cowork pack info devops\n");
}

TEST_CASE("an unknown pack whose directory was refused says why") {
  FakeHost host;
  host.answer("pluginPack:list", packs);
  host.answer("pluginPack:get", "null");
  host.answer("host:status", R"({"diagnostics":[{"severity":"error","code":"invalid-manifest",
    "path":"/h/extensions/mine/cowork.plugin.json","line":3,"column":1,"pointer":"/version","message":"version is missing"}]})");
  CHECK(run(host, {"pack", "info", "mine"}).err ==
        "error[not-found]: no pack is named \"mine\"\n"
        "  why: it was refused: /h/extensions/mine/cowork.plugin.json:3:1 (/version): version is missing\n"
        "  try: cowork doctor\n");
}

TEST_CASE("an unknown pack of a change gets the nearest id too") {
  FakeHost host = host_with_packs();
  host.answer("pluginPack:toggle", Error::not_found("no pack is named \"devop\"").with_remedy("cowork pack list"));
  CHECK(run(host, {"pack", "enable", "devop"}).err.find("try: did you mean \"devops\"? cowork pack enable devops\n") !=
        std::string::npos);
}

TEST_CASE("pack info names the rule that blocks") {
  FakeHost host = host_with_packs();
  host.answer("pluginPack:get",
              R"({"name":"evil","displayName":"E","version":"0.1.0","description":"d","scope":"user","state":"disabled",
    "policyBlocked":true,"policyReason":"blocked","skills":[{"id":"s","name":"S","description":"x","enabled":true}]})");
  host.answer(
      "admin:explain",
      R"({"rule":{"name":"packs.blocked","layer":"user","file":"/p.json","line":3,"pointer":"/packs/blocked/0"}})");
  const Ran ran = run(host, {"pack", "info", "evil"});
  CHECK(ran.status == 0);
  CHECK(ran.out.find("  rule          packs.blocked at /p.json:3 (/packs/blocked/0)\n") != std::string::npos);
  CHECK(ran.out.find("Skills (1)\n  s  on  S  x\n") != std::string::npos);
  CHECK(host.asked("admin:explain") ==
        std::vector<std::string>{R"({"operation":"pluginPack:toggle","params":["evil",true]})"});
}

TEST_CASE("pack enable and disable, whole or one skill") {
  FakeHost host = host_with_packs();
  host.answer("pluginPack:toggle", R"({"success":true,"name":"devops-pack","enabled":false})");
  host.answer("pluginPack:toggleSkill",
              R"({"success":true,"packName":"devops-pack","skillId":"deploy","enabled":true})");
  CHECK(run(host, {"pack", "disable", "devops"}).err == "disabled devops-pack\n");
  CHECK(run(host, {"pack", "enable", "devops", "--skill", "deploy"}).err == "enabled devops-pack skill deploy\n");
  CHECK(run(host, {"pack", "disable", "devops", "-q"}).err.empty());
  CHECK(run(host, {"pack", "disable", "devops", "-n"}).err ==
        "would disable devops-pack\ndry run: nothing was changed\n");
  CHECK(host.asked("pluginPack:toggleSkill") == std::vector<std::string>{R"(["devops","deploy",true])"});
}

TEST_CASE("a refusal is three lines and status 3") {
  FakeHost host = host_with_packs();
  host.answer("pluginPack:toggle", Error(ErrorCode::policy_denied, "Pack \"evil\" is blocked by admin policy")
                                       .with_why("packs.blocked of layer user, /p.json:3")
                                       .with_remedy("cowork policy explain pluginPack:toggle evil true"));
  const Ran ran = run(host, {"pack", "enable", "evil"});
  CHECK(ran.status == 3);
  CHECK(ran.err ==
        "error[policy-denied]: Pack \"evil\" is blocked by admin policy\n"
        "  why: packs.blocked of layer user, /p.json:3\n"
        "  try: cowork policy explain pluginPack:toggle evil true\n");
  const Ran structured = run(host, {"pack", "enable", "evil", "--json"});
  CHECK(structured.status == 3);
  const json::Value expected = value(R"({"format_version":"1.0","error":{"code":"policy-denied",
    "message":"Pack \"evil\" is blocked by admin policy","why":"packs.blocked of layer user, /p.json:3",
    "try":"cowork policy explain pluginPack:toggle evil true","data":{}}})");
  CHECK(document(structured) == expected);
}

TEST_CASE("pack new fills in the display name") {
  FakeHost host = host_with_packs();
  host.answer("pluginPack:scaffold",
              R"({"success":true,"path":"/h/extensions/release-notes","filesCreated":["cowork.plugin.json"]})");
  const Ran ran = run(host, {"pack", "new", "release-notes", "--kind", "skill", "--persona", "p"});
  CHECK(ran.out == "/h/extensions/release-notes\n");
  CHECK(ran.err == "created release-notes\n  cowork.plugin.json\n");
  run(host, {"pack", "new", "x", "--display-name", "X Y", "--into", "/tmp"});
  CHECK(
      host.asked("pluginPack:scaffold") ==
      std::vector<std::string>{
          R"({"options":{"name":"release-notes","displayName":"Release Notes","personaTemplateId":"p","kind":"skill"}})",
          R"({"options":{"name":"x","displayName":"X Y","into":"/tmp"}})"});
}

TEST_CASE("pack install asks the operation of its source") {
  FakeHost host = host_with_packs();
  const std::string reply =
      R"({"success":true,"packName":"x","path":"/h/extensions/x","manifest":{"version":"2.0.0"},"skillCount":1,"agentCount":0})";
  for (const char* operation : {"pluginPack:install", "pluginPack:installGit", "pluginPack:installUrl"})
    host.answer(operation, reply);
  const Ran ran = run(host, {"pack", "install", "/packs/x", "--replace", "--no-enable", "--allow-downgrade"});
  CHECK(ran.out == "/h/extensions/x\n");
  CHECK(ran.err == "installed x 2.0.0 (1 skill, 0 roles)\n");
  run(host, {"pack", "install", "github:a/x", "--ref", "v1"});
  run(host, {"pack", "install", "https://a.example/x.zip", "--sha256", "ab"});
  CHECK(host.asked("pluginPack:install") ==
        std::vector<std::string>{
            R"({"path":"/packs/x","options":{"replace":true,"allowDowngrade":true,"enable":false}})"});
  CHECK(host.asked("pluginPack:installGit") ==
        std::vector<std::string>{R"({"url":"https://github.com/a/x.git","options":{"ref":"v1"}})"});
  CHECK(host.asked("pluginPack:installUrl") ==
        std::vector<std::string>{R"({"url":"https://a.example/x.zip","options":{"sha256":"ab"}})"});
}

TEST_CASE("pack remove asks on a terminal only, and takes no for an answer") {
  struct Case {
    cowork::cli::test::Console console;
    std::vector<std::string> more;
    bool removed;
  };
  const std::vector<Case> cases{
      {{.terminal = true, .input = "y\n"}, {}, true},  {{.terminal = true, .input = "\n"}, {}, false},
      {{.terminal = true, .input = ""}, {}, false},    {{.terminal = true, .input = "n\n"}, {"-y"}, true},
      {{.terminal = false, .input = "n\n"}, {}, true},
  };
  for (const Case& asked : cases) {
    FakeHost host = host_with_packs();
    host.answer("pluginPack:uninstall", R"({"success":true,"packName":"x"})");
    std::vector<std::string> line{"pack", "remove", "x"};
    line.insert(line.end(), asked.more.begin(), asked.more.end());
    const Ran ran = run(host, line, asked.console);
    CHECK(host.asked("pluginPack:uninstall").size() == (asked.removed ? 1 : 0));
    CHECK(ran.status == (asked.removed ? 0 : 1));
  }
}

TEST_CASE("an invalid policy is told with every verb, in one line, unless -q") {
  FakeHost host;
  host.answer("pluginPack:list", "[]");
  host.answer("host:status",
              R"({"diagnostics":[{"severity":"error","code":"invalid-policy","path":"/p.json","line":3,"column":1,
    "pointer":"/packs","message":"packs must be an object"}]})");
  CHECK(run(host, {"pack", "list"}).err.find("warning: /p.json:3:1 (/packs): packs must be an object\n") == 0);
  CHECK(run(host, {"pack", "list", "-q"}).err.empty());
}

TEST_CASE("what goes wrong after the commit point is a warning") {
  FakeHost host = host_with_packs();
  host.answer("pluginPack:toggle", R"({"success":true,"name":"x","enabled":true})");
  host.warnings = {"observer \"x\" failed\nafterwards"};
  CHECK(run(host, {"pack", "enable", "x"}).err.find("warning: observer \"x\" failed\\x0aafterwards\n") !=
        std::string::npos);
}
