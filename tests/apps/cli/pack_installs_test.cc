// `cowork pack install|update|verify|remove`: what they say.
#include "fake_client.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::cli::test;

namespace {

constexpr const char* installed =
    R"({"success":true,"packName":"x","path":"/h/extensions/x","manifest":{"version":"1.0.0"},"skillCount":1,"agentCount":0})";

FakeHost host_that_installs() {
  FakeHost host;
  for (const char* operation : {"pluginPack:install", "pluginPack:installGit", "pluginPack:installUrl"})
    host.answer(operation, installed);
  host.answer("pluginPack:list", R"([{"name":"engineering-pack","alias":"engineering"},{"name":"mate"}])");
  return host;
}

std::string words_after_enable(const std::string& pack) {
  FakeHost host;
  host.answer("pluginPack:toggle", R"({"success":true,"name":"x","enabled":true})");
  host.answer("pluginPack:get", pack);
  return run(host, {"pack", "enable", "x"}).err;
}

}  // namespace

TEST_CASE("-v shows an address without its secrets") {
  FakeHost host = host_that_installs();
  const Ran ran = run(host, {"-v", "pack", "install", "https://u:PASSW@a.example/x.zip?token=S3CRET"});
  CHECK(ran.err.find("pluginPack:installUrl https://***@a.example/x.zip?***\n") == 0);
  CHECK(ran.err.find("PASSW") == std::string::npos);
  CHECK(ran.err.find("S3CRET") == std::string::npos);
  // The host gets all of it.
  CHECK(host.asked("pluginPack:installUrl").front().find("S3CRET") != std::string::npos);
}

TEST_CASE("after an install it is said when the pack is not active, and why") {
  struct Case {
    std::string pack, line;
  };
  const std::vector<Case> cases{
      {R"({"name":"x","scope":"user","state":"active"})", ""},
      {R"({"name":"x","scope":"user","state":"discovered","error":"only isolated"})",
       "it is discovered: only isolated\n"},
      {R"({"name":"x","scope":"user","state":"error","error":"a\u001b[2Jb"})", "it is error: a\\x1b[2Jb\n"},
      {R"({"name":"x","scope":"user","state":"quarantined","error":"e"})",
       "it is quarantined: look at it with: cowork pack info x\n"},
      {R"({"name":"x","scope":"user","state":"disabled","policyBlocked":true,"policyReason":"not-allowed"})",
       "it is disabled: admin policy: blocked (not-allowed)\n"},
      {R"({"name":"x","scope":"user","state":"disabled"})",
       "it is disabled: switch it on with: cowork pack enable x\n"},
      {"null", ""},
  };
  for (const Case& expected : cases) {
    INFO(expected.pack);
    FakeHost host = host_that_installs();
    host.answer("pluginPack:get", expected.pack);
    CHECK(run(host, {"pack", "install", "/p/x"}).err == "installed x 1.0.0 (1 skill, 0 roles)\n" + expected.line);
    CHECK(words_after_enable(expected.pack) == "enabled x\n" + expected.line);
    const Ran dry = run(host, {"pack", "install", "-n", "/p/x"});
    CHECK(dry.err == "would install x 1.0.0 (1 skill, 0 roles)\ndry run: nothing was changed\n");
    const bool held = expected.line.starts_with("it is quarantined");
    CHECK(run(host, {"pack", "install", "-q", "/p/x"}).err == (held ? "x" + expected.line.substr(2) : ""));
    CHECK(run(host, {"pack", "install", "--json", "/p/x"}).err.empty());
  }
}

TEST_CASE("an update says so too, and disabling does not") {
  FakeHost host;
  host.answer("pluginPack:update",
              R"({"packName":"x","path":"/h/x","manifest":{"version":"2"},"previousVersion":"1","changed":true})");
  host.answer("pluginPack:toggle", R"({"success":true,"name":"x","enabled":false})");
  host.answer("pluginPack:get", R"({"name":"x","state":"disabled"})");
  CHECK(run(host, {"pack", "update", "x"}).err ==
        "updated x from 1 to 2\nit is disabled: switch it on with: cowork pack enable x\n");
  CHECK(run(host, {"pack", "disable", "x"}).err == "disabled x\n");
}

TEST_CASE("nothing is suggested to whom a pack's name is known") {
  struct Case {
    std::string operation;
    std::vector<std::string> line;
    std::string remedy;
  };
  const std::vector<Case> cases{
      {"pluginPack:verify", {"pack", "verify", "engineering"}, "cowork pack verify --all"},
      {"pluginPack:verify", {"pack", "verify", "engineering-pack"}, "cowork pack verify --all"},
      {"pluginPack:update", {"pack", "update", "mate"}, "see where it came from: cowork pack info mate"},
      {"pluginPack:update", {"pack", "update", "matte"}, "did you mean \"mate\"? cowork pack update mate"},
  };
  for (const Case& expected : cases) {
    FakeHost host = host_that_installs();
    host.answer(expected.operation, Error::not_found("it is not there"));
    const Ran ran = run(host, expected.line);
    CHECK(ran.status == 4);
    CHECK(ran.err ==
          "error[not-found]: it is not there\n  why: nothing of that name is there\n  try: " + expected.remedy + "\n");
  }
}

TEST_CASE("an install that fails has a next step that can help") {
  struct Case {
    std::vector<std::string> line;
    Error error;
    std::string remedy;
  };
  const std::vector<Case> cases{
      {{"pack", "install", "/no/such"}, Error::not_found("gone"), "check the path, then run the command again"},
      {{"pack", "install", "github:a/b"},
       Error::not_found("gone"),
       "check the address and --ref, then run the command again"},
      {{"pack", "install", "github:a/b", "--sha256", "ab"},
       Error(ErrorCode::integrity, "other"),
       "ask whoever publishes the pack for its sha256"},
      {{"pack", "install", "/p/x"}, Error(ErrorCode::integrity, "other").with_remedy("its own"), "its own"},
  };
  for (const Case& expected : cases) {
    FakeHost host;
    for (const char* operation : {"pluginPack:install", "pluginPack:installGit"})
      host.answer(operation, expected.error);
    CHECK(run(host, expected.line).err.find("\n  try: " + expected.remedy + "\n") != std::string::npos);
  }
}

TEST_CASE("a mistake in host.json is told when a fetch fails for the network") {
  FakeHost host;
  host.answer("pluginPack:installUrl", Error(ErrorCode::network, "cannot fetch").with_why("w").with_remedy("r"));
  host.answer("host:status", R"({"diagnostics":[
    {"severity":"error","code":"invalid-settings","path":"/h/host.json","line":2,"column":5,"message":"allowHost is not known"},
    {"severity":"error","code":"other","path":"/h/x","message":"m"}]})");
  const std::string warning = "warning: /h/host.json:2:5: allowHost is not known\n";
  const std::string error = "error[network]: cannot fetch\n  why: w\n  try: r\n";
  CHECK(run(host, {"pack", "install", "https://a.example/x.zip"}).err == warning + error);
  CHECK(run(host, {"pack", "install", "-q", "https://a.example/x.zip"}).err == error);
  CHECK(run(host, {"pack", "install", "--json", "https://a.example/x.zip"}).err.empty());
  host.answers["pluginPack:installUrl"] = {fail(Error::io("full").with_why("w").with_remedy("r"))};
  CHECK(run(host, {"pack", "install", "https://a.example/x.zip"}).err == "error[io]: full\n  why: w\n  try: r\n");
}

TEST_CASE("pack verify says in one word what is wrong, and in many with -v and --json") {
  FakeHost host;
  host.answer("pluginPack:verify",
              R"({"verified":false,"packs":[{"name":"a","verified":true,"expected":"11","found":"11"},
    {"name":"b","verified":false,"expected":"11","found":"22","problem":"b was changed: 22 for 11"},
    {"name":"c","verified":false,"expected":"11","problem":"c can't be read"}]})");
  CHECK(run(host, {"pack", "verify", "--all"}).out ==
        "PACK  VERIFIED  PROBLEM\na     yes\nb     no        changed\nc     no        unreadable\n");
  CHECK(run(host, {"pack", "verify", "--all", "-v"}).out.find("b     no        b was changed: 22 for 11\n") !=
        std::string::npos);
  CHECK(run(host, {"pack", "verify", "--all", "--json"}).out.find("b was changed: 22 for 11") != std::string::npos);
}

TEST_CASE("pack info shows a source line by line") {
  FakeHost host;
  host.answer("pluginPack:get", R"({"name":"x","displayName":"X","version":"1","scope":"user","state":"active",
    "source":{"kind":"git","location":"https://a.example/x.git","ref":"v1","commit":"c0","sha256":"5a","treeSha256":"7e",
    "installedAt":"2026-01-01T00:00:00Z"}})");
  CHECK(run(host, {"pack", "info", "x"})
            .out.find("  source        git https://a.example/x.git\n"
                      "  ref           v1\n"
                      "  commit        c0\n"
                      "  sha256        5a\n"
                      "  tree          7e\n"
                      "  installed     2026-01-01T00:00:00Z\n") != std::string::npos);
}

TEST_CASE("the document of a dry run says that it is one") {
  FakeHost host = host_that_installs();
  CHECK(*document(run(host, {"pack", "install", "/p/x", "--json", "-n"})).find("dryRun") == json::Value(true));
  CHECK(document(run(host, {"pack", "install", "/p/x", "--json"})).find("dryRun") == nullptr);
  host.answers["pluginPack:install"] = {fail(Error::io("full"))};
  CHECK(*document(run(host, {"pack", "install", "/p/x", "--json", "-n"})).find("dryRun") == json::Value(true));
}

TEST_CASE("Ctrl-D at a question ends its line") {
  FakeHost host;
  const Ran ran = run(host, {"pack", "remove", "x"}, {.terminal = true, .input = "", .no_color = true});
  CHECK(ran.status == 1);
  CHECK(ran.err.find("[y/N] \nerror[cancelled]: nothing was removed\n") != std::string::npos);
  CHECK(run(host, {"pack", "remove", "x"}, {.terminal = true, .input = "n\n", .no_color = true})
            .err.find("[y/N] error") != std::string::npos);
}
