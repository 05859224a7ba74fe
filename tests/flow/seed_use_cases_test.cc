// The seed's use cases with its ids as it writes them, on the project's packs and on packs of a real product.
#include <functional>
#include <set>

#include "refusal.h"

namespace cowork::test {
namespace {

Refusal denied(std::string begins) {
  return {3, "policy-denied", std::move(begins)};
}

/// A home over a builtin tier that is only read. Packs are asked for by the name of their directory, as the seed does.
class Seed : public CommandLine {
 public:
  explicit Seed(const std::string& builtin) : CommandLine(builtin) {}

  json::Value packs() const { return call("pluginPack:list").document; }
  json::Value pack_at(std::string_view alias) const { return entry_with(packs(), "alias", alias); }
  std::string name_of(std::string_view alias) const { return text_at(pack_at(alias), "/name"); }

  std::set<std::string> aliases_with(std::string_view member, bool value) const {
    const json::Value all = packs();
    std::set<std::string> aliases;
    for (const json::Value& pack : *all.as_array())
      if (at(pack, "/" + std::string(member)) == json::Value(value)) aliases.insert(text_at(pack, "/alias"));
    return aliases;
  }
};

void on_each_builtin_tier(const std::function<void(const Seed&)>& test) {
  test(Seed(source_path("sample-packs/builtin")));
  const std::string corpus = corpus_packs();
  if (corpus.empty()) return skip("no corpus of packs; set COWORK_CORPUS");
  test(Seed(corpus));
}

std::size_t entries(const json::Value& manifest, std::string_view member) {
  const json::Array* items = at(manifest, "/" + std::string(member)).as_array();
  return items ? items->size() : 0;
}

void check_listed_unchanged(const Seed& cli, const std::filesystem::path& directory) {
  const std::string alias = directory.filename().string();
  std::ifstream stream(directory / "cowork.plugin.json");
  const json::Value manifest = parsed(std::string(std::istreambuf_iterator<char>(stream), {}), alias);
  const json::Value pack = cli.pack_at(alias);
  INFO(alias << ": " << json::to_text(pack));
  CHECK(text_at(pack, "/scope") == "builtin");
  CHECK(text_at(pack, "/state") == "active");
  CHECK(text_at(pack, "/path") == std::filesystem::canonical(directory).string());
  for (const char* member : {"/name", "/displayName", "/version", "/description", "/type"})
    CHECK(at(pack, member) == at(manifest, member));
  CHECK(entries(pack, "skills") == entries(manifest, "skills") + entries(manifest, "skillDirectories"));
  CHECK(entries(pack, "slashCommands") == entries(manifest, "slashCommands"));
  CHECK(entries(pack, "agentRoles") == entries(manifest, "agentRoles"));
  CHECK(entries(pack, "connectors") == entries(manifest, "connectors"));
}

std::size_t check_all_listed(const Seed& cli, const std::string& tier) {
  std::size_t found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(tier)) {
    if (!std::filesystem::exists(entry.path() / "cowork.plugin.json")) continue;
    check_listed_unchanged(cli, entry.path());
    ++found;
  }
  CHECK(cli.packs().as_array()->size() == found);
  const JsonRan status = cli.call("host:status");
  for (const json::Value& diagnostic : *at(status.document, "/diagnostics").as_array())
    CHECK(text_at(diagnostic, "/severity") != "error");
  return found;
}

TEST_CASE("Every pack of a real product lists unchanged as builtin with its skills, commands and roles", "[seed]") {
  const std::string corpus = corpus_packs();
  if (corpus.empty()) return skip("no corpus of packs; set COWORK_CORPUS");
  CHECK(check_all_listed(Seed(corpus), corpus) == 12);
}

TEST_CASE("Every sample pack lists as builtin with its skills, commands and roles", "[seed]") {
  const std::string samples = source_path("sample-packs/builtin");
  CHECK(check_all_listed(Seed(samples), samples) >= 10);
}

TEST_CASE("Seed, Policy File: \"If the file doesn't exist, permissive defaults apply\"", "[seed]") {
  on_each_builtin_tier([](const Seed& cli) {
    CHECK(cli.aliases_with("policyBlocked", true).empty());
    CHECK(cli.aliases_with("policyRequired", true).empty());
    const json::Value policy = cli.call("admin:policiesGet").document;
    CHECK(at(policy, "/version") == json::Value(1));
    CHECK(at(policy, "/packs") == parsed(R"({"allowed": [], "blocked": [], "required": []})", "packs"));
    CHECK(at(policy, "/connectors") == parsed(R"({"blocked": []})", "connectors"));
    CHECK(at(policy, "/agents") == parsed(R"({"maxHeartbeatFrequencySec": 60, "maxConcurrentAgents": 10})", "agents"));
    CHECK(at(policy, "/general") ==
          parsed(R"({"allowCustomPacks": true, "allowGitInstall": true, "allowUrlInstall": true})", "general"));
    CHECK_FALSE(cli.exists("home/policies.json"));
  });
}

TEST_CASE("Seed, Restricting Pack Availability", "[seed]") {
  on_each_builtin_tier([](const Seed& cli) {
    cli.policy(R"({"packs": {"blocked": ["content-marketing", "sales-crm"]}})");
    CHECK(cli.aliases_with("policyBlocked", true) == std::set<std::string>{"content-marketing", "sales-crm"});
    for (const char* alias : {"content-marketing", "sales-crm"}) {
      const json::Value pack = cli.pack_at(alias);
      CHECK(at(pack, "/enabled") == json::Value(false));
      CHECK(text_at(pack, "/state") == "disabled");
      CHECK(text_at(pack, "/policyReason") == "blocked");
      for (const std::string& id : {std::string(alias), text_at(pack, "/name")})
        check_refused(cli, {"pack", "enable", id},
                      denied("Pack \"" + text_at(pack, "/name") + "\" is blocked by admin policy"));
    }
    CHECK(cli.run({"pack", "enable", "devops"}).status == 0);
  });
}

TEST_CASE("Seed, Enforcing Standard Packs", "[seed]") {
  on_each_builtin_tier([](const Seed& cli) {
    REQUIRE(cli.run({"pack", "disable", "devops"}).status == 0);
    cli.policy(R"({"packs": {"required": ["engineering", "devops", "qa-testing"]}})");
    const std::set<std::string> required{"engineering", "devops", "qa-testing"};
    CHECK(cli.aliases_with("policyRequired", true) == required);
    for (const std::string& alias : required) {
      CHECK(at(cli.pack_at(alias), "/enabled") == json::Value(true));
      check_refused(cli, {"pack", "disable", alias},
                    denied("Pack \"" + cli.name_of(alias) + "\" is required by admin policy and cannot be disabled"));
    }
    CHECK(cli.run({"pack", "disable", "sales-crm"}).status == 0);
    CHECK(at(cli.pack_at("sales-crm"), "/enabled") == json::Value(false));
  });
}

TEST_CASE("Seed, Whitelist-Only Mode", "[seed]") {
  on_each_builtin_tier([](const Seed& cli) {
    cli.policy(R"({"packs": {"allowed": ["engineering", "engineering-management", "product-management", "devops"]}})");
    CHECK(cli.aliases_with("policyBlocked", false) ==
          std::set<std::string>{"engineering", "engineering-management", "product-management", "devops"});
    CHECK(text_at(cli.pack_at("qa-testing"), "/policyReason") == "not-allowed");
    check_refused(cli, {"pack", "enable", "qa-testing"},
                  denied("Pack \"" + cli.name_of("qa-testing") + "\" is not in the list of allowed packs"));
    CHECK(cli.run({"policy", "check", "qa-testing"}).out == "qa-testing: not allowed\n");
  });
}

TEST_CASE("Seed, Restricting External Installations", "[seed]") {
  on_each_builtin_tier([](const Seed& cli) {
    cli.policy(R"({"general": {"allowCustomPacks": false, "allowGitInstall": false, "allowUrlInstall": false}})");
    for (const Arguments& command : {Arguments{"pack", "new", "x-pack", "--display-name", "X"},
                                     {"pack", "install", source_path("sample-packs/user/my-week")},
                                     {"pack", "install", "https://127.0.0.1:1/a.git"},
                                     {"pack", "install", "https://127.0.0.1:1/cowork.plugin.json"}})
      check_refused(cli, command, denied("Installation disabled by admin policy"));
    CHECK_FALSE(cli.exists("home/extensions"));
    CHECK(cli.aliases_with("policyBlocked", true).empty());
  });
}

TEST_CASE("Seed, Limiting Agent Resources", "[seed]") {
  const CommandLine cli;
  cli.policy(R"({"agents": {"maxHeartbeatFrequencySec": 300, "maxConcurrentAgents": 5}})");
  for (int i = 0; i < 5; ++i) {
    const JsonRan started = cli.call("agent:start", R"([{"workspace": "w", "agentId": ")" + std::to_string(i) + "\"}]");
    REQUIRE(started.status == 0);
    CHECK(at(started.document, "/intervalSec") == json::Value(300));
  }
  check_call_refused(cli, "agent:start", R"([{"workspace": "w", "agentId": "sixth"}])", denied(""));
  const json::Value early =
      check_call_refused(cli, "agent:heartbeat", R"([{"workspace": "w", "agentId": "0"}])", denied(""));
  CHECK(at(early, "/data/retryAfterSec").as_double().value_or(0) > 250);
}

TEST_CASE("Seed, Full Enterprise Configuration", "[seed]") {
  on_each_builtin_tier([](const Seed& cli) {
    cli.mini_pack("org/company-engineering", "company-engineering");
    const json::Value document = parsed(R"({
      "version": 1, "updatedAt": "2025-01-15T12:00:00Z",
      "packs": {"allowed": [], "blocked": [], "required": ["engineering", "devops"]},
      "connectors": {"blocked": []},
      "agents": {"maxHeartbeatFrequencySec": 120, "maxConcurrentAgents": 8},
      "general": {"allowCustomPacks": true, "allowGitInstall": false, "allowUrlInstall": false,
                  "orgName": "Acme Corp", "orgPluginDir": ")" +
                                            cli.path("org") + "\"}}",
                                        "the seed's document");
    cli.policy(json::to_pretty_text(document));
    CHECK(cli.call("admin:policiesGet").document == document);
    CHECK(text_at(cli.pack_at("company-engineering"), "/scope") == "organization");
    CHECK(cli.aliases_with("policyRequired", true) == std::set<std::string>{"engineering", "devops"});
    CHECK(cli.call("admin:checkPack", R"(["engineering"])").document ==
          json::Value::object({{"packId", "engineering"}, {"allowed", true}, {"required", true}}));
    const json::Value error =
        check_refused(cli, {"pack", "install", "github:acme/crm"}, denied("Installation disabled by admin policy"));
    CHECK_THAT(text_at(error, "/why"), Catch::Contains("Acme Corp"));
    CHECK(cli.run({"pack", "new", "made"}).status == 0);
    CHECK(at(cli.call("agent:start", R"([{"workspace": "w", "agentId": "a"}])").document, "/intervalSec") ==
          json::Value(120));
  });
}

TEST_CASE("Seed, Organization Plugin Directory: packs beside each other, and `~/.cowork/org-plugins/` by default",
          "[seed]") {
  on_each_builtin_tier([](const Seed& cli) {
    for (const char* name : {"company-engineering", "company-sales", "company-compliance"})
      cli.mini_pack(std::string("org/") + name, name, R"({"scope": "personal"})");
    cli.mini_pack("home/org-plugins/by-default", "by-default");
    CHECK(text_at(cli.pack_at("by-default"), "/scope") == "organization");
    cli.policy(R"({"packs": {"required": ["company-compliance"]}, "general": {"orgPluginDir": ")" + cli.path("org") +
               "\"}}");
    for (const char* name : {"company-engineering", "company-sales", "company-compliance"})
      CHECK(text_at(cli.pack_at(name), "/scope") == "organization");
    CHECK(cli.pack_at("by-default").is_null());
    check_refused(cli, {"pack", "disable", "company-compliance"},
                  denied("Pack \"company-compliance\" is required by admin policy and cannot be disabled"));
  });
}

TEST_CASE("Seed, Preload API: `updateAdminPolicies` merges a partial document", "[seed]") {
  on_each_builtin_tier([](const Seed& cli) {
    cli.policy(R"({"packs": {"blocked": ["old"], "required": ["devops"]}, "general": {"orgName": "Acme Corp"}})");
    const JsonRan updated =
        cli.call("admin:policiesUpdate",
                 R"([{"packs": {"blocked": ["unwanted-pack"]}, "general": {"allowGitInstall": false}}])");
    REQUIRE(updated.status == 0);
    const json::Value saved = cli.read_json("home/policies.json");
    for (const json::Value& document : {updated.document, saved}) {
      CHECK(at(document, "/packs/blocked") == json::Value::strings({"unwanted-pack"}));
      CHECK(at(document, "/packs/required") == json::Value::strings({"devops"}));
      CHECK(at(document, "/general/allowGitInstall") == json::Value(false));
      CHECK(text_at(document, "/general/orgName") == "Acme Corp");
    }
    CHECK(at(updated.document, "/general/allowUrlInstall") == json::Value(true));
    CHECK(cli.call("admin:checkPack", R"(["engineering"])").document ==
          json::Value::object({{"packId", "engineering"}, {"allowed", true}, {"required", false}}));
    CHECK(cli.call("admin:checkPack", R"(["unwanted-pack"])").document ==
          json::Value::object({{"packId", "unwanted-pack"}, {"allowed", false}, {"required", false}}));
  });
}

}  // namespace
}  // namespace cowork::test
