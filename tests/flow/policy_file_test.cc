// The user layer's file: what is wrong in any way never becomes permissive, and what updates write.
#include <sys/stat.h>

#include "four_packs.h"
#include "refusal.h"

namespace cowork::test {
namespace {

struct Wrong {
  std::string text;
  std::string place;  ///< line and pointer, as validate tells them; empty: the text is no JSON document
};

TEST_CASE("A file that is wrong in any way blocks everything at a cold start", "[policy]") {
  for (const Wrong& wrong : {Wrong{"{", ""},
                             {"", ""},
                             {"null", ""},
                             {"[]", ""},
                             {"{} x", ""},
                             {"\xEF\xBB\xBF{}", ""},
                             {"{\n\"packs\": []}", "2:10 (/packs)"},
                             {R"({"packs": {"blocked": "beta"}})", "(/packs/blocked)"},
                             {R"({"packs": {"blocked": ["beta", 1]}})", "(/packs/blocked/1)"},
                             {R"({"packs": {"blocked": [""]}})", "(/packs/blocked/0)"},
                             {R"({"general": {"allowGitInstall": "false"}})", "(/general/allowGitInstall)"},
                             {R"({"general": {"allowCustomPacks": null}})", "(/general/allowCustomPacks)"},
                             {R"({"general": {"orgPluginDir": "relative/dir"}})", "(/general/orgPluginDir)"},
                             {R"({"pakcs": {}})", "(/pakcs)"},
                             {R"({"packs": {"denied": []}})", "(/packs/denied)"},
                             {R"({"agents": {"maxHeartbeatFrequencySec": 59}})", "(/agents/maxHeartbeatFrequencySec)"},
                             {R"({"agents": {"maxConcurrentAgents": 0}})", "(/agents/maxConcurrentAgents)"},
                             {R"({"agents": {"maxConcurrentAgents": 1.5}})", "(/agents/maxConcurrentAgents)"},
                             {R"({"packs": {"blocked": ["a"], "required": ["a"]}})", "(/packs/"},
                             {R"({"packs": {"allowed": ["a"], "required": ["b"]}})", "(/packs/"},
                             {R"({"packs": {"blocked": ["beta"]}, "packs": {"blocked": []}})", ""},
                             {R"({"p\u0061cks": {"blocked": []}, "packs": {"blocked": ["beta"]}})", ""},
                             {R"({"version": 3})", "(/version)"},
                             {R"({"version": "1"})", "(/version)"}}) {
    INFO(wrong.text);
    const FourPacks cli;
    cli.policy(wrong.text);
    check_refused(cli, {"pack", "enable", "beta"}, {3, "policy-unavailable", ""});
    const json::Value packs = cli.call("pluginPack:list").document;
    for (const json::Value& pack : *packs.as_array()) CHECK(text_at(pack, "/policyReason") == "policy-unavailable");
    const Ran validated = cli.run({"policy", "validate"});
    CHECK(validated.status == 8);
    CHECK_THAT(validated.out, Catch::Contains("invalid-policy") && Catch::Contains(cli.path("home/policies.json")) &&
                                  Catch::Contains(wrong.place));
  }
}

TEST_CASE("What is not a file blocks everything as well", "[policy]") {
  const FourPacks cli;
  SECTION("a link") {
    cli.write("elsewhere.json", "{}");
    cli.directory().link("home/policies.json", cli.path("elsewhere.json"));
  }
  SECTION("a directory") {
    cli.directory().make_directory("home/policies.json");
  }
  SECTION("a FIFO") {
    REQUIRE(::mkfifo(cli.path("home/policies.json").c_str(), 0600) == 0);
  }
  check_refused(cli, {"pack", "enable", "beta"}, {3, "policy-unavailable", ""});
  CHECK(text_at(cli.pack("beta"), "/policyReason") == "policy-unavailable");
}

TEST_CASE("The last good content stays in force over a mistake, from one process to the next", "[policy]") {
  const FourPacks cli;
  REQUIRE(cli.run({"policy", "set", "packs.blocked=beta"}).status == 0);
  for (const char* text : {"", "{", "[]", R"({"packs": {"blocked": null}})"}) {
    cli.policy(text);
    CHECK(text_at(cli.pack("beta"), "/policyReason") == "blocked");
    CHECK(at(cli.pack("alpha-pack"), "/policyBlocked") == json::Value(false));
  }
  struct stat status {};
  REQUIRE(::stat(cli.path("home/policies.json.last-good").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("An update merges, takes out what is null or empty, and leaves the rest as it was", "[policy]") {
  const FourPacks cli;
  cli.policy(R"({"packs": {"blocked": ["a", "b"], "allowed": []}, "general": {"orgName": "Acme Corp",
    "allowGitInstall": false}})");
  const auto update = [&](const std::string& patch) {
    return cli.call("admin:policiesUpdate", "[" + patch + "]").status;
  };
  REQUIRE(update(R"({"packs": {"blocked": ["c"]}, "agents": {"maxConcurrentAgents": 3}})") == 0);
  json::Value saved = cli.read_json("home/policies.json");
  CHECK(at(saved, "/packs") == parsed(R"({"blocked": ["c"], "allowed": []})", "packs"));
  CHECK(at(saved, "/general") == parsed(R"({"orgName": "Acme Corp", "allowGitInstall": false})", "general"));
  CHECK(at(saved, "/agents") == parsed(R"({"maxConcurrentAgents": 3})", "agents"));
  CHECK(text_at(saved, "/updatedAt") != "");
  REQUIRE(update(R"({"packs": {"blocked": null}, "general": {"orgName": "", "allowGitInstall": null}})") == 0);
  saved = cli.read_json("home/policies.json");
  CHECK(at(saved, "/packs") == parsed(R"({"allowed": []})", "packs"));
  CHECK(at(saved, "/general") == parsed("{}", "general"));
  struct stat status {};
  REQUIRE(::stat(cli.path("home/policies.json").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("What is shown may be sent back: it leaves the file's members alone", "[policy]") {
  const FourPacks cli;
  cli.policy(R"({"packs": {"blocked": ["beta"]}})");
  const json::Value shown = cli.call("admin:policiesGet").document;
  REQUIRE(cli.call("admin:policiesUpdate", json::to_text(json::Value::array({shown}))).status == 0);
  json::Value saved = cli.read_json("home/policies.json");
  saved.erase("updatedAt");
  saved.erase("version");
  CHECK(saved == parsed(R"({"packs": {"blocked": ["beta"]}})", "the file"));
}

TEST_CASE("The sections of version 2 are kept through updates, and said not to be enforced", "[policy]") {
  const FourPacks cli;
  const std::string sections =
      R"("everydayAgent": {"blocked": true, "x": [1, {"y": 2.50}]}, "runtime": {"network": {"defaultAction": "deny"}})";
  cli.policy(R"({"version": 2, )" + sections + R"(, "packs": {"blocked": ["beta"]}})");
  REQUIRE(cli.run({"policy", "set", "packs.blocked+=mine"}).status == 0);
  const json::Value saved = cli.read_json("home/policies.json");
  const json::Value expected = parsed("{" + sections + "}", "sections");
  CHECK(at(saved, "/version") == json::Value(2));
  CHECK(at(saved, "/everydayAgent") == at(expected, "/everydayAgent"));
  CHECK(at(saved, "/runtime") == at(expected, "/runtime"));
  CHECK(at(saved, "/packs/blocked") == json::Value::strings({"beta", "mine"}));
  const Ran doctor = cli.run({"doctor"});
  CHECK_THAT(doctor.out + doctor.err,
             Catch::Contains("everydayAgent") && Catch::Contains("runtime") && Catch::Contains("not enforced"));
}

TEST_CASE("An entry that matches no known pack is a warning with the nearest id", "[policy]") {
  const FourPacks cli;
  cli.policy(R"({"packs": {"blocked": ["alhpa"], "required": ["beta"]}})");
  const Ran validated = cli.run({"policy", "validate"});
  CHECK(validated.status == 0);
  CHECK_THAT(validated.out + validated.err, Catch::Contains("alhpa") && Catch::Contains("\"alpha\""));
  const json::Value unmatched = at(cli.call("admin:policiesStatus").document, "/unmatched");
  REQUIRE(unmatched.as_array()->size() == 1);
  CHECK(text_at(unmatched, "/0/id") == "alhpa");
}

TEST_CASE("Many updates at once lose none", "[policy]") {
  const CommandLine cli;
  std::vector<Arguments> commands;
  for (int i = 0; i < 16; ++i) commands.push_back({"policy", "set", "packs.blocked+=pack-" + std::to_string(i)});
  std::size_t succeeded = 0;
  for (const Ran& ran : cli.run_together(commands)) succeeded += ran.status == 0 ? 1 : 0;
  // One that lost every race says so (7) and has changed nothing.
  const json::Value saved = cli.read_json("home/policies.json");
  CHECK(at(saved, "/packs/blocked").as_array()->size() == succeeded);
  CHECK(succeeded > 0);
  CHECK(cli.run({"policy", "validate"}).status == 0);
}

}  // namespace
}  // namespace cowork::test
