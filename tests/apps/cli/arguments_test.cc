// What the parser makes of command lines: global flags anywhere, typos, and names that are verbs too.
#include "fake_client.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::cli::test;

namespace {

FakeHost quiet_host() {
  FakeHost host;
  host.answer("host:status", R"({"diagnostics":[]})");
  host.answer("pluginPack:toggle", R"({"success":true,"name":"devops-pack","enabled":true})");
  return host;
}

}  // namespace

TEST_CASE("global flags stand before the verb, between its words, and after it") {
  const std::vector<std::vector<std::string>> lines{
      {"--json", "-n", "--home", "/h", "pack", "enable", "devops"},
      {"pack", "--json", "--dry-run", "--home=/h", "enable", "devops"},
      {"pack", "enable", "--json", "-n", "devops", "--home", "/h"},
      {"pack", "enable", "devops", "-n", "--home", "/h", "--json"},
  };
  for (const auto& line : lines) {
    FakeHost host = quiet_host();
    const Ran ran = run(host, line);
    CHECK(ran.status == 0);
    CHECK(host.options.json);
    CHECK(host.options.dry_run);
    CHECK(host.options.home == "/h");
    CHECK(host.asked("pluginPack:toggle") == std::vector<std::string>{R"(["devops",true])"});
    CHECK(document(ran).find("toggle"));
  }
}

TEST_CASE("a pack may be called like a verb") {
  for (const char* name : {"audit", "pack", "list", "call", "version", "help"}) {
    FakeHost host = quiet_host();
    CHECK(run(host, {"pack", "enable", name}).status == 0);
    CHECK(host.asked("pluginPack:toggle") == std::vector<std::string>{"[\"" + std::string(name) + "\",true]"});
  }
}

TEST_CASE("a word after -- is never an option") {
  FakeHost host = quiet_host();
  CHECK(run(host, {"pack", "enable", "--", "--skill"}).status == 0);
  CHECK(host.asked("pluginPack:toggle") == std::vector<std::string>{R"(["--skill",true])"});
}

TEST_CASE("a wrong command line is three lines, status 2, and asks the host nothing") {
  struct Case {
    std::vector<std::string> line;
    std::string err;
  };
  const std::vector<Case> cases{
      {{"pakc", "list"},
       "error[invalid-argument]: cowork has no verb \"pakc\"\n"
       "  why: its verbs are pack, skill, policy, call, chain, serve, open, audit, doctor, paths, completion, version, "
       "help\n"
       "  try: did you mean `cowork pack`?\n"},
      {{"pack", "lits"},
       "error[invalid-argument]: cowork pack has no verb \"lits\"\n"
       "  why: its verbs are list, info, enable, disable, new, install, update, verify, remove, search, outdated, "
       "validate, quarantine, context\n"
       "  try: did you mean `cowork pack list`?\n"},
      {{"pack", "uninstall", "x"},
       "error[invalid-argument]: cowork pack has no verb \"uninstall\"\n"
       "  why: its verbs are list, info, enable, disable, new, install, update, verify, remove, search, outdated, "
       "validate, quarantine, context\n"
       "  try: did you mean `cowork pack remove`?\n"},
      {{"enable", "x"},
       "error[invalid-argument]: cowork has no verb \"enable\"\n"
       "  why: its verbs are pack, skill, policy, call, chain, serve, open, audit, doctor, paths, completion, version, "
       "help\n"
       "  try: did you mean `cowork pack enable`?\n"},
      {{"pack", "list", "--josn"},
       "error[invalid-argument]: cowork pack list has no option \"--josn\"\n"
       "  why: usage: cowork pack list [OPTIONS]\n"
       "  try: did you mean --json? cowork pack list --help\n"},
      {{"pack", "info", "--josn"},
       "error[invalid-argument]: cowork pack info has no option \"--josn\"\n"
       "  why: usage: cowork pack info [OPTIONS] PACK\n"
       "  try: did you mean --json? cowork pack info --help\n"},
      {{"pack", "info"},
       "error[invalid-argument]: PACK is required\n"
       "  why: usage: cowork pack info [OPTIONS] PACK\n"
       "  try: cowork pack info --help\n"},
      {{"pack", "info", "a", "b"},
       "error[invalid-argument]: cowork pack info takes no argument \"b\"\n"
       "  why: usage: cowork pack info [OPTIONS] PACK\n"
       "  try: cowork pack info --help\n"},
      {{"policy", "set"},
       "error[invalid-argument]: ASSIGNMENT...|FILE is missing\n"
       "  why: usage: cowork policy set [OPTIONS] ASSIGNMENT...|FILE\n"
       "  try: cowork policy set --help\n"},
      {{"pack", "list", "--scope", "usr"},
       "error[invalid-argument]: --scope: usr not in {builtin,organization,user}\n"
       "  why: usage: cowork pack list [OPTIONS]\n"
       "  try: cowork pack list --help\n"},
  };
  for (const Case& wrong : cases) {
    FakeHost host;
    const Ran ran = run(host, wrong.line);
    CHECK(ran.status == 2);
    CHECK(ran.out.empty());
    CHECK(ran.err == wrong.err);
    CHECK(host.calls.empty());
  }
}

TEST_CASE("a wrong command line with --json is a document on stdout") {
  FakeHost host;
  const Ran ran = run(host, {"pack", "lits", "--json"});
  CHECK(ran.status == 2);
  CHECK(ran.err.empty());
  CHECK(*document(ran).find("error")->find("code")->as_string() == "invalid-argument");
  CHECK(*document(ran).find("format_version")->as_string() == "1.0");
}

TEST_CASE("a group without a verb explains itself on stderr") {
  FakeHost host;
  for (const std::vector<std::string>& line : {std::vector<std::string>{}, {"pack"}, {"policy"}}) {
    const Ran ran = run(host, line);
    CHECK(ran.status == 2);
    CHECK(ran.out.empty());
    CHECK(ran.err.find("EXAMPLES") == 0);
  }
}

TEST_CASE("control characters of a command line do not reach the terminal") {
  FakeHost host;
  const Ran ran = run(host, {"pack", "li\033[31mts"});
  CHECK(ran.err.find('\033') == std::string::npos);
}

TEST_CASE("version") {
  FakeHost host;
  CHECK(run(host, {"--version"}).out == run(host, {"version"}).out);
  const json::Value version = document(run(host, {"version", "--json"}));
  CHECK(version == document(run(host, {"--version", "--json"})));
  CHECK("cowork " + *version.find("version")->as_string() + "\n" == run(host, {"version"}).out);
}
