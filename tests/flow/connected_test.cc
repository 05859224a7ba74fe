// Every verb with `--connect` says what it says alone: stdout, stderr and exit status, on two equal homes.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "four_packs.h"
#include "install_desk.h"
#include "support/catch.h"
#include "support/running_server.h"

using namespace cowork;
using namespace cowork::test;

namespace {

constexpr const char* shell_pack = R"({"connectors": [{"name": "local", "description": "d", "inputSchema": {},
  "type": "shell", "shell": {"command": "true"}}]})";

/// FourPacks, and what can be installed, validated, and set.
class World : public FourPacks {
 public:
  World() {
    mini_pack("offers/tea", "tea");
    mini_pack("offers/shell", "shell", shell_pack);
    write("offers/broken/cowork.plugin.json", R"({"name": "Broken", "type": "pack"})");
    write("offers/pot.tar", pack_tar("pot"));
    mini_pack("offers/evil", "evil");
    write("offers/evil/notes.md", "Read this\xe2\x80\xae backwards\n");
    write("policy.json", R"({"packs": {"blocked": ["tea"]}})");
    write("wrong.json", "{\n  \"packs\": {\"blocked\": \"tea\"}\n}\n");
  }
};

struct Line {
  Arguments arguments;
  std::string input = {};
};

/// In the order in which they are run; each depends on what those before it did.
std::vector<Line> lines() {
  return {
      {{"pack", "list"}},
      {{"pack", "list", "--json"}},
      {{"pack", "list", "--scope", "builtin", "--state", "active"}},
      {{"pack", "list", "--blocked", "-v"}},
      {{"pack", "info", "alpha"}},
      {{"pack", "info", "alpha", "--json"}},
      {{"pack", "info", "alpah"}},
      {{"pack", "info"}},
      {{"pack", "context"}},
      {{"pack", "context", "--json"}},
      {{"pack", "enable", "mine"}},
      {{"pack", "disable", "beta", "-n"}},
      {{"pack", "disable", "beta", "-n", "--json"}},
      {{"pack", "disable", "beta", "-q"}},
      {{"pack", "disable", "beta", "--json"}},
      {{"pack", "enable", "beta", "--skill", "beta-s"}},
      {{"pack", "enable", "beta", "--skill", "no-such"}},
      {{"pack", "disable", "bta", "--json"}},
      {{"pack", "enable", "beta"}},
      {{"pack", "new", "fresh"}},
      {{"pack", "new", "fresh"}},
      {{"pack", "new", "Not A Name"}},
      {{"pack", "new", "here", "--into", ".", "--kind", "skill", "--json"}},
      {{"pack", "install", "offers/tea", "-n"}},
      {{"pack", "install", "./offers/tea"}},
      {{"pack", "install", "offers/tea"}},
      {{"pack", "install", "offers/tea", "--replace", "--json"}},
      {{"pack", "install", "offers/shell"}},
      {{"pack", "install", "offers/pot.tar", "-v"}},
      {{"pack", "install", "offers/pot.tar", "--replace", "--sha256", std::string(64, '0')}},
      {{"pack", "install", "offers/broken"}},
      {{"pack", "install", "offers/none"}},
      {{"pack", "install", "github:nobody"}},
      {{"pack", "install", "https://127.0.0.1:1/x.zip"}},
      {{"pack", "update", "tea"}},
      {{"pack", "update", "pot", "--json"}},
      {{"pack", "update", "alpha-pack"}},
      {{"pack", "update", "--all"}},
      {{"pack", "verify", "--all"}},
      {{"pack", "verify", "tea", "--json"}},
      {{"pack", "verify", "mine"}},
      {{"pack", "verify"}},
      {{"pack", "remove", "pot", "--yes", "--dry-run"}},
      {{"pack", "remove", "pot", "--yes"}},
      {{"pack", "remove", "pot", "--yes", "--json"}},
      {{"pack", "validate", "offers/tea"}},
      {{"pack", "validate", "offers/broken", "--json"}},
      {{"pack", "search", "tea"}},
      {{"pack", "outdated"}},
      {{"pack", "quarantine", "list"}},
      {{"pack", "install", "offers/evil"}},
      {{"pack", "install", "offers/evil", "--replace", "-q"}},
      {{"pack", "quarantine", "list"}},
      {{"pack", "quarantine", "list", "--json"}},
      {{"pack", "enable", "evil"}},
      {{"skill", "show", "evil-s"}},
      {{"pack", "info", "evil"}},
      {{"pack", "quarantine", "release", "tea"}},
      {{"pack", "quarantine", "release", "evil", "-n"}},
      {{"pack", "quarantine", "release", "evil", "--json"}},
      {{"pack", "update", "evil"}},
      {{"pack", "quarantine", "remove", "evil", "--yes"}},
      {{"pack", "remove", "evil", "--yes"}},
      {{"pack", "install", "offers/evil"}},
      {{"pack", "quarantine", "remove", "evil", "--yes"}},
      {{"skill", "show", "tea-s"}},
      {{"skill", "show", "tea-x", "--json"}},
      {{"skill", "render", "tea-s"}},
      {{"skill", "render", "tea-s", "a=b", "--json"}},
      {{"policy", "show"}},
      {{"policy", "show", "--layer", "machine", "--json"}},
      {{"policy", "get", "packs.blocked"}},
      {{"policy", "get", "packs.blokced"}},
      {{"policy", "check", "alpha"}},
      {{"policy", "check", "alpha", "--json"}},
      {{"policy", "simulate", "packs.blocked+=beta"}},
      {{"policy", "simulate", "policy.json", "--json"}},
      {{"policy", "simulate", "wrong.json"}},
      {{"policy", "set", "packs.blocked+=beta", "general.orgName=Acme", "-n"}},
      {{"policy", "set", "packs.blocked+=beta", "general.orgName=Acme"}},
      {{"policy", "set", "packs.blocked-=beta", "--json"}},
      {{"policy", "set", "policy.json"}},
      {{"policy", "set", "wrong.json"}},
      {{"policy", "set", "-"}, R"({"packs": {"required": ["alpha"]}})"},
      {{"policy", "set", "packs.required=tea"}},
      {{"policy", "set", "packs.blocked+=x", "--if-revision", "other"}},
      {{"policy", "set", "agents.maxConcurrentAgents=no"}},
      {{"policy", "show", "-v"}},
      {{"policy", "validate"}},
      {{"policy", "validate", "policy.json"}},
      {{"policy", "validate", "wrong.json"}},
      {{"policy", "validate", "wrong.json", "--json"}},
      {{"policy", "explain", "pluginPack:toggle", "tea", "true"}},
      {{"policy", "explain", "pluginPack:toggle", "tea", "true", "--json"}},
      {{"policy", "explain", "pluginPack:togle", "tea", "true"}},
      {{"pack", "enable", "tea"}},
      {{"pack", "enable", "tea", "--json"}},
      {{"pack", "disable", "alpha"}},
      {{"pack", "info", "tea"}},
      {{"pack", "list", "--blocked"}},
      {{"policy", "reset"}},
      {{"policy", "reset", "--yes"}},
      {{"call", "host:rescan"}},
      {{"call", "pluginPack:get", "alpha", "--json"}},
      {{"call", "pluginPack:gte", "alpha"}},
      {{"call", "pluginPack:toggle", "{\"name\": \"alpha\""}},
      {{"call", "pluginPack:toggle", "alpha"}},
      {{"call", "pack:admit"}},
      {{"call", "pluginPack:toggle", "-"}, R"(["alpha", "yes"])"},
      {{"call", "pluginPack:get", "-"}, "7"},
      {{"call", "agent:start", "options:={\"workspace\":\"w\",\"agentId\":\"a\"}"}},
      {{"call", "agent:heartbeat", "options:={\"workspace\":\"w\",\"agentId\":\"a\"}"}},
      {{"call", "--list"}},
      {{"call", "--list", "--json"}},
      {{"call"}},
      {{"chain"}},
      {{"chain", "pluginPack:toggle", "--json"}},
      {{"chain", "pluginPack:togle"}},
      {{"audit", "--verify"}},
      {{"audit", "--since", "yesterday"}},
      {{"audit", "--operation", "nothing"}},
      {{"doctor"}},
      {{"doctor", "--json"}},
      {{"completion", "bash"}},
      {{"version", "--json"}},
      {{"help", "pack"}},
      {{"pakc"}},
  };
}

/// Verbs that are not compared, and why.
const std::map<std::string, std::string>& exceptions() {
  static const std::map<std::string, std::string> all{
      {"serve", "it is the server"},
      {"open", "it always asks a server: tests/apps/cli/open_test.cc"},
      {"paths", "the socket is the one of --connect: below"},
      {"audit", "entries say by which way in they came: below; other questions to the trail are compared"},
  };
  return all;
}

/// What differs between two runs of the same on two homes: the directory, times, and random or hashed identifiers.
std::string comparable(std::string text, const CommandLine& cli) {
  for (std::size_t at = 0; (at = text.find(cli.path(), at)) != std::string::npos;)
    text.replace(at, cli.path().size(), "HERE");
  text = std::regex_replace(text, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)"), "TIME");
  text = std::regex_replace(text, std::regex(R"(\b\d{13}\b)"), "MILLISECONDS");
  text = std::regex_replace(text, std::regex(R"([0-9a-f]{16,})"), "HEX");
  return std::regex_replace(text, std::regex(R"(("retryAfterSec": )\d+)"), "$1N");
}

std::string words_of(const Arguments& arguments) {
  std::string words = "cowork";
  for (const std::string& argument : arguments) words += " " + argument;
  return words;
}

Arguments connected(Arguments arguments) {
  arguments.insert(arguments.end(), {"--connect", "serve.sock"});
  return arguments;
}

/// The leaves of the tree of verbs, as --help names them.
void collect_verbs(const CommandLine& cli, const Arguments& path, std::set<std::string>& verbs) {
  Arguments asked = path;
  asked.emplace_back("--help");
  const std::string help = cli.run(asked).out;
  const std::size_t start = help.find("\nVERBS\n");
  if (start == std::string::npos) {
    std::string name = words_of(path);
    verbs.insert(name.substr(name.find(' ') + 1));
    return;
  }
  std::istringstream list(help.substr(start + 7));
  for (std::string line; std::getline(list, line) && line.starts_with("  ");) {
    if (line[2] == ' ') continue;  // the explanation goes on
    Arguments below = path;
    below.push_back(line.substr(2, line.find(' ', 2) - 2));
    collect_verbs(cli, below, verbs);
  }
}

}  // namespace

TEST_CASE("every verb says the same with --connect as alone", "[connected]") {
  const World alone;
  const World served;
  const RunningServer server(served);
  for (const Line& line : lines()) {
    INFO(words_of(line.arguments));
    const Ran expected = alone.run(line.arguments, {}, line.input);
    const Ran ran = served.run(connected(line.arguments), {}, line.input);
    CHECK(ran.status == expected.status);
    CHECK(comparable(ran.out, served) == comparable(expected.out, alone));
    CHECK(comparable(ran.err, served) == comparable(expected.err, alone));
  }
}

TEST_CASE("no verb is forgotten", "[connected]") {
  const World cli;
  std::set<std::string> verbs;
  collect_verbs(cli, {}, verbs);
  CHECK(verbs.size() > 25);
  for (const std::string& verb : verbs) {
    INFO(verb);
    const auto begins = [&](const Line& line) {
      return (words_of(line.arguments) + " ").starts_with("cowork " + verb + " ");
    };
    const std::vector<Line> all = lines();
    CHECK((exceptions().contains(verb) || std::any_of(all.begin(), all.end(), begins)));
  }
}

TEST_CASE("the trail says that a call came over the socket, and else the same", "[connected]") {
  const World alone;
  const World served;
  const RunningServer server(served);
  const auto lines_of = [](const CommandLine& cli, const Arguments& arguments) {
    json::Value lines = at(cli.json(arguments).document, "/audit/lines");
    return lines;
  };
  const Arguments toggle{"pack", "disable", "beta"};
  REQUIRE(alone.run(toggle).status == 0);
  REQUIRE(served.run(connected(toggle)).status == 0);
  const json::Value expected = lines_of(alone, {"audit"});
  const json::Value lines = lines_of(served, connected({"audit"}));
  REQUIRE(lines.as_array()->size() == expected.as_array()->size());
  for (std::size_t index = 0; index < lines.as_array()->size(); ++index) {
    const json::Value& line = (*lines.as_array())[index];
    const json::Value& other = (*expected.as_array())[index];
    const bool host_itself = text_at(other, "/entry") == "host";
    CHECK(text_at(line, "/entry") == (host_itself ? "host" : "socket"));
    CHECK(text_at(other, "/entry") == (host_itself ? "host" : "cli"));
    for (const char* member : {"seq", "actor", "operation", "subject", "verdict"}) {
      INFO(member);
      CHECK(at(line, std::string("/") + member) == at(other, std::string("/") + member));
    }
  }
}

TEST_CASE("paths are the server's", "[connected]") {
  const World served;
  const RunningServer server(served);
  const json::Value expected = at(served.json({"paths"}).document, "/paths");
  const World elsewhere;
  const JsonRan ran = elsewhere.json({"paths", "--connect", served.path("serve.sock")});
  CHECK(ran.status == 0);
  json::Value paths = at(ran.document, "/paths");
  CHECK(text_at(paths, "/socket") == served.path("serve.sock"));
  paths.set("socket", at(expected, "/socket"));
  CHECK(paths == expected);
}

TEST_CASE("completion asks the server", "[connected]") {
  const World served;
  const RunningServer server(served);
  const CommandLine elsewhere;
  CHECK(elsewhere.run({"__complete", "line", "--connect", served.path("serve.sock"), "pack", "info", "al"}).out ==
        "alpha-pack\tPack alpha-pack\n");
}

TEST_CASE("what many write through one server is none of it lost", "[connected]") {
  const World served;
  const RunningServer server(served);
  std::vector<Arguments> commands;
  for (const std::string& name : FourPacks::names()) commands.push_back(connected({"pack", "disable", name}));
  for (const Ran& ran : served.run_together(commands)) CHECK(ran.status == 0);
  CHECK(served.contributed_skills().empty());
}

TEST_CASE("a server's traced call is shown", "[connected]") {
  const World served;
  const RunningServer server(served);
  CHECK(served.run(connected({"chain", "--trace", "on"})).err == "switched tracing on\n");
  REQUIRE(served.run(connected({"pack", "disable", "beta"})).status == 0);
  const json::Value trace = at(served.json(connected({"chain", "pluginPack:toggle"})).document, "/trace");
  CHECK(at(trace, "/enabled") == json::Value(true));
  CHECK(text_at(trace, "/last/operation") == "pluginPack:toggle");
  const std::string shown = served.run(connected({"chain", "pluginPack:toggle"})).out;
  CHECK(shown.find("\nLAST TRACED CALL  pluginPack:toggle  ") != std::string::npos);
  CHECK(shown.find("\nhandler ") != std::string::npos);
  CHECK(at(served.json(connected({"chain", "--trace", "off"})).document, "/trace/enabled") == json::Value(false));
}

TEST_CASE("open: no server for this home, then one", "[connected]") {
  const World cli;
  const Environment runtime{{"XDG_RUNTIME_DIR", cli.path("runtime")}};
  const Ran none = cli.run({"open", "--print"}, runtime);
  CHECK(none.status == 1);
  CHECK(none.err ==
        "error[io]: no server is running for this home\n"
        "  why: there is no socket " +
            text_at(cli.json({"paths"}, runtime).document, "/paths/socket") +
            "\n"
            "  try: cowork serve\n");
  const RunningServer server(cli, {"--http"});
  const JsonRan opened = cli.json(connected({"open"}));
  CHECK(opened.status == 0);
  CHECK_THAT(text_at(opened.document, "/console/url"),
             Catch::StartsWith(text_at(server.described(), "/http") + "/#code="));
  CHECK(at(opened.document, "/console/expiresInSec") == json::Value(60));
  CHECK(cli.run(connected({"open", "--print"})).out.size() == text_at(opened.document, "/console/url").size() + 1);
}

TEST_CASE("open without HTTP says what is missing", "[connected]") {
  const World cli;
  const RunningServer server(cli);
  CHECK(cli.run(connected({"open", "--print"})).status == 7);
}

TEST_CASE("Ctrl-C is the server's to act on: the install ends as cancelled, the server goes on", "[connected]") {
  InstallDesk desk;
  desk.offer("tea");
  RunningServer server(desk.cli);
  const std::string socket = "--connect=" + desk.cli.path("serve.sock");
  const std::string source = desk.server.url("stall/tea.tar.gz");
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGINT, SIG_DFL);  // what was ignored (nohup) would stay so
    if (!std::freopen("/dev/null", "w", stdout) || !std::freopen(desk.cli.path("err").c_str(), "w", stderr))
      ::_exit(99);
    ::execl(COWORK_PROGRAM, COWORK_PROGRAM, socket.c_str(), "pack", "install", source.c_str(), nullptr);
    ::_exit(99);
  }
  int status = 0;
  while (desk.server.requests().empty()) {
    if (::waitpid(child, &status, WNOHANG) != 0) FAIL("the command ended by itself: " << desk.cli.read("err"));
    std::this_thread::yield();
  }
  REQUIRE(::kill(child, SIGINT) == 0);
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 1);
  CHECK_THAT(desk.cli.read("err"), Catch::StartsWith("error[cancelled]: "));
  CHECK_FALSE(desk.cli.exists("home/extensions/tea"));
  CHECK(desk.cli.run(connected({"pack", "list"})).status == 0);
  CHECK(server.stop() == 0);
}
