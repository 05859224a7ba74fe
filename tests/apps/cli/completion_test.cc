#include <algorithm>
#include <sstream>

#include "fake_client.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::cli::test;

namespace {

FakeHost host_with_packs() {
  FakeHost host;
  host.answer("pluginPack:list", R"([{"name":"devops-pack","displayName":"DevOps","alias":"devops"},
    {"name":"sales-crm-pack","displayName":"Sales\u001b[31m","alias":"sales-crm"},
    {"name":"mine","displayName":"Mine","scope":"user"}])");
  host.answer("pluginPack:get", R"({"name":"devops-pack","skills":[{"id":"deploy","name":"Deploy"}]})");
  host.answer("pluginPack:getContext",
              R"({"skills":[{"id":"deploy","name":"Deploy"},{"id":"triage","name":"Triage"}]})");
  host.answer("host:operations", R"([{"name":"host:status","summary":"How it is."},{"name":"pluginPack:get"},
    {"name":"pluginPack:list"}])");
  return host;
}

/// The candidates for the last word, without what is said about them.
std::vector<std::string> fits(std::vector<std::string> words) {
  FakeHost host = host_with_packs();
  words.insert(words.begin(), {"__complete", "line"});
  std::istringstream lines(run(host, words).out);
  std::vector<std::string> result;
  for (std::string line; std::getline(lines, line);) result.push_back(line.substr(0, line.find('\t')));
  return result;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("completion of a line") {
  CHECK(fits({"pa"}) == Names{"pack", "paths"});
  CHECK(fits({"pack", "in"}) == Names{"info", "install"});
  CHECK(fits({"pack", "enable", ""}) == Names{"devops-pack", "sales-crm-pack", "mine"});
  CHECK(fits({"pack", "enable", "s"}) == Names{"sales-crm-pack"});
  CHECK(fits({"pack", "enable", "devops-pack", ""}).empty());
  CHECK(fits({"pack", "enable", "devops-pack", "--skill", ""}) == Names{"deploy"});
  CHECK(fits({"--json", "pack", "--home", "/h", "enable", "d"}) == Names{"devops-pack"});
  CHECK(fits({"pack", "enable", "--sk"}) == Names{"--skill"});
  CHECK(fits({"--color", ""}) == Names{"auto", "always", "never"});
  CHECK(fits({"--color=al"}) == Names{"--color=always"});
  CHECK(fits({"pack", "list", "--scope", "o"}) == Names{"organization"});
  CHECK(fits({"skill", "show", "t"}) == Names{"triage"});
  CHECK(fits({"call", "pluginPack:"}) == Names{"pluginPack:get", "pluginPack:list"});
  CHECK(fits({"call", "--list", ""}) == Names{"host:status", "pluginPack:get", "pluginPack:list"});
  CHECK(fits({"chain", "--trace", ""}) == Names{"on", "off"});
  CHECK(fits({"pack", "list", "--connect", ""}) == Names{":files"});
  CHECK(fits({"policy", "get", "general.org"}) == Names{"general.orgName", "general.orgPluginDir"});
  CHECK(fits({"policy", "set", "packs.blocked+=d"}) == Names{"packs.blocked+=devops-pack"});
  CHECK(fits({"policy", "set", "general.allowGitInstall="}) ==
        Names{"general.allowGitInstall=true", "general.allowGitInstall=false"});
  CHECK(fits({"pack", "install", ""}) == Names{":files"});
  CHECK(fits({"pack", "validate", ""}) == Names{":directories"});
  CHECK(fits({"completion", "z"}) == Names{"zsh"});
  CHECK(fits({"help", "pack", "en"}) == Names{"enable"});
  CHECK(fits({"nonsense", ""}).size() > 5);
}

TEST_CASE("completion of what is only for installed packs leaves the others out") {
  for (const char* verb : {"update", "remove", "verify"}) CHECK(fits({"pack", verb, ""}) == Names{"mine"});
  CHECK(fits({"pack", "info", ""}).size() == 3);
}

TEST_CASE("completion knows every kind of pack that can be made") {
  CHECK(fits({"pack", "new", "x", "--kind", ""}) == Names{"declarative", "skill", "native", "interceptor"});
}

TEST_CASE("completion looks at the home that the line names") {
  FakeHost host = host_with_packs();
  run(host, {"__complete", "line", "--home", "/h", "pack", "info", "--builtin=/b", ""});
  CHECK(host.options.home == "/h");
  CHECK(host.options.builtin == "/b");
  run(host, {"__complete", "line", "pack", "--connect", "/s", "info", ""});
  CHECK(host.options.connect == "/s");
}

TEST_CASE("completion says what a candidate is, escaped") {
  FakeHost host = host_with_packs();
  CHECK(run(host, {"__complete", "packs"}).out == "devops-pack\tDevOps\nsales-crm-pack\tSales\\x1b[31m\nmine\tMine\n");
  CHECK(run(host, {"__complete", "operations"}).out == "host:status\tHow it is.\npluginPack:get\npluginPack:list\n");
  CHECK(run(host, {"__complete", "skills"}).out == "deploy\tDeploy\ntriage\tTriage\n");
  CHECK(run(host, {"__complete", "nonsense"}).status == 2);
}

TEST_CASE("a host that fails completes nothing and says nothing") {
  FakeHost host;
  const Ran ran = run(host, {"__complete", "line", "pack", "info", ""});
  CHECK(ran.status == 0);
  CHECK(ran.out.empty());
  CHECK(ran.err.empty());
}

TEST_CASE("each shell has a script that asks the program") {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    FakeHost host;
    const Ran ran = run(host, {"completion", shell});
    CHECK(ran.status == 0);
    CHECK(ran.out.find("__complete line") != std::string::npos);
    CHECK(host.calls.empty());
  }
  FakeHost host;
  CHECK(run(host, {"completion", "tcsh"}).status == 2);
}
