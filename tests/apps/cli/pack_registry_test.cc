// `cowork pack search|outdated`, `pack install NAME`, `pack update --all`: what they ask and say.
#include "fake_client.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::cli::test;

namespace {

constexpr const char* installed =
    R"({"success":true,"packName":"tea","path":"/h/extensions/tea","manifest":{"version":"2.0.0"},"skillCount":1,"agentCount":0})";

std::string entry(const std::string& more) {
  return R"({"id":"tea","name":"tea","displayName":"Tea","description":"d","version":"2.0.0","author":"A")" +
         (more.empty() ? "" : "," + more) + "}";
}

std::string page(const std::string& results, int total = 1) {
  return R"({"query":"","total":)" + std::to_string(total) + R"(,"page":1,"pageSize":20,"results":[)" + results + "]}";
}

FakeHost host_with(const std::string& found) {
  FakeHost host;
  host.answer("pluginPack:registryDetails", found);
  host.answer("pluginPack:registrySearch", page(found));
  host.answer("pluginPack:installGit", installed);
  host.answer("pluginPack:installUrl", installed);
  host.answer("host:status", R"({"diagnostics":[]})");
  host.answer("pluginPack:get", R"({"name":"tea","state":"active"})");
  return host;
}

const std::string hash(64, 'a');
const Error none = Error::not_found("no pack registry is configured").with_why("none").with_remedy("set one");

}  // namespace

TEST_CASE("a plain name is looked up in the registry, and its repository comes first") {
  struct Case {
    std::string more, operation, params;
  };
  const std::string pin = R"("sha256":")" + hash + "\"";
  const std::string options = R"("options":{"sha256":")" + hash + R"(","name":"tea"}})";
  for (const Case& expected :
       std::vector<Case>{{R"("gitUrl":"https://g.example/t.git","downloadUrl":"https://g.example/t.zip",)" + pin,
                          "pluginPack:installGit", R"({"url":"https://g.example/t.git",)" + options},
                         {R"("downloadUrl":"https://g.example/t.zip",)" + pin, "pluginPack:installUrl",
                          R"({"url":"https://g.example/t.zip",)" + options},
                         {R"("downloadUrl":"https://g.example/t.zip")", "pluginPack:installUrl",
                          R"({"url":"https://g.example/t.zip","options":{"name":"tea"}})"}}) {
    FakeHost host = host_with(entry(expected.more));
    const Ran ran = run(host, {"pack", "install", "tea"});
    CHECK(ran.status == 0);
    CHECK(ran.out == "/h/extensions/tea\n");
    CHECK(ran.err == "installed tea 2.0.0 (1 skill, 0 roles)\n");
    CHECK(host.asked("pluginPack:registryDetails") == std::vector<std::string>{R"(["tea"])"});
    CHECK(host.asked(expected.operation) == std::vector<std::string>{expected.params});
    CHECK(host.asked("pluginPack:registrySearch").empty());
  }
}

TEST_CASE("a name that is no id is that of the pack") {
  FakeHost host = host_with(entry(R"("gitUrl":"https://g.example/t.git")"));
  host.answers["pluginPack:registryDetails"].clear();
  host.answer("pluginPack:registryDetails", "null");
  CHECK(run(host, {"pack", "install", "tea"}).status == 0);
  CHECK(run(host, {"pack", "install", "te"}).err ==
        "error[not-found]: the pack registry has no pack \"te\"\n"
        "  why: a plain name is looked up there; a path has a slash\n"
        "  try: cowork pack search te\n");
}

TEST_CASE("paths and addresses ask no registry") {
  for (const char* source : {"./tea", "/srv/tea", "tea/", "tea.zip", "https://a.example/tea", "github:a/tea", "Tea"}) {
    FakeHost host = host_with(entry(""));
    host.answer("pluginPack:install", installed);
    CHECK(run(host, {"pack", "install", source}).status == 0);
    CHECK(host.asked("pluginPack:registryDetails").empty());
  }
}

TEST_CASE("two different hashes are refused before anything is fetched") {
  FakeHost host = host_with(entry(R"("gitUrl":"https://g.example/t.git","sha256":")" + hash + "\""));
  const Ran ran = run(host, {"pack", "install", "tea", "--sha256", std::string(64, 'b')});
  CHECK(ran.status == 5);
  CHECK(ran.err == "error[integrity]: the registry publishes another sha256 for \"tea\"\n  why: it is " + hash +
                       " there, and --sha256 says " + std::string(64, 'b') +
                       "\n  try: find out which one is right before you install it\n");
  CHECK(host.asked("pluginPack:installGit").empty());
  CHECK(run(host, {"pack", "install", "tea", "--sha256", hash}).status == 0);
}

TEST_CASE("what the policy refuses is not fetched, and the refusal is the host's") {
  FakeHost host = host_with(entry(R"("gitUrl":"https://g.example/t.git")"));
  host.answer("admin:explain",
              R"({"allowed":false,"code":"policy-denied","message":"Pack \"tea\" is blocked by admin policy",)"
              R"("why":"packs.blocked in /p:1","try":"ask","rule":{"name":"packs.blocked"}})");
  const Ran ran = run(host, {"pack", "install", "tea"});
  CHECK(ran.status == 3);
  CHECK(ran.err ==
        "error[policy-denied]: Pack \"tea\" is blocked by admin policy\n"
        "  why: packs.blocked in /p:1\n  try: ask\n");
  CHECK(host.asked("admin:explain") ==
        std::vector<std::string>{R"({"operation":"pluginPack:toggle","params":["tea",true]})"});
  CHECK(host.asked("pluginPack:installGit").empty());
}

TEST_CASE("search shows a table, and how to go on") {
  FakeHost host = host_with(entry(R"("category":"Kitchen")"));
  host.answers["pluginPack:registrySearch"].clear();
  host.answer("pluginPack:registrySearch", page(entry(R"("category":"Kitchen")"), 45));
  const Ran ran = run(host, {"pack", "search", "green tea", "--category", "Kitchen", "--page", "2"});
  CHECK(ran.out == "PACK  VERSION  CATEGORY  DESCRIPTION\ntea   2.0.0    Kitchen   d\n");
  CHECK(ran.err == "page 2 of 3; the next: cowork pack search 'green tea' --category Kitchen --page 3\n");
  CHECK(host.asked("pluginPack:registrySearch") ==
        std::vector<std::string>{R"(["green tea",{"page":2,"category":"Kitchen"}])"});
  CHECK(run(host, {"pack", "search", "--page", "3"}).err.empty());
  const json::Value json = document(run(host, {"pack", "search", "--json"}));
  CHECK(json.find("search")->find("total")->as_int64() == 45);
}

TEST_CASE("search says when there is nothing") {
  FakeHost host;
  host.answer("host:status", R"({"diagnostics":[]})");
  host.answer("pluginPack:registrySearch", page("", 0));
  CHECK(run(host, {"pack", "search"}).err == "the registry is empty\n");
  CHECK(run(host, {"pack", "search", "x"}).err == "the registry has nothing of the kind\n");
  FakeHost full;
  full.answer("pluginPack:registrySearch", page("", 5));
  CHECK(run(full, {"pack", "search", "--page", "9"}).err == "there is no page 9\n");
}

TEST_CASE("old answers are told of, and with -v what of the catalog can't be used") {
  FakeHost host = host_with(entry(""));
  host.answers["host:status"].clear();
  host.answer("host:status", R"({"diagnostics":[{"code":"registry-stale","path":"/r","message":"old \u001b"},)"
                             R"({"code":"invalid-registry","path":"/r","line":3,"pointer":"/packs/0","message":"bad"},)"
                             R"({"code":"other","path":"/x","message":"else"}]})");
  host.answer("pluginPack:checkUpdates", R"([{"name":"tea","currentVersion":"1.0.0","latestVersion":"2.0.0"}])");
  CHECK(run(host, {"pack", "search"}).err == "warning: old \\x1b\nthe registry's catalog has entries that can't be used: cowork pack search -v\n");
  CHECK(run(host, {"pack", "search", "-v"}).err == "warning: old \\x1b\n/r:3 (/packs/0): bad\n");
  CHECK(run(host, {"pack", "search", "-q"}).err.empty());
  CHECK(run(host, {"pack", "search", "--json"}).err.empty());
  CHECK(run(host, {"pack", "outdated"}).err == "update them with: cowork pack update --all\nwarning: old \\x1b\nthe registry's catalog has entries that can't be used: cowork pack search -v\n");
}

TEST_CASE("outdated lists versions, and says when there is no registry") {
  FakeHost host = host_with(entry(""));
  host.answer("pluginPack:checkUpdates", R"([{"name":"tea","currentVersion":"1.0.0","latestVersion":"2.0.0"}])");
  CHECK(run(host, {"pack", "outdated"}).out == "PACK  INSTALLED  LATEST\ntea   1.0.0      2.0.0\n");
  CHECK(json::to_text(*document(run(host, {"pack", "outdated", "--json"})).find("updates")) ==
        R"([{"name":"tea","currentVersion":"1.0.0","latestVersion":"2.0.0"}])");
  FakeHost fresh;
  fresh.answer("pluginPack:checkUpdates", "[]");
  fresh.answer("pluginPack:registryCategories", "[]");
  CHECK(run(fresh, {"pack", "outdated"}).err == "every user pack that the registry has is as new as there\n");
  FakeHost without;
  without.answer("pluginPack:checkUpdates", "[]");
  without.answer("pluginPack:registryCategories", none);
  const Ran ran = run(without, {"pack", "outdated"});
  CHECK(ran.status == 0);
  CHECK(ran.err == "no pack registry is configured: set one\n");
  CHECK(run(without, {"pack", "outdated", "-q"}).err.empty());
  CHECK(run(without, {"pack", "update", "--all"}).err == "no pack registry is configured: set one\n");
}

TEST_CASE("update --all installs from the registry with the pin, goes on after a failure, and ends with its status") {
  FakeHost host;
  host.answer("pluginPack:checkUpdates", R"([{"name":"a","currentVersion":"1.0.0","latestVersion":"2.0.0"},)"
                                         R"({"name":"tea","currentVersion":"1.0.0","latestVersion":"2.0.0"}])");
  host.answer("pluginPack:registrySearch", Error(ErrorCode::network, "it is away").with_why("w").with_remedy("t"));
  host.answer("pluginPack:registrySearch",
              page(entry(R"("gitUrl":"https://g.example/t.git","sha256":")" + hash + "\"")));
  host.answer("pluginPack:installGit", installed);
  const Ran ran = run(host, {"pack", "update", "--all"});
  CHECK(ran.status == 6);
  CHECK(ran.err == "error[network]: a: it is away\n  why: w\n  try: t\nupdated tea from 1.0.0 to 2.0.0\n");
  CHECK(host.asked("pluginPack:installGit") ==
        std::vector<std::string>{R"({"url":"https://g.example/t.git","options":{"replace":true,"name":"tea","sha256":")" + hash +
                                 R"("}})"});
  CHECK(host.asked("pluginPack:update").empty());
}

TEST_CASE("update --all in JSON has a line for each pack") {
  FakeHost host = host_with(entry(R"("gitUrl":"https://g.example/t.git")"));
  host.answer("pluginPack:checkUpdates", R"([{"name":"tea","currentVersion":"1.0.0","latestVersion":"2.0.0"},)"
                                         R"({"name":"b","currentVersion":"1.0.0","latestVersion":"2.0.0"}])");
  const Ran ran = run(host, {"pack", "update", "--all", "--json"});
  CHECK(ran.status == 4);
  CHECK(ran.err.empty());
  const json::Value whole = document(ran);
  const json::Array& lines = *whole.find("updates")->as_array();
  REQUIRE(lines.size() == 2);
  CHECK(*lines[0].find("install")->find("packName")->as_string() == "tea");
  CHECK(*lines[1].find("error")->find("message")->as_string() == "the pack registry has no pack \"b\"");
}

TEST_CASE("who cancels one update cancels the rest") {
  FakeHost host = host_with(entry(R"("gitUrl":"https://g.example/t.git")"));
  host.answer("pluginPack:checkUpdates", R"([{"name":"tea","currentVersion":"1.0.0","latestVersion":"2.0.0"},)"
                                         R"({"name":"tea","currentVersion":"1.0.0","latestVersion":"2.0.0"}])");
  host.answers["pluginPack:installGit"].clear();
  host.answer("pluginPack:installGit", Error(ErrorCode::cancelled, "it was cancelled"));
  CHECK(run(host, {"pack", "update", "--all"}).status == 1);
  CHECK(host.asked("pluginPack:installGit").size() == 1);
}

TEST_CASE("update takes a name or --all, and pins are for one pack") {
  for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{{},
                                                                                    {"tea", "--all"},
                                                                                    {"--all", "--ref", "v1"},
                                                                                    {"--all", "--sha256", hash},
                                                                                    {"--all", "--allow-downgrade"}}) {
    FakeHost host;
    std::vector<std::string> line{"pack", "update"};
    line.insert(line.end(), more.begin(), more.end());
    const Ran ran = run(host, line);
    CHECK(ran.status == 2);
    CHECK(ran.err ==
          "error[invalid-argument]: name one pack, or say --all\n"
          "  why: cowork pack update takes either, and --ref, --sha256 and --allow-downgrade are for one pack\n"
          "  try: cowork pack update --all\n");
    CHECK(host.asked("pluginPack:update").empty());
    CHECK(host.asked("pluginPack:checkUpdates").empty());
  }
}
