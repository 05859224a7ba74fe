// `cowork pack quarantine list|release|remove`, and the report in `pack info`: what they say.
#include "fake_client.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::cli::test;

namespace {

/// Texts of a pack are hostile: the path and the message hold what a terminal would act on.
constexpr const char* report =
    R"({"verdict":"quarantined","findings":[{"rule":"zero-width","severity":"warning","path":"a.md","line":1,"message":"m"},
    {"rule":"hidden-text","severity":"quarantined","path":"b\u001b[2J.md","line":7,"message":"says \u202e this"}],
    "omitted":3,"scannedAt":"2026-01-01T00:00:00Z"})";

FakeHost host_with_quarantine() {
  FakeHost host;
  host.answer("quarantine:list", R"([{"name":"x","path":"/h/extensions/x","report":)" + std::string(report) + "}]");
  host.answer("quarantine:release", R"({"success":true,"packName":"x"})");
  host.answer("quarantine:remove", R"({"success":true,"packName":"x"})");
  host.answer("pluginPack:list", R"([{"name":"mate"}])");
  return host;
}

}  // namespace

TEST_CASE("the quarantine is a table, with the gravest finding of each pack") {
  FakeHost host = host_with_quarantine();
  const Ran ran = run(host, {"pack", "quarantine", "list"});
  CHECK(ran.status == 0);
  CHECK(ran.out == "PACK  FINDINGS  FIRST\nx            5  b\\x1b[2J.md:7: says \\u{202e} this\n");
  CHECK(ran.err.empty());
  const json::Value listed = document(run(host, {"pack", "quarantine", "list", "--json"}));
  CHECK(listed.find("quarantine")->as_array()->size() == 1);
}

TEST_CASE("an empty quarantine says so") {
  FakeHost host;
  host.answer("quarantine:list", "[]");
  const Ran ran = run(host, {"pack", "quarantine", "list"});
  CHECK(ran.out.empty());
  CHECK(ran.err == "no pack is quarantined\n");
}

TEST_CASE("release says what it did, and how the pack stands then") {
  FakeHost host = host_with_quarantine();
  host.answer("pluginPack:get", R"({"name":"x","scope":"user","state":"disabled"})");
  const Ran ran = run(host, {"pack", "quarantine", "release", "x"});
  CHECK(ran.status == 0);
  CHECK(ran.err == "released x\nit is disabled: switch it on with: cowork pack enable x\n");
  CHECK(host.asked("quarantine:release") == std::vector<std::string>{R"(["x"])"});
  CHECK(run(host, {"pack", "quarantine", "release", "x", "-n"}).err ==
        "would release x\ndry run: nothing was changed\n");
  CHECK(document(run(host, {"pack", "quarantine", "release", "x", "--json"})).find("release"));
}

TEST_CASE("remove says what it did") {
  FakeHost host = host_with_quarantine();
  CHECK(run(host, {"pack", "quarantine", "remove", "x"}).err == "removed x\n");
  CHECK(host.asked("quarantine:remove") == std::vector<std::string>{R"(["x"])"});
  CHECK(document(run(host, {"pack", "quarantine", "remove", "x", "--json"})).find("remove"));
}

TEST_CASE("on a terminal both ask first, and nothing happens without a yes") {
  for (const std::string verb : {"release", "remove"}) {
    INFO(verb);
    FakeHost host = host_with_quarantine();
    const Ran ran = run(host, {"pack", "quarantine", verb, "x"}, {.terminal = true, .input = "n\n", .no_color = true});
    CHECK(ran.status == 1);
    CHECK(ran.err.find("error[cancelled]: nothing was " + verb) != std::string::npos);
    CHECK(host.asked("quarantine:" + verb).empty());
    CHECK(run(host, {"pack", "quarantine", verb, "x", "-y"}, {.terminal = true, .no_color = true}).status == 0);
  }
}

TEST_CASE("a pack that is not there gets a suggestion; a verb that is missing the group's help") {
  FakeHost host = host_with_quarantine();
  host.answers["quarantine:release"] = {};
  host.answer("quarantine:release", Error::not_found("no pack is called \"mat\""));
  const Ran ran = run(host, {"pack", "quarantine", "release", "mat"});
  CHECK(ran.status == 4);
  CHECK(ran.err.find("mate") != std::string::npos);
  const Ran bare = run(host, {"pack", "quarantine"});
  CHECK(bare.status == 2);
  CHECK(bare.err.find("cowork pack quarantine release crm") != std::string::npos);
  CHECK(run(host, {"pack", "quarantine", "free", "x"}).status == 2);
}

TEST_CASE("pack info shows the report with file and line, and acts on none of its texts") {
  FakeHost host;
  host.answer("pluginPack:get",
              R"({"name":"x","scope":"user","state":"quarantined","error":"e","scan":)" + std::string(report) + "}");
  const Ran ran = run(host, {"pack", "info", "x"});
  CHECK(ran.status == 0);
  CHECK(ran.out.find("quarantined, 5 findings\n") != std::string::npos);
  CHECK(ran.out.find("\nFound by the content scan\n"
                     "  warning[zero-width] a.md:1\n    m\n"
                     "  quarantined[hidden-text] b\\x1b[2J.md:7\n    says \\u{202e} this\n"
                     "  and 3 more\n") != std::string::npos);
  CHECK(ran.out.find('\x1b') == std::string::npos);
}

TEST_CASE("pack info says where native code runs, and when an isolated pack's tools are known") {
  struct Case {
    std::string members, expected;
  };
  const std::vector<Case> cases{
      {R"("state":"active","native":true,"isolated":true)",
       "  runs          isolated\n  tools         its tools are known once it has run in this host\n"},
      {R"("state":"active","native":true,"isolated":true,"tools":[{"name":"t","description":"d"}])",
       "  runs          isolated\n\nTools (1)\n"},
      {R"("state":"disabled","native":true,"isolated":true)", "  runs          isolated\n"},
      {R"("state":"active","native":true,"isolated":false)", "  runs          in the host\n"},
      {R"("state":"active")", "  state         active\n"},
  };
  for (const Case& row : cases) {
    INFO(row.members);
    FakeHost host;
    host.answer("pluginPack:get", R"({"name":"x","scope":"user",)" + row.members + "}");
    const std::string out = run(host, {"pack", "info", "x"}).out;
    CHECK(out.size() >= row.expected.size());
    CHECK(out.substr(out.find(row.expected.substr(0, 8))).starts_with(row.expected));
    CHECK((out.find("known once") != std::string::npos) == (row.expected.find("known once") != std::string::npos));
  }
}
