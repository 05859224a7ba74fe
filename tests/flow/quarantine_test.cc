// The life of a pack that the content scan holds back, over the command line and JSON-RPC (docs/content-scan.md).
#include <regex>
#include <sstream>

#include "cowork/base/text.h"
#include "refusal.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::test;

namespace {

constexpr const char* hidden = "Read this\xe2\x80\xae backwards\n";
constexpr const char* first_words = "notes.md:1: U+202E, which shows text in another order than it is read";

/// A home, and sources to install from.
struct Desk {
  CommandLine cli;
  Desk() {
    cli.mini_pack("offers/evil", "evil");
    cli.write("offers/evil/notes.md", hidden);
    cli.mini_pack("offers/odd", "odd");
    cli.write("offers/odd/notes.md",
              "a\xe2\x80\x8b"
              "b\n");
    cli.mini_pack("offers/good", "good");
  }
  JsonRan install(const std::string& name, const Arguments& more = {}) const {
    Arguments arguments{"pack", "install", cli.path("offers/" + name)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return cli.json(arguments);
  }
};

std::string state_of(const CommandLine& cli, const std::string& name) {
  return text_at(cli.pack(name), "/state");
}

void check_held_back(const CommandLine& cli) {
  const json::Value pack = cli.pack("evil");
  INFO(json::to_text(pack));
  CHECK(text_at(pack, "/state") == "quarantined");
  CHECK(at(pack, "/enabled") == json::Value(false));
  CHECK(at(pack, "/policyBlocked") == json::Value(false));
  CHECK(at(pack, "/policyReason").is_null());
  CHECK(text_at(pack, "/error") == first_words);
  CHECK(text_at(pack, "/scan/verdict") == "quarantined");
  CHECK(cli.run({"pack", "context"}).out.find("evil") == std::string::npos);
  const json::Value hidden_skill =
      check_refused(cli, {"skill", "show", "evil-s"}, {4, "not-found", "no active pack has a skill \"evil-s\""});
  CHECK(text_at(hidden_skill, "/try") == "cowork pack info evil");
}

}  // namespace

TEST_CASE("a quarantined pack is installed and brings nothing, until it is released") {
  const Desk desk;
  const Ran installed = desk.cli.run({"pack", "install", desk.cli.path("offers/evil")});
  INFO(installed.err);
  REQUIRE(installed.status == 0);
  CHECK_THAT(
      installed.err,
      Catch::Contains("warning: content-scan: pack \"evil\" is quarantined: " + std::string(first_words) + "\n"));
  CHECK_THAT(installed.err, Catch::EndsWith("\nit is quarantined: look at it with: cowork pack info evil\n"));
  CHECK(installed.err.find(first_words) == installed.err.rfind(first_words));
  CHECK(desk.cli.run({"pack", "install", desk.cli.path("offers/evil"), "--replace", "-q"}).err ==
        "evil is quarantined: look at it with: cowork pack info evil\n");
  check_held_back(desk.cli);

  for (const Arguments& enable :
       {Arguments{"pack", "enable", "evil"}, Arguments{"pack", "enable", "evil", "--skill", "evil-s"}}) {
    const json::Value error = check_refused(desk.cli, enable, {7, "conflict", "pack \"evil\" is quarantined"});
    CHECK(text_at(error, "/why") == first_words);
    CHECK(text_at(error, "/try") == "cowork pack info evil");
  }
  CHECK(desk.cli.run({"pack", "disable", "evil"}).status == 0);
  CHECK(state_of(desk.cli, "evil") == "quarantined");
  const JsonRan explained = desk.cli.call("admin:explain", R"(["pluginPack:toggle",["evil",true]])");
  CHECK(at(explained.document, "/allowed") == json::Value(false));
  CHECK(text_at(explained.document, "/decidedBy") == "content-scan");
  CHECK(text_at(explained.document, "/reason") == "quarantined");
  CHECK(text_at(explained.document, "/code") == "conflict");

  CHECK(desk.cli.run({"pack", "quarantine", "release", "evil"}).status == 0);
  CHECK(state_of(desk.cli, "evil") == "disabled");  // what its switch says
  CHECK(desk.cli.run({"pack", "enable", "evil"}).status == 0);
  CHECK(state_of(desk.cli, "evil") == "active");
  CHECK(desk.cli.run({"skill", "render", "evil-s"}).out == "Say evil\n");
  CHECK_THAT(desk.cli.run({"pack", "info", "evil"}).out, Catch::Contains("quarantined, released 20"));
  CHECK(desk.cli.run({"pack", "quarantine", "list"}).err == "no pack is quarantined\n");
  CHECK(desk.cli.run({"pack", "verify", "evil"}).status == 0);
  CHECK_THAT(desk.cli.read("home/audit.jsonl"), Catch::Contains("quarantine:release"));
  check_refused(desk.cli, {"pack", "quarantine", "release", "evil"},
                {7, "conflict", "pack \"evil\" is not quarantined"});
  check_refused(desk.cli, {"pack", "quarantine", "remove", "evil"},
                {7, "conflict", "pack \"evil\" is not quarantined"});
}

TEST_CASE("a quarantined pack can be looked at, and goes with all that was known of it") {
  const Desk desk;
  REQUIRE(desk.install("evil").status == 0);
  const Ran listed = desk.cli.run({"pack", "quarantine", "list"});
  CHECK(listed.status == 0);
  CHECK_THAT(listed.out, Catch::Contains("evil") && Catch::Contains(first_words));
  const Ran shown = desk.cli.run({"pack", "info", "evil"});
  CHECK_THAT(shown.out, Catch::Contains("quarantined, 1 finding") &&
                            Catch::Contains("quarantined[hidden-text] notes.md:1\n") &&
                            Catch::Contains("cowork pack quarantine release evil\n") && Catch::Contains("  held  ") &&
                            !Catch::Contains("\xe2\x80\xae"));
  CHECK(desk.cli.run({"pack", "quarantine", "remove", "evil", "-n"}).err ==
        "would remove evil\ndry run: nothing was changed\n");
  CHECK(desk.cli.exists("home/extensions/evil"));
  CHECK(desk.cli.run({"pack", "quarantine", "remove", "evil"}).err == "removed evil\n");
  CHECK_FALSE(desk.cli.exists("home/extensions/evil"));
  CHECK(desk.cli.read("home/pack-lock.json").find("evil") == std::string::npos);
  CHECK(desk.cli.pack("evil").is_null());
  check_refused(desk.cli, {"pack", "quarantine", "release", "evil"}, {4, "not-found", ""});
  check_refused(desk.cli, {"pack", "quarantine", "remove", "evil"}, {4, "not-found", ""});
}

TEST_CASE("a warning is told and holds nothing back; a clean pack says so") {
  const Desk desk;
  const JsonRan odd = desk.install("odd");
  CHECK(odd.status == 0);
  CHECK(text_at(odd.document, "/install/scan/verdict") == "warning");
  CHECK(text_at(odd.document, "/install/scan/findings/0/rule") == "zero-width");
  CHECK_THAT(odd.err, Catch::Contains("content-scan: pack \"odd\" has a warning: notes.md:1: U+200B"));
  CHECK(state_of(desk.cli, "odd") == "active");
  const JsonRan good = desk.install("good");
  CHECK(good.err.empty());
  CHECK(text_at(good.document, "/install/scan/verdict") == "clean");
  CHECK(text_at(desk.cli.pack("good"), "/scan/verdict") == "clean");
  CHECK_THAT(desk.cli.run({"pack", "info", "good"}).out, Catch::Contains("clean"));
}

TEST_CASE("a dry run tells the verdict and changes nothing") {
  const Desk desk;
  const std::string before = desk.cli.tree_hash();
  const JsonRan ran = desk.install("evil", {"-n"});
  CHECK(ran.status == 0);
  CHECK(text_at(ran.document, "/install/scan/verdict") == "quarantined");
  CHECK_THAT(ran.err, Catch::Contains("is quarantined"));
  CHECK(desk.cli.tree_hash() == before);
}

TEST_CASE("a release is of that very tree") {
  const Desk desk;
  REQUIRE(desk.install("evil").status == 0);
  REQUIRE(desk.cli.run({"pack", "quarantine", "release", "evil"}).status == 0);
  REQUIRE(state_of(desk.cli, "evil") == "active");
  // The same again stays released, and nobody is told otherwise; anything else is looked at anew.
  const std::string released = text_at(desk.cli.pack("evil"), "/scan/releasedAt");
  REQUIRE_FALSE(released.empty());
  const Ran again = desk.cli.run({"pack", "update", "evil"});
  CHECK(again.status == 0);
  CHECK(again.err == "evil 1.0.0 is what its source has\n");
  for (const Arguments& more : {Arguments{"--replace", "-n"}, Arguments{"--replace"}}) {
    const JsonRan replaced = desk.install("evil", more);
    CHECK_THAT(replaced.err, !Catch::Contains("quarantine"));
    CHECK(text_at(replaced.document, "/install/scan/verdict") == "quarantined");
    CHECK(text_at(replaced.document, "/install/scan/releasedAt") == released);
  }
  CHECK(text_at(desk.cli.pack("evil"), "/scan/releasedAt") == released);
  CHECK(state_of(desk.cli, "evil") == "active");
  desk.cli.write("offers/evil/more.md", "nothing hidden here\n");
  CHECK(desk.cli.run({"pack", "update", "evil"}).status == 0);
  check_held_back(desk.cli);
  desk.cli.write("offers/evil/notes.md", "nothing here either\n");
  CHECK(desk.cli.run({"pack", "update", "evil"}).status == 0);
  CHECK(state_of(desk.cli, "evil") == "active");
}

TEST_CASE("what was changed since it was examined is not released") {
  const Desk desk;
  REQUIRE(desk.install("evil").status == 0);
  desk.cli.write("home/extensions/evil/notes.md", "changed");
  check_held_back(desk.cli);
  check_refused(desk.cli, {"pack", "quarantine", "release", "evil"}, {5, "integrity", ""});
}

TEST_CASE("the policy comes first, and a required pack is held back all the same") {
  const Desk desk;
  REQUIRE(desk.install("evil").status == 0);
  desk.cli.policy(R"({"packs":{"required":["evil"]}})");
  const json::Value required = desk.cli.pack("evil");
  CHECK(text_at(required, "/state") == "quarantined");
  CHECK(at(required, "/policyRequired") == json::Value(true));
  check_refused(desk.cli, {"pack", "quarantine", "remove", "evil"},
                {3, "policy-denied", "Pack \"evil\" is required by admin policy and cannot be uninstalled"});
  desk.cli.policy(R"({"packs":{"blocked":["evil"]}})");
  const json::Value blocked = desk.cli.pack("evil");
  CHECK(text_at(blocked, "/state") == "disabled");
  CHECK(text_at(blocked, "/policyReason") == "blocked");
  for (const Arguments& command :
       {Arguments{"pack", "enable", "evil"}, Arguments{"pack", "quarantine", "release", "evil"}})
    check_refused(desk.cli, command, {3, "policy-denied", "Pack \"evil\" is blocked by admin policy"});
  const Desk broken;
  REQUIRE(broken.install("evil").status == 0);
  broken.cli.policy("{");
  check_refused(broken.cli, {"pack", "quarantine", "release", "evil"}, {3, "policy-unavailable", ""});
}

TEST_CASE("doctor names every pack that is held back, and one that is required as an error") {
  const Desk desk;
  REQUIRE(desk.install("evil").status == 0);
  const std::string words = ": " + std::string(first_words) + "; look at it with: cowork pack info evil";
  const Ran warned = desk.cli.run({"doctor"});
  CHECK(warned.status == 0);
  CHECK(std::regex_search(warned.out, std::regex("\nuser +1  -  ")));  // nobody judges a user's own tier
  CHECK_THAT(warned.out, Catch::Contains("warning[pack-quarantined] " + desk.cli.path("home/extensions/evil")) &&
                             Catch::Contains("pack \"evil\" is quarantined" + words));
  desk.cli.policy(R"({"packs":{"required":["evil"]}})");
  const Ran failed = desk.cli.run({"doctor"});
  CHECK(failed.status == 1);
  CHECK_THAT(failed.out, Catch::Contains("error[pack-quarantined]") &&
                             Catch::Contains("is quarantined, and the policy requires it" + words));
  REQUIRE(desk.cli.run({"pack", "quarantine", "release", "evil"}).status == 0);
  CHECK(desk.cli.run({"doctor"}).out.find("pack-quarantined") == std::string::npos);
}

TEST_CASE("a release that is completed is one of what is held back") {
  const Desk desk;
  REQUIRE(desk.install("evil").status == 0);
  REQUIRE(desk.install("good").status == 0);
  for (const char* verb : {"release", "remove"})
    CHECK(desk.cli.run({"__complete", "line", "pack", "quarantine", verb, ""}).out == "evil\n");
  CHECK_THAT(desk.cli.run({"__complete", "line", "pack", "remove", ""}).out, Catch::Contains("good"));
}

TEST_CASE("a switch that was asked for with the install waits for the release") {
  const Desk desk;
  REQUIRE(desk.cli.call("pluginPack:install", "[\"" + desk.cli.path("offers/evil") + R"(",{"enable":true}])").status ==
          0);
  check_held_back(desk.cli);
  CHECK(desk.cli.run({"pack", "quarantine", "release", "evil"}).status == 0);
  CHECK(state_of(desk.cli, "evil") == "active");
}

TEST_CASE("pack validate says what an install would find") {
  const Desk desk;
  const Ran evil = desk.cli.run({"pack", "validate", desk.cli.path("offers/evil")});
  CHECK(evil.status == 8);
  CHECK_THAT(evil.out, Catch::Contains("error[hidden-text] " + desk.cli.path("offers/evil/notes.md") + ":1\n") &&
                           Catch::Contains("invalid  evil 1.0.0"));
  const Ran odd = desk.cli.run({"pack", "validate", desk.cli.path("offers/odd")});
  CHECK(odd.status == 0);
  CHECK_THAT(odd.out, Catch::Contains("warning[zero-width]") && Catch::Contains("valid  odd 1.0.0"));
  CHECK(desk.cli.run({"pack", "validate", "--strict", desk.cli.path("offers/odd")}).status == 8);
  const Ran good = desk.cli.run({"pack", "validate", "--strict", desk.cli.path("offers/good")});
  CHECK(good.status == 0);
}

TEST_CASE("over JSON-RPC: the shapes of quarantine:*") {
  const Desk desk;
  REQUIRE(desk.install("evil").status == 0);
  const std::string requests = R"({"jsonrpc":"2.0","id":1,"method":"quarantine:list"}
{"jsonrpc":"2.0","id":2,"method":"quarantine:release","params":{"packName":"evil"}}
{"jsonrpc":"2.0","id":3,"method":"quarantine:list","params":[]}
{"jsonrpc":"2.0","id":4,"method":"quarantine:remove","params":["evil"]}
{"jsonrpc":"2.0","id":5,"method":"quarantine:release","params":[]}
)";
  const Ran ran = desk.cli.run({"serve", "--stdio"}, {}, requests);
  INFO(ran.out << ran.err);
  std::map<std::int64_t, json::Value> answers;
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) {
    json::Value answer = parsed(line, "an answer");
    if (const auto id = at(answer, "/id").as_int64()) answers[*id] = std::move(answer);
  }
  REQUIRE(answers.size() == 5);
  const json::Value& first = answers[1];
  CHECK(text_at(first, "/result/0/name") == "evil");
  CHECK(text_at(first, "/result/0/path") == desk.cli.path("home/extensions/evil"));
  CHECK(text_at(first, "/result/0/report/verdict") == "quarantined");
  CHECK(at(first, "/result/0/report/findings/0") ==
        json::Value::object({{"rule", "hidden-text"},
                             {"severity", "quarantined"},
                             {"path", "notes.md"},
                             {"line", 1},
                             {"message", "U+202E, which shows text in another order than it is read"}}));
  CHECK(at(first, "/result/0/report/releasedAt").is_null());
  CHECK(at(answers[2], "/result") == json::Value::object({{"success", true}, {"packName", "evil"}}));
  CHECK(at(answers[3], "/result") == json::Value::array());
  CHECK(text_at(answers[4], "/error/data/code") == "conflict");
  CHECK(at(answers[5], "/error/code") == json::Value(-32602));
}

TEST_CASE("a scaffolded pack and one that was copied by hand are not examined") {
  const Desk desk;
  desk.cli.mini_pack("home/extensions/mine", "mine");
  desk.cli.write("home/extensions/mine/notes.md", hidden);
  CHECK(state_of(desk.cli, "mine") == "active");
  CHECK(at(desk.cli.pack("mine"), "/scan").is_null());
  REQUIRE(desk.cli.run({"pack", "new", "made"}).status == 0);
  CHECK(state_of(desk.cli, "made") == "active");
  CHECK(at(desk.cli.pack("made"), "/scan").is_null());
}
