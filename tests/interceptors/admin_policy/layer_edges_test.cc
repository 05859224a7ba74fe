// What the rows of the layers and rules leave out: one outcome of a condition each, by the pure functions.
#include "findings.h"
#include "policy_host.h"
#include "update.h"

namespace cowork::admin_policy {
namespace {

using test::policy;
using test::sample_catalog;
using test::user_policy;

PackFacts pack(std::string_view id) {
  static const auto catalog = sample_catalog();
  return facts_of_id(*catalog, LockRecords{}, id);
}

/// "code: message" of an update of the user layer, or "written".
std::string updated(const std::string& machine, const std::string& user, const std::string& change) {
  auto updates = json::parse(change, "<test>", json::policy_limits, ErrorCode::invalid_argument);
  if (!updates) FAIL(change);
  UpdatePolicies request;
  request.updates = std::move(updates->root);
  const auto plan = plan_update(*policy(machine, user), *sample_catalog(), request, 0);
  return plan ? "written" : std::string(to_string(plan.error().code())) + ": " + plan.error().message();
}

TEST_CASE("a change below a machine policy that is of the wrong type, or says the same, is not called loosening") {
  constexpr const char* machine =
      R"({"agents":{"maxHeartbeatFrequencySec":120,"maxConcurrentAgents":8},"general":{"allowGitInstall":false,"orgName":"M"},"packs":{"allowed":["a"],"blocked":["b"]}})";
  const std::vector<std::pair<const char*, const char*>> rows{
      {R"({"agents":{"maxHeartbeatFrequencySec":"often"}})", "invalid-policy: "},
      {R"({"agents":{"maxConcurrentAgents":"many"}})", "invalid-policy: "},
      {R"({"general":{"allowGitInstall":"yes"}})", "invalid-policy: "},
      {R"({"general":{"allowGitInstall":false}})", "written"},
      {R"({"general":{"orgName":"M"}})", "written"},
      {R"({"general":{"orgName":7}})", "invalid-policy: "},
      {R"({"packs":{"allowed":"a"}})", "invalid-policy: "},
      {R"({"packs":{"allowed":["-"]}})", "written"},
      {R"({"packs":{"blocked":["b",7]}})", "invalid-policy: "},
  };
  for (const auto& [change, begins] : rows) {
    CAPTURE(change);
    const std::string told = updated(machine, "absent", change);
    CHECK(told.substr(0, std::string(begins).size()) == begins);
  }
}

TEST_CASE("a switch that the machine layer states as open can be closed below it, and not the other way round") {
  const auto closed = policy(R"({"general":{"allowGitInstall":true}})", R"({"general":{"allowGitInstall":false}})");
  CHECK_FALSE(closed->allows(Switch::git_install).value);
  CHECK(closed->allows(Switch::git_install).layer == closed->layer(LayerKind::user));
  const auto twice = policy(R"({"general":{"allowGitInstall":false}})", R"({"general":{"allowGitInstall":false}})");
  CHECK(twice->allows(Switch::git_install).layer == twice->layer(LayerKind::machine));
  const auto open = policy(R"({"general":{"allowGitInstall":true}})", R"({"general":{"allowGitInstall":true}})");
  CHECK(open->allows(Switch::git_install).value);
  CHECK(open->allows(Switch::git_install).layer == open->layer(LayerKind::machine));
}

TEST_CASE("values that two layers state alike come from the higher one") {
  constexpr const char* same = R"({"agents":{"maxHeartbeatFrequencySec":90,"maxConcurrentAgents":5}})";
  const auto both = policy(same, same);
  CHECK(both->heartbeat_sec.layer == both->layer(LayerKind::machine));
  CHECK(both->concurrent_agents.layer == both->layer(LayerKind::machine));
}

TEST_CASE("layers are found by their kind, and one that is broken by its state") {
  const auto both = policy("{}", "broken");
  REQUIRE(both->layer(LayerKind::machine));
  CHECK(both->layer(LayerKind::machine)->kind() == LayerKind::machine);
  CHECK(both->layer(LayerKind::user)->kind() == LayerKind::user);
  CHECK(both->broken() == both->layer(LayerKind::user));
  CHECK(policy("broken", "broken")->broken()->kind() == LayerKind::machine);
  CHECK(policy("{}", "{}")->broken() == nullptr);
  const auto alone = merge({test::layer(LayerKind::user, "{}")});
  CHECK(alone->layer(LayerKind::machine) == nullptr);
  CHECK(to_string(LayerState::absent) == "absent");
  CHECK(to_string(LayerState::valid) == "valid");
  CHECK(to_string(LayerState::last_good) == "last-good");
  CHECK(to_string(LayerState::broken) == "broken");
}

TEST_CASE("the label tells which layer is in which state, at which revision, with which content in force") {
  const auto last_good = [](const std::string& content) {
    const Error error = Error::invalid_policy("unreadable", SourcePlace{test::user_file, 1, 1, {}});
    return merge({Layer::invalid(LayerKind::user, test::user_file, "r", {error},
                                 test::document(content, test::user_file))})
        ->label;
  };
  CHECK(last_good(R"({"packs":{"blocked":["a"]}})") != last_good(R"({"packs":{"blocked":["b"]}})"));
  CHECK(last_good("{}") == last_good("{}"));
  CHECK(last_good("{}") != user_policy("{}")->label);
  const auto at = [](LayerKind kind, const char* revision) {
    return merge({Layer::valid(kind, "f", revision, test::document("{}", "f"))})->label;
  };
  CHECK(at(LayerKind::user, "1") != at(LayerKind::user, "2"));
  CHECK(at(LayerKind::user, "1") != at(LayerKind::machine, "1"));
  CHECK(merge({})->label != merge({test::layer(LayerKind::user, "absent")})->label);
  // The empty text's digest: with no layer, nothing is said.
  CHECK(merge({})->label == "e3b0c44298fc1c14");
  // That of "user:absent:absent" and a line feed.
  CHECK(merge({test::layer(LayerKind::user, "absent")})->label == "eb0a00e5185b33c9");
}

TEST_CASE("each merge has the revision after the one before") {
  const std::uint64_t first = merge({})->revision;
  CHECK(merge({})->revision == first + 1);
}

TEST_CASE("a layer is in the state that it was made for") {
  CHECK(test::layer(LayerKind::user, "absent")->state() == LayerState::absent);
  CHECK(test::layer(LayerKind::user, "{}")->state() == LayerState::valid);
  CHECK(test::layer(LayerKind::user, "broken")->state() == LayerState::broken);
}

TEST_CASE("a rule of the last good content stands in the file that has that content") {
  const std::string copy = std::string(test::user_file) + ".last-good";
  const Error error = Error::invalid_policy("unreadable", SourcePlace{test::user_file, 1, 1, {}});
  const auto layer = Layer::invalid(LayerKind::user, test::user_file, "r", {error},
                                    test::document(R"({"packs":{"blocked":["mine"]}})", copy));
  CHECK(rule_of(standing_of(*merge({layer}), pack("mine"))).place.file == copy);
  const auto broken = test::layer(LayerKind::user, "broken");
  CHECK(rule_at(*broken, "packs.blocked", "/packs/blocked", {}).place.file == test::user_file);
}

TEST_CASE("what comes in is judged by the switch of its own source, not by what is recorded of it") {
  PackFacts custom = pack("mine");
  custom.custom = true;
  const auto no_custom = user_policy(R"({"general":{"allowCustomPacks":false}})");
  CHECK(judge_admission(*no_custom, custom, "git").kind() == Verdict::Kind::no_opinion);
  CHECK(judge_admission(*no_custom, custom, "directory").reason() == "not-allowed");
  PackFacts recorded = pack("mine");
  recorded.custom = false;
  recorded.source_kind = "url";
  const auto no_url = policy(R"({"general":{"allowUrlInstall":false}})", "absent");
  CHECK(judge_admission(*no_url, recorded, "git").kind() == Verdict::Kind::no_opinion);
  CHECK(judge_admission(*no_url, recorded, "url").reason() == "not-allowed");
  const auto neither = policy(R"({"general":{"allowCustomPacks":false,"allowUrlInstall":false}})", "absent");
  CHECK(judge_admission(*neither, recorded, "git").kind() == Verdict::Kind::no_opinion);
}

TEST_CASE("the kind of a recorded pack's source is the record's") {
  const auto catalog = Catalog::build({test::tier(Scope::user, {{"mine", "mine"}}, false)}, nullptr);
  CHECK(facts_of_id(*catalog, test::recorded("mine"), "mine").source_kind == "directory");
  CHECK_FALSE(facts_of_id(*catalog, test::recorded("mine"), "mine").custom);
  CHECK(facts_of_id(*catalog, LockRecords{}, "mine").source_kind.empty());
  CHECK(facts_of_id(*catalog, LockRecords{}, "mine").custom);
}

TEST_CASE("a custom pack that a lower layer requires stays refused, whatever a still lower one says") {
  const auto three = merge({test::layer(LayerKind::machine, "{\n\"general\":{\"allowCustomPacks\":\nfalse}}"),
                            test::layer(LayerKind::user, R"({"packs":{"required":["mine"]}})"),
                            test::layer(LayerKind::user, R"({"packs":{"blocked":["mine"]}})")});
  const PackStanding standing = standing_of(*three, pack("mine"));
  CHECK(standing.standing == Standing::custom_denied);
  CHECK(rule_of(standing).name == "general.allowCustomPacks");
  CHECK(rule_of(standing).place.line == 3);
  CHECK(rule_of(standing).place.pointer == "/general/allowCustomPacks");
}

TEST_CASE("a rule's pointer has a step for each of its parts") {
  CHECK(pointer_of_rule("packs.required") == "/packs/required");
  CHECK(pointer_of_rule("runtime") == "/runtime");
}

TEST_CASE("skills of a pack that is permitted can be toggled either way, of one that is required only on") {
  constexpr const char* requires_mine = R"({"packs":{"required":["mine"]}})";
  CHECK(judge_skill_toggle(*user_policy(requires_mine), pack("mine"), true).kind() == Verdict::Kind::permit);
  CHECK(judge_skill_toggle(*user_policy(requires_mine), pack("mine"), false).denied());
  CHECK(judge_skill_toggle(*user_policy("{}"), pack("mine"), true).kind() == Verdict::Kind::no_opinion);
  CHECK(judge_skill_toggle(*user_policy("{}"), pack("mine"), false).kind() == Verdict::Kind::no_opinion);
  constexpr const char* blocks_mine = R"({"packs":{"blocked":["mine"]}})";
  CHECK(judge_skill_toggle(*user_policy(blocks_mine), pack("mine"), false).kind() == Verdict::Kind::no_opinion);
  CHECK(judge_skill_toggle(*user_policy(blocks_mine), pack("mine"), true).error()->remedy() ==
        "cowork policy explain pluginPack:toggle '[\"mine\",true]'");
  CHECK(judge_skill_toggle(*user_policy(requires_mine), pack("mine"), false).error()->remedy() ==
        "cowork policy explain pluginPack:toggle '[\"mine\",false]'");
  constexpr const char* allows_mine = R"({"packs":{"allowed":["mine"]}})";
  CHECK(judge_skill_toggle(*user_policy(allows_mine), pack("mine"), true).kind() == Verdict::Kind::permit);
  CHECK(judge_skill_toggle(*user_policy(allows_mine), pack("mine"), false).kind() == Verdict::Kind::no_opinion);
}

TEST_CASE("every standing has its word and its rule") {
  const std::vector<std::pair<Standing, const char*>> rows{{Standing::unmentioned, ""},
                                                           {Standing::allowed, ""},
                                                           {Standing::required, ""},
                                                           {Standing::blocked, "blocked"},
                                                           {Standing::not_allowed, "not-allowed"},
                                                           {Standing::custom_denied, "not-allowed"},
                                                           {Standing::unavailable, "policy-unavailable"}};
  for (const auto& [standing, word] : rows) CHECK(reason_of(standing) == word);
  CHECK(rule_of({}).name.empty());
}

TEST_CASE("two layers that contradict each other: a requirement above a list that lacks it") {
  const auto both =
      policy(R"({"packs":{"required":["ghost"]}})", R"({"packs":{"allowed":["mine"],"required":["mine"]}})");
  const auto found = conflicts(*both, *sample_catalog());
  REQUIRE(found.size() == 1);
}

}  // namespace
}  // namespace cowork::admin_policy
