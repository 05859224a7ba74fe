// `admin:explain` and `admin:simulate` say what would be, and it is what then is.
#include <set>

#include "four_packs.h"
#include "refusal.h"

namespace cowork::test {
namespace {

struct Question {
  std::string operation;
  std::string parameters;
};

const std::vector<Question> questions{
    {"pluginPack:toggle", R"(["alpha", true])"},
    {"pluginPack:toggle", R"(["alpha", false])"},
    {"pluginPack:toggle", R"(["mine", false])"},
    {"pluginPack:toggleSkill", R"(["beta", "beta-s", true])"},
    {"pluginPack:toggleSkill", R"(["gamma", "gamma-pack-s", false])"},
    {"pluginPack:scaffold", R"([{"name": "made", "displayName": "M"}])"},
    {"pluginPack:installGit", R"(["https://127.0.0.1:1/a.git"])"},
    {"pluginPack:installUrl", R"(["https://127.0.0.1:1/a.zip"])"},
    {"pluginPack:uninstall", R"(["mine"])"},
    {"connector:use", R"(["crm"])"},
    {"pluginPack:list", "[]"},
};

const std::vector<std::string> policies{
    "{}",
    R"({"packs": {"blocked": ["alpha", "beta", "made"]}, "connectors": {"blocked": ["crm"]}})",
    R"({"packs": {"required": ["alpha", "gamma", "mine"]}, "general": {"allowGitInstall": false}})",
    R"({"packs": {"allowed": ["gamma"]}, "general": {"allowUrlInstall": false, "orgName": "Acme Corp"}})",
    R"({"general": {"allowCustomPacks": false}})",
    "{",
};

TEST_CASE("explain gives the verdict that the operation then gets, and changes nothing", "[explain]") {
  for (const std::string& policy : policies) {
    for (const Question& question : questions) {
      INFO(policy << " " << question.operation << " " << question.parameters);
      const FourPacks cli;
      cli.policy(policy);
      const std::string before = cli.tree_hash({"policies.json.last-good"});
      const JsonRan explained = cli.json({"policy", "explain", question.operation, question.parameters});
      CHECK(explained.status == 0);
      CHECK(cli.tree_hash({"policies.json.last-good"}) == before);
      const json::Value& verdict = at(explained.document, "/explain");
      const JsonRan called = cli.call(question.operation, question.parameters);
      REQUIRE(at(verdict, "/allowed") == json::Value(called.status != 3));
      if (called.status != 3) continue;
      CHECK(at(verdict, "/code") == at(called.document, "/code"));
      CHECK(at(verdict, "/message") == at(called.document, "/message"));
      CHECK(at(verdict, "/why") == at(called.document, "/why"));
      CHECK(text_at(verdict, "/decidedBy") == "admin-policy");
      CHECK(text_at(verdict, "/rule/layer") == "user");
      CHECK(text_at(verdict, "/rule/file") == cli.path("home/policies.json"));
      CHECK(at(verdict, "/rule/line") == json::Value(1));
    }
  }
}

TEST_CASE("explain names the rule and where it stands", "[explain]") {
  const FourPacks cli;
  cli.policy("{\n  \"packs\": {\n    \"blocked\": [\n      \"beta\"\n    ]\n  }\n}\n");
  const json::Value verdict = cli.call("admin:explain", R"(["pluginPack:toggle", ["beta", true]])").document;
  CHECK(text_at(verdict, "/rule/name") == "packs.blocked");
  CHECK(at(verdict, "/rule/line") == json::Value(4));
  CHECK(text_at(verdict, "/rule/pointer") == "/packs/blocked/0");
  const Ran words = cli.run({"policy", "explain", "pluginPack:toggle", "beta", "true"});
  CHECK(words.status == 0);
  CHECK_THAT(words.out, Catch::StartsWith("denied") && Catch::Contains("packs.blocked") &&
                            Catch::Contains(cli.path("home/policies.json") + ":4"));
}

/// Flags of every pack, as the list shows them.
std::map<std::string, std::string> standings(const FourPacks& cli) {
  std::map<std::string, std::string> found;
  const json::Value packs = cli.call("pluginPack:list").document;
  for (const json::Value& pack : *packs.as_array())
    found[text_at(pack, "/name")] = json::to_text(at(pack, "/policyBlocked")) + " " +
                                    json::to_text(at(pack, "/policyRequired")) + " " + text_at(pack, "/policyReason");
  return found;
}

std::map<std::string, std::string> simulated(const json::Value& report, const std::string& when) {
  std::map<std::string, std::string> found;
  for (const json::Value& pack : *at(report, "/packs").as_array()) {
    const json::Value& standing = at(pack, "/" + when);
    found[text_at(pack, "/name")] = json::to_text(at(standing, "/blocked")) + " " +
                                    json::to_text(at(standing, "/required")) + " " + text_at(standing, "/reason");
  }
  return found;
}

TEST_CASE("simulate says how each pack stands now and would stand, and changes nothing", "[explain]") {
  for (const std::string& before_text : policies) {
    for (const std::string& candidate : policies) {
      if (candidate == "{") continue;
      INFO(before_text << " -> " << candidate);
      const FourPacks cli;
      cli.policy(before_text);
      cli.write("candidate.json", candidate);
      const std::string before = cli.tree_hash({"policies.json.last-good"});
      const JsonRan ran = cli.json({"policy", "simulate", cli.path("candidate.json")});
      REQUIRE(ran.status == 0);
      CHECK(cli.tree_hash({"policies.json.last-good"}) == before);
      CHECK(simulated(at(ran.document, "/simulate"), "before") == standings(cli));
      cli.policy(candidate);
      CHECK(simulated(at(ran.document, "/simulate"), "after") == standings(cli));
    }
  }
}

TEST_CASE("simulate tells everything that the candidate loosens", "[explain]") {
  const FourPacks cli;
  cli.policy(R"({"packs": {"blocked": ["beta", "gone"], "required": ["alpha"]}, "connectors": {"blocked": ["crm"]},
    "agents": {"maxHeartbeatFrequencySec": 300, "maxConcurrentAgents": 2}, "general": {"allowGitInstall": false}})");
  const auto loosened = [&](const std::string& candidate) {
    const JsonRan ran = cli.call("admin:simulate", "[" + candidate + "]");
    const std::vector<std::string> what = each(at(ran.document, "/loosens"), "what");
    return std::set<std::string>(what.begin(), what.end());
  };
  const std::set<std::string> all = loosened("{}");
  for (const char* what : {"packs.blocked", "packs.required", "connectors.blocked", "agents.maxHeartbeatFrequencySec",
                           "agents.maxConcurrentAgents", "general.allowGitInstall"}) {
    INFO(what);
    CHECK(all.contains(what));
  }
  CHECK(loosened(R"({"packs": {"blocked": ["beta", "gone", "mine"], "required": ["alpha", "gamma"]},
    "connectors": {"blocked": ["crm", "wiki"]}, "agents": {"maxHeartbeatFrequencySec": 301, "maxConcurrentAgents": 1},
    "general": {"allowGitInstall": false, "allowUrlInstall": false}})")
            .empty());
}

}  // namespace
}  // namespace cowork::test
