// Native packs over the command line: the samples of this repository, loaded from a builtin directory.
#include <filesystem>

#include "refusal.h"
#include "support/catch.h"
#include "support/command_line.h"

using namespace cowork;
using namespace cowork::test;

namespace {

const std::string native_packs = COWORK_NATIVE_PACKS;
const std::string interceptor_packs = COWORK_INTERCEPTOR_PACKS;

}  // namespace

TEST_CASE("a native pack of a builtin directory is active, and its tools can be called") {
  const CommandLine cli(native_packs);
  CHECK(text_at(cli.pack("text-tools"), "/state") == "active");
  CHECK(each(at(cli.pack("text-tools"), "/tools"), "name").size() > 3);
  const JsonRan slug = cli.call("tool:call", R"(["text-tools","slugify",{"text":"Hello There, my friend"}])");
  CHECK(slug.status == 0);
  CHECK(json::to_text(slug.document).find("hello-there-my-friend") != std::string::npos);
  check_call_refused(cli, "tool:call", R"(["text-tools","slugfy",{}])",
                     {4, "not-found", "pack \"text-tools\" has no tool \"slugfy\""});
  check_call_refused(cli, "tool:call", R"(["text-tools","slugify",{"text":7}])", {2, "invalid-argument", ""});
}

TEST_CASE("reading leaves nothing behind, also when native packs are loaded for it") {
  const CommandLine cli(native_packs);
  REQUIRE(cli.run({"pack", "list"}).status == 0);
  CHECK(cli.tree_hash({}) == CommandLine(native_packs).tree_hash({}));
}

TEST_CASE("a call of a tool is in the audit trail") {
  const CommandLine cli(native_packs);
  REQUIRE(cli.call("tool:call", R"(["text-tools","slugify",{"text":"x"}])").status == 0);
  const JsonRan trail = cli.json({"audit"});
  CHECK(json::to_text(trail.document).find("tool:call") != std::string::npos);
}

TEST_CASE("a blocked native pack is not loaded, and its tools are refused by policy") {
  const CommandLine cli(native_packs);
  cli.policy(R"({"packs":{"blocked":["text-tools"]}})");
  CHECK(text_at(cli.pack("text-tools"), "/state") == "disabled");
  CHECK(at(cli.pack("text-tools"), "/native") == json::Value(true));
  CHECK(at(cli.pack("text-tools"), "/tools").is_null());
  check_call_refused(cli, "tool:call", R"(["text-tools","slugify",{"text":"x"}])",
                     {3, "policy-denied", "Pack \"text-tools\" is blocked by admin policy"});
}

TEST_CASE("a disabled native pack has no tools") {
  const CommandLine cli(native_packs);
  REQUIRE(cli.run({"pack", "disable", "text-tools"}).status == 0);
  check_call_refused(cli, "tool:call", R"(["text-tools","slugify",{"text":"x"}])",
                     {4, "not-found", "pack \"text-tools\" is not active"});
}

TEST_CASE("a native pack of the user runs isolated once it is switched on, and answers what it answers in process") {
  const CommandLine cli;
  const Ran installed = cli.run({"pack", "install", native_packs + "/text-tools"});
  INFO(installed.err);
  REQUIRE(installed.status == 0);
  // User packs with code start disabled.
  CHECK_THAT(installed.err, Catch::EndsWith("\nit is disabled: it brings native code or shell connectors; switch it on "
                                            "with: cowork pack enable text-tools\n"));
  CHECK(text_at(cli.pack("text-tools"), "/state") == "disabled");
  check_call_refused(cli, "tool:call", R"(["text-tools","slugify",{"text":"x"}])",
                     {4, "not-found", "pack \"text-tools\" is not active"});
  CHECK(cli.run({"pack", "enable", "text-tools"}).err == "enabled text-tools\n");
  const json::Value pack = cli.pack("text-tools");
  CHECK(text_at(pack, "/state") == "active");
  CHECK(at(pack, "/isolated") == json::Value(true));
  // Looking starts nothing: what it brings is not known before it runs, and its directory is not made.
  CHECK(at(pack, "/tools").is_null());
  REQUIRE(cli.run({"pack", "list"}).status == 0);
  CHECK_FALSE(cli.exists("home/data"));
  const std::string call = R"(["text-tools","slugify",{"text":"Hello There, my friend"}])";
  const JsonRan isolated = cli.call("tool:call", call);
  CHECK(isolated.status == 0);
  CHECK(cli.exists("home/data/text-tools"));
  const CommandLine in_process(native_packs);
  CHECK(at(in_process.pack("text-tools"), "/isolated") == json::Value(false));
  CHECK(json::to_text(isolated.document) == json::to_text(in_process.call("tool:call", call).document));
  check_call_refused(cli, "tool:call", R"(["text-tools","slugfy",{}])",
                     {4, "not-found", "pack \"text-tools\" has no tool \"slugfy\""});
  cli.policy(R"({"packs":{"blocked":["text-tools"]}})");
  check_call_refused(cli, "tool:call", call, {3, "policy-denied", "Pack \"text-tools\" is blocked by admin policy"});
}

TEST_CASE("an isolated pack that crashes five times is switched off, with the reason, until somebody switches it on") {
  const CommandLine cli;
  cli.write("home/extensions/bad/cowork.plugin.json",
            R"({"name":"bad","displayName":"B","version":"1.0.0","description":"D","type":"pack","main":"lib/bad"})");
  std::filesystem::create_directories(cli.path("home/extensions/bad/lib"));
  std::filesystem::copy_file(COWORK_BAD_PACK, cli.path("home/extensions/bad/lib/libbad.so"));
  REQUIRE(cli.run({"pack", "enable", "bad"}).status == 0);
  for (int i = 0; i < 5; ++i) {
    INFO(i);
    REQUIRE(text_at(cli.pack("bad"), "/state") == "active");
    const Ran crashed = cli.run({"call", "tool:call", R"(["bad","crash",{}])"});
    CHECK(crashed.status == 1);
    CHECK_THAT(crashed.err, Catch::StartsWith("error[internal]: tool \"crash\" of pack \"bad\" failed: its process was "
                                              "killed by signal SIGSEGV\n"));
  }
  const json::Value pack = cli.pack("bad");
  CHECK(text_at(pack, "/state") == "disabled");
  CHECK_THAT(text_at(pack, "/error"),
             Catch::StartsWith("pack \"bad\" is set aside: its process ended by itself 5 times"));
  check_call_refused(cli, "tool:call", R"(["bad","echo",1])", {4, "not-found", "pack \"bad\" is not active"});
  CHECK(cli.run({"pack", "enable", "bad"}).err == "enabled bad\n");
  CHECK(text_at(cli.pack("bad"), "/state") == "active");
  CHECK(cli.call("tool:call", R"(["bad","echo",{"a":1}])").status == 0);
}

TEST_CASE("a pack's configuration is read, and checked against its schema") {
  const CommandLine cli(native_packs);
  cli.write("home/config/text-tools.json", R"({"separator":"_"})");
  CHECK(json::to_text(cli.call("tool:call", R"(["text-tools","slugify",{"text":"a b"}])").document).find("a_b") !=
        std::string::npos);
  cli.write("home/config/text-tools.json", R"({"separator":7})");
  const json::Value pack = cli.pack("text-tools");
  CHECK(text_at(pack, "/state") == "error");
  CHECK(text_at(pack, "/error").find("text-tools.json") != std::string::npos);
}

TEST_CASE("a pack's interceptor is in the chain of every command, and refuses what it is for") {
  const CommandLine cli(interceptor_packs);
  cli.write("home/config/quiet-hours.json", R"({"from":"00:00","to":"24:00"})");
  cli.mini_pack("source", "tea");
  check_refused(cli, {"pack", "install", cli.path("source")},
                {3, "policy-denied", "Packs are not installed, updated or removed between 00:00 and 24:00"});
  CHECK(cli.run({"pack", "disable", "quiet-hours"}).status == 0);
  CHECK(cli.run({"pack", "install", cli.path("source")}).status == 0);
}

TEST_CASE("an install says that packs with shell connectors start disabled, and nothing of packs that are active") {
  const CommandLine cli;
  cli.mini_pack("source/plain", "plain");
  cli.mini_pack(
      "source/shell", "shell",
      R"({"connectors":[{"name":"c","description":"d","type":"shell","shell":{"command":"true"},"inputSchema":{}}]})");
  CHECK(cli.run({"pack", "install", cli.path("source/plain")}).err == "installed plain 1.0.0 (1 skill, 0 roles)\n");
  CHECK(
      cli.run({"pack", "install", cli.path("source/shell")}).err ==
      "installed shell 1.0.0 (1 skill, 0 roles)\nit is disabled: it brings native code or shell connectors; switch it "
      "on with: cowork pack enable shell\n");
  CHECK(cli.run({"pack", "enable", "shell"}).err == "enabled shell\n");
  CHECK(cli.run({"pack", "install", cli.path("source/plain"), "--replace", "--no-enable"}).err ==
        "installed plain 1.0.0 (1 skill, 0 roles)\nit is disabled: switch it on with: cowork pack enable plain\n");
}
