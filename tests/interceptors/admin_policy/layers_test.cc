#include "layers.h"

#include "effective_document.h"
#include "policies.h"

namespace cowork::admin_policy {
namespace {

using test::Lines;
using test::policy;
using test::sample_catalog;

constexpr std::int64_t started_ms = 1'736'942'400'000;

std::string shown(const std::string& machine, const std::string& user) {
  return json::to_text(describe(*policy(machine, user), *sample_catalog(), started_ms).json);
}

/// "/packs/blocked/0 user 1:22".
Lines origins(const std::string& machine, const std::string& user) {
  Lines lines;
  const auto effective = policy(machine, user);
  const EffectiveDocument document = describe(*effective, *sample_catalog(), started_ms);
  for (const Origin& origin : document.origins) {
    std::string line = origin.pointer + ' ' + std::string(origin.layer ? origin.layer->name() : "default");
    if (origin.layer) line += ' ' + std::to_string(origin.place.line) + ' ' + origin.place.pointer;
    lines.push_back(line);
  }
  return lines;
}

TEST_CASE("Without any file the defaults of the seed hold") {
  CHECK(shown("absent", "absent") ==
        R"({"version":1,"updatedAt":"2025-01-15T12:00:00Z","packs":{"allowed":[],"blocked":[],"required":[]},)"
        R"("connectors":{"blocked":[]},"agents":{"maxHeartbeatFrequencySec":60,"maxConcurrentAgents":10},)"
        R"("general":{"allowCustomPacks":true,"allowGitInstall":true,"allowUrlInstall":true}})");
}

TEST_CASE("The effective document has the seed's shape, and updatedAt of the newest layer") {
  CHECK(
      shown(R"({"updatedAt":"2025-01-01T00:00:00Z","general":{"orgName":"Acme","allowUrlInstall":false}})",
            R"({"version":2,"runtime":{},"updatedAt":"2025-02-01T00:00:00Z","agents":{"maxConcurrentAgents":4.0}})") ==
      R"({"version":1,"updatedAt":"2025-02-01T00:00:00Z","packs":{"allowed":[],"blocked":[],"required":[]},)"
      R"("connectors":{"blocked":[]},"agents":{"maxHeartbeatFrequencySec":60,"maxConcurrentAgents":4.0},)"
      R"("general":{"allowCustomPacks":true,"allowGitInstall":true,"allowUrlInstall":false,"orgName":"Acme"}})");
}

TEST_CASE("Lower layers only tighten") {
  struct Row {
    const char* machine;
    const char* user;
    const char* section;
    const char* expected;
  };
  const std::vector<Row> rows{
      {R"({"packs":{"blocked":["a"]}})", R"({"packs":{"blocked":["b","a"]}})", "packs",
       R"({"allowed":[],"blocked":["a","b"],"required":[]})"},
      {R"({"packs":{"required":["a"]}})", R"({"packs":{"required":["b"]}})", "packs",
       R"({"allowed":[],"blocked":[],"required":["a","b"]})"},
      {R"({"packs":{"allowed":["a","b"]}})", R"({})", "packs", R"({"allowed":["a","b"],"blocked":[],"required":[]})"},
      {R"({})", R"({"packs":{"allowed":["a"]}})", "packs", R"({"allowed":["a"],"blocked":[],"required":[]})"},
      {R"({"packs":{"allowed":["a","b"]}})", R"({"packs":{"allowed":["c","b"]}})", "packs",
       R"({"allowed":["b"],"blocked":[],"required":[]})"},
      {R"({"packs":{"allowed":["a"]}})", R"({"packs":{"allowed":["b"]}})", "packs",
       R"({"allowed":["-"],"blocked":[],"required":[]})"},
      {R"({"packs":{"allowed":["engineering"]}})", R"({"packs":{"allowed":["engineering-pack","x"]}})", "packs",
       R"({"allowed":["engineering-pack"],"blocked":[],"required":[]})"},
      {R"({"packs":{"allowed":["a","b"],"blocked":["a"]}})", R"({"packs":{"allowed":["a","b"]}})", "packs",
       R"({"allowed":["b"],"blocked":["a"],"required":[]})"},
      {R"({"connectors":{"blocked":["x"]}})", R"({"connectors":{"blocked":["y"]}})", "connectors",
       R"({"blocked":["x","y"]})"},
      {R"({"agents":{"maxHeartbeatFrequencySec":120,"maxConcurrentAgents":8}})",
       R"({"agents":{"maxHeartbeatFrequencySec":90,"maxConcurrentAgents":9}})", "agents",
       R"({"maxHeartbeatFrequencySec":120,"maxConcurrentAgents":8})"},
      {R"({"agents":{"maxHeartbeatFrequencySec":120,"maxConcurrentAgents":8}})",
       R"({"agents":{"maxHeartbeatFrequencySec":300,"maxConcurrentAgents":2}})", "agents",
       R"({"maxHeartbeatFrequencySec":300,"maxConcurrentAgents":2})"},
      {R"({"agents":{"maxConcurrentAgents":50}})", R"({})", "agents",
       R"({"maxHeartbeatFrequencySec":60,"maxConcurrentAgents":50})"},
      {R"({"general":{"allowCustomPacks":false}})", R"({"general":{"allowCustomPacks":true,"allowGitInstall":false}})",
       "general", R"({"allowCustomPacks":false,"allowGitInstall":false,"allowUrlInstall":true})"},
      {R"({"general":{"orgName":"M","orgPluginDir":"/m"}})", R"({"general":{"orgName":"U","orgPluginDir":"/u"}})",
       "general",
       R"({"allowCustomPacks":true,"allowGitInstall":true,"allowUrlInstall":true,"orgName":"M","orgPluginDir":"/m"})"},
      {R"({"general":{"orgName":"M"}})", R"({"general":{"orgPluginDir":"/u"}})", "general",
       R"({"allowCustomPacks":true,"allowGitInstall":true,"allowUrlInstall":true,"orgName":"M","orgPluginDir":"/u"})"},
      {R"({"general":{"orgName":""}})", R"({"general":{"orgName":"U"}})", "general",
       R"({"allowCustomPacks":true,"allowGitInstall":true,"allowUrlInstall":true,"orgName":"U"})"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.machine, row.user);
    const json::Value document = describe(*policy(row.machine, row.user), *sample_catalog(), 0).json;
    CHECK(json::to_text(*document.find(row.section)) == row.expected);
  }
}

TEST_CASE("Every effective value knows its origin: layer, line, pointer") {
  CHECK(origins("{\"packs\": {\"blocked\": [\"a\"]},\n \"agents\": {\"maxConcurrentAgents\": 3}}",
                "{\"packs\": {\"blocked\": [\"x\",\n \"a\"], \"allowed\": [\"q\"]},\n \"general\": "
                "{\"allowGitInstall\": false}}") ==
        Lines{"/packs/allowed/0 user 2 /packs/allowed/0", "/packs/blocked/0 machine 1 /packs/blocked/0",
              "/packs/blocked/1 user 1 /packs/blocked/0", "/agents/maxHeartbeatFrequencySec default",
              "/agents/maxConcurrentAgents machine 2 /agents/maxConcurrentAgents", "/general/allowCustomPacks default",
              "/general/allowGitInstall user 3 /general/allowGitInstall", "/general/allowUrlInstall default"});
}

TEST_CASE("An equal policy has an equal label and a revision of its own") {
  const auto one = policy("absent", R"({"packs":{"blocked":["a"]}})");
  const auto two = policy("absent", R"({"packs":{"blocked":["a"]}})");
  CHECK(one->label == two->label);
  CHECK(one->label.size() == 16);
  CHECK(one->revision != two->revision);
  CHECK(policy("absent", "broken")->label != policy("absent", "absent")->label);
}

}  // namespace
}  // namespace cowork::admin_policy
