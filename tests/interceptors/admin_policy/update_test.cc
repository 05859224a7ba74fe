// SPEC §6, "Updates", one rule a test; nothing is written here.
#include "update.h"

#include <random>

#include "cowork/base/json_reader.h"
#include "effective_document.h"
#include "policies.h"

namespace cowork::admin_policy {
namespace {

using test::policy;
using test::sample_catalog;

constexpr std::int64_t now_ms = 1'740'000'000'000;

json::Value parsed(const std::string& text) {
  auto document = json::parse(text, "<test>", json::policy_limits, ErrorCode::invalid_argument);
  if (!document) FAIL(document.error().message() << " in " << text);
  return document->root;
}

UpdatePolicies patch(const std::string& text) {
  UpdatePolicies request;
  request.updates = parsed(text);
  return request;
}

/// The file's new text on one line without updatedAt, or "code: message | why | remedy".
std::string updated(const EffectivePolicy& rules, const UpdatePolicies& request) {
  const auto plan = plan_update(rules, *sample_catalog(), request, now_ms);
  if (!plan) {
    const Error& error = plan.error();
    return std::string(to_string(error.code())) + ": " + error.message() + " | " + error.why() + " | " + error.remedy();
  }
  json::Value document = parsed(plan->text);
  CHECK(*document.find("updatedAt")->as_string() == "2025-02-19T21:20:00Z");
  document.erase("updatedAt");
  return json::to_text(document);
}

std::string updated(const std::string& machine, const std::string& user, const std::string& change) {
  return updated(*policy(machine, user), patch(change));
}

/// The first two parts of updated(): code and message.
std::string refused(const std::string& machine, const std::string& user, const std::string& change) {
  const std::string whole = updated(machine, user, change);
  return whole.substr(0, whole.find(" | "));
}

TEST_CASE("a first update makes the file, with its version") {
  CHECK(updated("absent", "absent", R"({"packs":{"blocked":["x"]}})") == R"({"version":1,"packs":{"blocked":["x"]}})");
  CHECK(updated("absent", "absent", "{}") == R"({"version":1})");
}

TEST_CASE("objects merge, arrays and scalars replace, null takes a member out") {
  constexpr const char* file =
      R"({"packs":{"blocked":["a","b"],"allowed":[]},"general":{"orgName":"Acme","allowUrlInstall":false}})";
  const std::vector<std::pair<const char*, const char*>> rows{
      {R"({"packs":{"blocked":["c"]}})",
       R"({"packs":{"blocked":["c"],"allowed":[]},"general":{"orgName":"Acme","allowUrlInstall":false}})"},
      {R"({"packs":{"required":["r"]},"general":{"allowGitInstall":false}})",
       R"({"packs":{"blocked":["a","b"],"allowed":[],"required":["r"]},"general":{"orgName":"Acme","allowUrlInstall":false,"allowGitInstall":false}})"},
      {R"({"general":{"orgName":null}})",
       R"({"packs":{"blocked":["a","b"],"allowed":[]},"general":{"allowUrlInstall":false}})"},
      {R"({"general":{"orgName":""}})",
       R"({"packs":{"blocked":["a","b"],"allowed":[]},"general":{"allowUrlInstall":false}})"},
      {R"({"packs":null})", R"({"general":{"orgName":"Acme","allowUrlInstall":false}})"},
      {R"({"general":{"allowUrlInstall":true}})",
       R"({"packs":{"blocked":["a","b"],"allowed":[]},"general":{"orgName":"Acme","allowUrlInstall":true}})"},
      {R"({"general":{"orgPluginDir":""}})",
       R"({"packs":{"blocked":["a","b"],"allowed":[]},"general":{"orgName":"Acme","allowUrlInstall":false}})"},
      {R"({"pakcs":null})",
       R"({"packs":{"blocked":["a","b"],"allowed":[]},"general":{"orgName":"Acme","allowUrlInstall":false}})"},
  };
  for (const auto& [change, expected] : rows) {
    CAPTURE(change);
    CHECK(updated("absent", file, change) == expected);
  }
}

TEST_CASE("the sections of version 2 and the spelling of numbers are kept") {
  constexpr const char* file =
      R"({"version":2,"everydayAgent":{"blocked":true,"x":[1.0,{"y":2e0}]},"runtime":{"n":null},"agents":{"maxConcurrentAgents":1e1}})";
  CHECK(
      updated("absent", file, R"({"packs":{"blocked":["zzz"]}})") ==
      R"({"version":2,"everydayAgent":{"blocked":true,"x":[1.0,{"y":2e0}]},"runtime":{"n":null},"agents":{"maxConcurrentAgents":1e1},"packs":{"blocked":["zzz"]}})");
  CHECK(
      updated("absent", file, R"({"version":1,"runtime":{"n":3}})") ==
      R"({"version":2,"everydayAgent":{"blocked":true,"x":[1.0,{"y":2e0}]},"runtime":{"n":3},"agents":{"maxConcurrentAgents":1e1}})");
}

TEST_CASE("a member that equals what is shown leaves the file's member alone") {
  constexpr const char* machine =
      R"({"packs":{"blocked":["m"],"allowed":["a","b","m"]},"agents":{"maxHeartbeatFrequencySec":300},"general":{"orgName":"M","allowGitInstall":false}})";
  constexpr const char* user = R"({"agents":{"maxHeartbeatFrequencySec":120},"packs":{"allowed":["b","c"]}})";
  const auto rules = policy(machine, user);
  // The whole of what admin:policiesGet shows, sent back.
  UpdatePolicies everything;
  everything.updates = describe(*rules, *sample_catalog(), 0).json;
  CHECK(updated(*rules, everything) == json::to_text(parsed(user)));
  CHECK(updated(machine, user, R"({"agents":{"maxHeartbeatFrequencySec":300.0}})") == json::to_text(parsed(user)));
  CHECK(updated("absent", "absent", R"({"general":{"allowGitInstall":true}})") == R"({"version":1})");
}

TEST_CASE("entries imposed from above are not written down") {
  constexpr const char* machine = R"({"packs":{"blocked":["m"],"required":["r"]},"connectors":{"blocked":["c"]}})";
  CHECK(updated(machine, "absent", R"({"packs":{"blocked":["m","x"]}})") ==
        R"({"version":1,"packs":{"blocked":["x"]}})");
  CHECK(updated(machine, "absent", R"({"packs":{"required":["x","r"]},"connectors":{"blocked":["c","d"]}})") ==
        R"({"version":1,"packs":{"required":["x"]},"connectors":{"blocked":["d"]}})");
  // What the file had of its own stays its own.
  CHECK(updated(machine, R"({"packs":{"blocked":["m"]}})", R"({"packs":{"blocked":["m","x"]}})") ==
        R"({"packs":{"blocked":["m","x"]}})");
}

TEST_CASE("a patch that would remove imposed entries is refused") {
  constexpr const char* machine =
      R"({"packs":{"blocked":["m"],"required":["r"]},"connectors":{"blocked":["c"]},"general":{"orgName":"Acme"}})";
  CHECK(updated(machine, "absent", R"({"packs":{"blocked":["x"]}})") ==
        "policy-denied: \"m\" in packs.blocked is locked by the machine policy | packs.blocked in "
        "/etc/cowork/policies.json:1 (machine layer), set by Acme | cowork policy show");
  CHECK(refused(machine, "absent", R"({"packs":{"blocked":[]}})") ==
        "policy-denied: \"m\" in packs.blocked is locked by the machine policy");
  CHECK(refused(machine, "absent", R"({"packs":{"blocked":null}})") ==
        "policy-denied: \"m\" in packs.blocked is locked by the machine policy");
  CHECK(refused(machine, R"({"packs":{"required":["u"]}})", R"({"packs":{"required":["u"]}})") ==
        "policy-denied: \"r\" in packs.required is locked by the machine policy");
  CHECK(refused(machine, "absent", R"({"connectors":{"blocked":["d"]}})") ==
        "policy-denied: \"c\" in connectors.blocked is locked by the machine policy");
}

TEST_CASE("machine values can't be loosened; tightening them is written down") {
  constexpr const char* machine =
      R"({"agents":{"maxHeartbeatFrequencySec":120,"maxConcurrentAgents":8},"general":{"allowGitInstall":false,"orgName":"M","orgPluginDir":"/m"},"packs":{"allowed":["a","b"]}})";
  const std::vector<std::pair<const char*, const char*>> denied{
      {R"({"general":{"allowGitInstall":true}})", "general.allowGitInstall"},
      {R"({"general":{"allowGitInstall":null}})", "general.allowGitInstall"},
      {R"({"general":{"orgName":"U"}})", "general.orgName"},
      {R"({"general":{"orgName":null}})", "general.orgName"},
      {R"({"general":{"orgName":""}})", "general.orgName"},
      {R"({"general":{"orgPluginDir":"/u"}})", "general.orgPluginDir"},
      {R"({"agents":{"maxHeartbeatFrequencySec":90}})", "agents.maxHeartbeatFrequencySec"},
      {R"({"agents":{"maxHeartbeatFrequencySec":null}})", "agents.maxHeartbeatFrequencySec"},
      {R"({"agents":{"maxConcurrentAgents":9}})", "agents.maxConcurrentAgents"},
      {R"({"agents":{"maxConcurrentAgents":null}})", "agents.maxConcurrentAgents"},
      {R"({"packs":{"allowed":[]}})", "packs.allowed"},
      {R"({"packs":{"allowed":null}})", "packs.allowed"},
      {R"({"packs":{"allowed":["a","c"]}})", "\"c\" is not permitted by packs.allowed, which"},
  };
  for (const auto& [change, subject] : denied) {
    CAPTURE(change);
    CHECK(refused(machine, "absent", change) ==
          "policy-denied: " + std::string(subject) + " is locked by the machine policy");
    CHECK(judge_update(*policy(machine, "absent"), *sample_catalog(), patch(change)).reason() == "locked");
  }
  const std::vector<std::pair<const char*, const char*>> written{
      {R"({"agents":{"maxHeartbeatFrequencySec":121}})", R"({"version":1,"agents":{"maxHeartbeatFrequencySec":121}})"},
      {R"({"agents":{"maxConcurrentAgents":7}})", R"({"version":1,"agents":{"maxConcurrentAgents":7}})"},
      {R"({"general":{"allowUrlInstall":false}})", R"({"version":1,"general":{"allowUrlInstall":false}})"},
      {R"({"packs":{"allowed":["b"]}})", R"({"version":1,"packs":{"allowed":["b"]}})"},
  };
  for (const auto& [change, expected] : written) {
    CAPTURE(change);
    CHECK(updated(machine, "absent", change) == expected);
    CHECK_FALSE(judge_update(*policy(machine, "absent"), *sample_catalog(), patch(change)).denied());
  }
}

TEST_CASE("what the file says of its own can be taken out below a machine policy, alone or all of it") {
  constexpr const char* machine =
      R"({"packs":{"blocked":["m"],"allowed":["a","m"]},"agents":{"maxConcurrentAgents":8},"general":{"allowGitInstall":false,"orgName":"M"}})";
  constexpr const char* user =
      R"({"packs":{"blocked":["u"],"allowed":["a"]},"agents":{"maxConcurrentAgents":2},"general":{"allowGitInstall":false,"orgName":"U"}})";
  CHECK(updated(machine, user, R"({"packs":{"blocked":null,"allowed":null},"general":{"orgName":""}})") ==
        R"({"packs":{},"agents":{"maxConcurrentAgents":2},"general":{"allowGitInstall":false}})");
  CHECK(updated(machine, user, R"({"packs":null,"connectors":null,"agents":null,"general":null})") == "{}");
  CHECK(updated(machine, "absent", R"({"packs":null})") == R"({"version":1})");
}

TEST_CASE("what the file's own list of allowed packs has may stay in it") {
  CHECK(updated(R"({"packs":{"allowed":["a","b"]}})", R"({"packs":{"allowed":["a","c"]}})",
                R"({"packs":{"allowed":["a","c","b"]}})") == R"({"packs":{"allowed":["a","c","b"]}})");
}

TEST_CASE("the result is validated as a whole, and located in the document that would be written") {
  CHECK(updated("absent", R"({"packs":{"blocked":["a"]}})", R"({"packs":{"required":["a"]}})") ==
        "invalid-policy: packs.required has \"a\", which packs.blocked has too | in the policy as it would be "
        "written, <candidate>:7:7 (/packs/required/0) | cowork policy show");
  const std::vector<std::pair<const char*, const char*>> rows{
      {R"({"pakcs":{}})", "unknown member \"pakcs\", did you mean \"packs\"?"},
      {R"({"packs":[]})", "packs must be an object, not an array"},
      {R"({"packs":{"blocked":"a"}})", "packs.blocked must be an array of strings, not the string \"a\""},
      {R"({"general":{"allowGitInstall":"false"}})",
       "general.allowGitInstall must be true or false, not the string \"false\""},
      {R"({"agents":{"maxConcurrentAgents":0}})", "agents.maxConcurrentAgents must be an integer of at least 1, not 0"},
      {R"({"general":{"orgPluginDir":"x"}})", "general.orgPluginDir must be an absolute path, not the string \"x\""},
      {R"({"updatedAt":5})", "updatedAt must be a string, not 5"},
      {R"({"version":3})", "version must be 1 or 2, not 3"},
      {R"({"runtime":{}})", "runtime needs \"version\": 2"},
  };
  for (const auto& [change, message] : rows) {
    CAPTURE(change);
    CHECK(refused("absent", "absent", change) == "invalid-policy: " + std::string(message));
  }
}

TEST_CASE("ifRevision makes an update fail when the file changed meanwhile") {
  UpdatePolicies request = patch("{}");
  request.if_revision = "r";
  CHECK(updated(*policy("absent", "{}"), request) == R"({"version":1})");
  request.if_revision = "other";
  CHECK(updated(*policy("absent", "{}"), request) ==
        "conflict: the user policy has changed: its revision is r, not other | /home/u/.cowork/policies.json is newer "
        "than what this update was made for | cowork call admin:policiesStatus");
  request.if_revision = "absent";
  CHECK(updated(*policy("absent", "absent"), request) == R"({"version":1})");
}

std::shared_ptr<const EffectivePolicy> on_last_good(const std::string& content) {
  const Error fault = Error::invalid_policy("the document is empty", SourcePlace{test::user_file, 1, 1, {}});
  return merge({test::layer(LayerKind::machine, "absent"),
                Layer::invalid(LayerKind::user, test::user_file, "bad", {fault}, test::document(content, "copy"))});
}

TEST_CASE("an update on top of an invalid file has to say what it starts from") {
  const auto last_good = on_last_good(R"({"packs":{"blocked":["a"]}})");
  UpdatePolicies request = patch(R"({"packs":{"blocked":["a"]},"general":{"allowGitInstall":false}})");
  CHECK(updated(*last_good, request) ==
        "policy-unavailable: The user policy is invalid: an update has to say what it starts from | the user policy "
        "/home/u/.cowork/policies.json can't be used: the document is empty at /home/u/.cowork/policies.json:1:1 | "
        "cowork call admin:policiesUpdate '[{},{\"startFrom\":\"last-good\"}]'");
  CHECK(judge_update(*last_good, *sample_catalog(), request).reason() == "policy-unavailable");
  request.start_from = "last-good";
  CHECK(updated(*last_good, request) == R"({"packs":{"blocked":["a"]},"general":{"allowGitInstall":false}})");
  // What equals the last good content, but not the defaults, is written down.
  request.start_from = "defaults";
  CHECK(updated(*last_good, request) ==
        R"({"version":1,"packs":{"blocked":["a"]},"general":{"allowGitInstall":false}})");

  const auto broken = policy("absent", "broken");
  CHECK(updated(*broken, request) == R"({"version":1,"packs":{"blocked":["a"]},"general":{"allowGitInstall":false}})");
  request.start_from = "last-good";
  CHECK(updated(*broken, request) ==
        "not-found: the user policy has no last good content to start from |  | cowork call admin:policiesUpdate "
        "'[{},{\"startFrom\":\"defaults\"}]'");
  request.start_from.clear();
  CHECK(judge_update(*broken, *sample_catalog(), request).error()->remedy() ==
        "cowork call admin:policiesUpdate '[{},{\"startFrom\":\"defaults\"}]'");
}

TEST_CASE("on a valid file last-good is its content, and defaults resets it") {
  const auto rules = policy("absent", R"({"packs":{"blocked":["a"]}})");
  UpdatePolicies request = patch("{}");
  request.start_from = "last-good";
  CHECK(updated(*rules, request) == R"({"packs":{"blocked":["a"]}})");
  request.start_from = "defaults";
  CHECK(updated(*rules, request) == R"({"version":1})");
}

TEST_CASE("the user layer can't be changed below a broken machine layer; the machine layer can be repaired") {
  CHECK(refused("broken", "absent", R"({"packs":{"blocked":["a"]}})") ==
        "policy-unavailable: The user policy can't be changed while a higher one is broken");
  UpdatePolicies request = patch(R"({"packs":{"blocked":["a"]}})");
  request.layer = "machine";
  request.start_from = "defaults";
  CHECK(updated(*policy("broken", "absent"), request) == R"({"version":1,"packs":{"blocked":["a"]}})");
  request.start_from.clear();
  CHECK(updated(*policy("absent", "broken"), request) == R"({"version":1,"packs":{"blocked":["a"]}})");
}

TEST_CASE("an update of the machine layer is compared with the machine layer, not with what the user said") {
  UpdatePolicies request = patch(R"({"general":{"allowGitInstall":false},"packs":{"blocked":["u"]}})");
  request.layer = "machine";
  CHECK(updated(*policy("{}", R"({"general":{"allowGitInstall":false},"packs":{"blocked":["u"]}})"), request) ==
        R"({"version":1,"general":{"allowGitInstall":false},"packs":{"blocked":["u"]}})");
  CHECK(updated(*merge({test::layer(LayerKind::user, "{}")}), request) ==
        "invalid-argument: this host has no machine layer |  | ");
}

/// Random patches out of few ids, so that they meet the machine's.
class Random {
 public:
  json::Value patch() {
    json::Value value{json::Object{}};
    for (const char* list : {"allowed", "blocked", "required"}) maybe(value, "packs", list, ids());
    maybe(value, "connectors", "blocked", ids());
    maybe(value, "agents", "maxHeartbeatFrequencySec", 60 + below(100));
    maybe(value, "agents", "maxConcurrentAgents", 1 + below(20));
    for (const char* name : {"allowCustomPacks", "allowGitInstall", "allowUrlInstall"})
      maybe(value, "general", name, below(2) == 0);
    maybe(value, "general", "orgName", std::string(1, static_cast<char>('A' + below(3))));
    return value;
  }

 private:
  int below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(generator_); }
  json::Value ids() {
    json::Array items;
    for (int i = below(4); i > 0; --i) items.emplace_back(std::string(1, static_cast<char>('a' + below(6))));
    return items;
  }
  void maybe(json::Value& patch, const char* section, const char* member, json::Value value) {
    if (below(3) > 0) return;
    if (!patch.find(section)) patch.set(section, json::Value(json::Object{}));
    patch.find(section)->set(member, below(8) == 0 ? json::Value() : std::move(value));
  }

  std::mt19937 generator_{20250115};
};

TEST_CASE("a thousand random patches never loosen the machine layer") {
  constexpr const char* machine =
      R"({"packs":{"allowed":["a","b","c","d"],"blocked":["a"],"required":["b"]},"connectors":{"blocked":["c"]},"agents":{"maxHeartbeatFrequencySec":100,"maxConcurrentAgents":10},"general":{"allowGitInstall":false,"orgName":"A"}})";
  const auto alone = policy(machine, "absent");
  auto rules = alone;
  Random random;
  int taken = 0, denied = 0;
  for (int step = 0; step < 1000; ++step) {
    UpdatePolicies request;
    request.updates = random.patch();
    const auto plan = plan_update(*rules, *sample_catalog(), request, now_ms);
    const bool expected_denied = judge_update(*rules, *sample_catalog(), request).denied();
    if (!plan) {
      CHECK(expected_denied == (plan.error().code() == ErrorCode::policy_denied));
      denied += expected_denied ? 1 : 0;
      continue;
    }
    CHECK_FALSE(expected_denied);
    ++taken;
    rules = with_layer(*rules, plan->layer);
    for (const std::string_view id : {"a", "b", "c", "d", "e", "f"}) {
      const PackFacts pack{id, id, Scope::builtin, true, false};
      const PackStanding before = standing_of(*alone, pack);
      const PackStanding after = standing_of(*rules, pack);
      if (!before.permitted()) CHECK_FALSE(after.permitted());
      if (before.required()) CHECK(after.required());
    }
    for (const Switch which : all_switches)
      if (!alone->allows(which).value) CHECK_FALSE(rules->allows(which).value);
    CHECK(rules->heartbeat_sec.value >= 100);
    CHECK(rules->concurrent_agents.value <= 10);
    CHECK(rules->organization_name.value == "A");
    CHECK(judge_connector(*rules, "c").denied());
  }
  CHECK(taken > 50);
  CHECK(denied > 50);
}

TEST_CASE("what an update answers is what was asked for") {
  // Whatever a patch that is taken asks for is then shown, entries of lists from above included.
  constexpr const char* machine = R"({"packs":{"blocked":["a"]},"agents":{"maxConcurrentAgents":10}})";
  auto rules = policy(machine, "absent");
  Random random;
  for (int step = 0; step < 300; ++step) {
    UpdatePolicies request;
    request.updates = random.patch();
    const auto plan = plan_update(*rules, *sample_catalog(), request, now_ms);
    if (!plan) continue;
    rules = with_layer(*rules, plan->layer);
    const json::Value shown = describe(*rules, *sample_catalog(), 0).json;
    for (const json::Member& section : *request.updates.as_object()) {
      for (const json::Member& asked : *section.value.as_object()) {
        if (asked.value.is_null() || asked.value.is_array()) continue;
        CAPTURE(json::to_text(request.updates), json::to_text(shown));
        CHECK(*shown.find(section.key)->find(asked.key) == asked.value);
      }
    }
  }
}

}  // namespace
}  // namespace cowork::admin_policy
