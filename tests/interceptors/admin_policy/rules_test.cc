// SPEC §6, "Enforcement", row by row, as pure functions.
#include "rules.h"

#include "policies.h"

namespace cowork::admin_policy {
namespace {

using test::policy;
using test::sample_catalog;
using test::told;
using test::user_policy;

const LockRecords no_records;

/// A pack of the sample catalog by name, or a bare id.
PackFacts pack(std::string_view id) {
  static const auto catalog = sample_catalog();
  return facts_of_id(*catalog, no_records, id);
}

constexpr const char* blocks_engineering = "{\"packs\":\n{\"blocked\": [\"engineering\"]}}";
constexpr const char* requires_engineering = "{\"packs\":\n{\"required\": [\"engineering\"]}}";
constexpr const char* allows_devops = "{\"packs\":\n{\"allowed\": [\"devops\"]}}";

TEST_CASE("activation: a blocked pack, one not in the list, a required one, an allowed one, any other") {
  CHECK(told(judge_activation(*user_policy(blocks_engineering), pack("engineering-pack"))) ==
        "policy-denied blocked: Pack \"engineering-pack\" is blocked by admin policy | packs.blocked in "
        "/home/u/.cowork/policies.json:2 (user layer) | cowork policy check engineering-pack");
  CHECK(told(judge_activation(*user_policy(allows_devops), pack("engineering-pack"))) ==
        "policy-denied not-allowed: Pack \"engineering-pack\" is not in the list of allowed packs | packs.allowed in "
        "/home/u/.cowork/policies.json:2 (user layer) | cowork policy check engineering-pack");
  CHECK(told(judge_activation(*user_policy(requires_engineering), pack("engineering-pack"))) ==
        "required by packs.required in /home/u/.cowork/policies.json:2:15 (/packs/required/0)");
  CHECK(told(judge_activation(*user_policy(allows_devops), pack("devops-pack"))) ==
        "permitted by packs.allowed in /home/u/.cowork/policies.json:2:14 (/packs/allowed/0)");
  CHECK(told(judge_activation(*user_policy("{}"), pack("devops-pack"))) == "no opinion");
  CHECK(told(judge_activation(*user_policy("absent"), pack("devops-pack"))) == "no opinion");
}

TEST_CASE("a refusal names the organization where it is set") {
  const auto acme = policy(R"({"general":{"orgName":"Acme Corp"},"packs":{"blocked":["mine"]}})", "absent");
  CHECK(judge_activation(*acme, pack("mine")).error()->why() ==
        "packs.blocked in /etc/cowork/policies.json:1 (machine layer), set by Acme Corp");
}

TEST_CASE("toggle: a pack that is not permitted can't be enabled, disabling it is fine") {
  const auto blocked = user_policy(blocks_engineering);
  CHECK(told(judge_toggle(*blocked, pack("engineering-pack"), true)) ==
        "policy-denied blocked: Pack \"engineering-pack\" is blocked by admin policy | packs.blocked in "
        "/home/u/.cowork/policies.json:2 (user layer) | cowork policy explain pluginPack:toggle "
        "'[\"engineering-pack\",true]'");
  CHECK(told(judge_toggle(*blocked, pack("engineering-pack"), false)) == "no opinion");
  CHECK(judge_toggle(*user_policy(allows_devops), pack("mine"), true).reason() == "not-allowed");
  CHECK(told(judge_toggle(*user_policy(allows_devops), pack("mine"), false)) == "no opinion");
}

TEST_CASE("toggle: a required pack can't be disabled, enabling it is fine") {
  const auto required = user_policy(requires_engineering);
  CHECK(told(judge_toggle(*required, pack("engineering"), false)) ==
        "policy-denied required: Pack \"engineering-pack\" is required by admin policy and cannot be disabled | "
        "packs.required in /home/u/.cowork/policies.json:2 (user layer) | cowork policy explain pluginPack:toggle "
        "'[\"engineering-pack\",false]'");
  CHECK(judge_toggle(*required, pack("engineering"), true).kind() == Verdict::Kind::permit);
  CHECK(told(judge_toggle(*required, pack("mine"), false)) == "no opinion");
}

TEST_CASE("toggle: an id that no pack has is judged as it was asked") {
  CHECK(judge_toggle(*user_policy(R"({"packs":{"blocked":["ghost"]}})"), pack("ghost"), true).error()->message() ==
        "Pack \"ghost\" is blocked by admin policy");
  CHECK(judge_toggle(*user_policy(allows_devops), pack("ghost"), true).error()->message() ==
        "Pack \"ghost\" is not in the list of allowed packs");
  CHECK(judge_toggle(*user_policy("{}"), pack("ghost"), true).kind() == Verdict::Kind::no_opinion);
  CHECK(judge_toggle(*user_policy(R"({"packs":{"allowed":["a"]}})"), pack("a\x1b[31m'b"), true).error()->remedy() ==
        "cowork policy explain pluginPack:toggle '[\"a\\u001b[31m'\\''b\",true]'");
}

TEST_CASE("toggleSkill: as the pack; a required pack's skills can't be disabled") {
  CHECK(judge_skill_toggle(*user_policy(blocks_engineering), pack("engineering"), true).error()->message() ==
        "Pack \"engineering-pack\" is blocked by admin policy");
  CHECK(judge_skill_toggle(*user_policy(requires_engineering), pack("engineering"), false).error()->message() ==
        "Pack \"engineering-pack\" is required by admin policy and cannot be disabled, nor can its skills");
  CHECK(told(judge_skill_toggle(*user_policy(blocks_engineering), pack("engineering"), false)) == "no opinion");
}

TEST_CASE("uninstall: required packs are refused, blocked ones are not") {
  const auto required = user_policy(R"({"packs":{"required":["mine"]}})");
  CHECK(told(judge_uninstall(*required, pack("mine"))) ==
        "policy-denied required: Pack \"mine\" is required by admin policy and cannot be uninstalled | packs.required "
        "in /home/u/.cowork/policies.json:1 (user layer) | cowork policy check mine");
  CHECK(told(judge_uninstall(*user_policy(R"({"packs":{"blocked":["mine"]}})"), pack("mine"))) == "no opinion");
}

TEST_CASE("scaffold: refused without custom packs, and when the new id is not permitted") {
  const auto off = user_policy(R"({"general":{"allowCustomPacks":false}})");
  CHECK(told(judge_scaffold(*off, "new")) ==
        "policy-denied not-allowed: Installation disabled by admin policy: custom packs are not allowed | "
        "general.allowCustomPacks in /home/u/.cowork/policies.json:1 (user layer) | cowork policy show");
  CHECK(judge_scaffold(*user_policy(R"({"packs":{"blocked":["new"]}})"), "new").error()->message() ==
        "Pack \"new\" is blocked by admin policy");
  CHECK(judge_scaffold(*user_policy(allows_devops), "new").error()->message() ==
        "Pack \"new\" is not in the list of allowed packs");
  CHECK(told(judge_scaffold(*user_policy("{}"), "new")) == "no opinion");
}

TEST_CASE("installations: each switch refuses its own source") {
  struct Row {
    const char* member;
    Switch which;
    const char* message;
  };
  const std::vector<Row> rows{
      {"allowCustomPacks", Switch::custom_packs, "Installation disabled by admin policy: custom packs are not allowed"},
      {"allowGitInstall", Switch::git_install, "Installation disabled by admin policy: packs from git are not allowed"},
      {"allowUrlInstall", Switch::url_install,
       "Installation disabled by admin policy: packs from a URL are not allowed"},
  };
  for (const Row& row : rows) {
    const auto off = user_policy(std::string("{\"general\":{\"") + row.member + "\":false}}");
    for (const Switch which : all_switches) {
      const Verdict verdict = judge_switch(*off, which);
      CAPTURE(row.member, rule_name(which));
      REQUIRE(verdict.denied() == (which == row.which));
      if (verdict.denied()) CHECK(verdict.error()->message() == row.message);
    }
  }
}

TEST_CASE("admission: the switch of the source, then the id that was fetched") {
  const auto rules =
      user_policy(R"({"packs":{"blocked":["bad"]},"general":{"allowCustomPacks":false,"allowGitInstall":false}})");
  const std::vector<std::pair<std::string, std::string>> rows{
      {"scaffold", "Installation disabled by admin policy: custom packs are not allowed"},
      {"directory", "Installation disabled by admin policy: custom packs are not allowed"},
      {"archive", "Installation disabled by admin policy: custom packs are not allowed"},
      {"git", "Installation disabled by admin policy: packs from git are not allowed"},
      {"url", "Pack \"bad\" is blocked by admin policy"},
  };
  for (const auto& [kind, message] : rows) {
    CAPTURE(kind);
    CHECK(judge_admission(*rules, {.name = "bad", .alias = "bad"}, kind).error()->message() == message);
  }
  CHECK(judge_admission(*rules, {.name = "bad", .alias = "bad"}, "url").error()->remedy() == "cowork policy check bad");
  CHECK(judge_admission(*user_policy(R"({"packs":{"blocked":["folder"]}})"), {.name = "good", .alias = "folder"}, "url")
            .error()
            ->message() == "Pack \"good\" is blocked by admin policy");
  CHECK(told(judge_admission(*user_policy("{}"), {.name = "good", .alias = "good"}, "url")) == "no opinion");
}

TEST_CASE("connector: refused when blocked, known or not") {
  const auto rules = policy("absent", R"({"connectors":{"blocked":["risky-connector"]}})");
  CHECK(told(judge_connector(*rules, "risky-connector")) ==
        "policy-denied blocked: Connector \"risky-connector\" is blocked by admin policy | connectors.blocked in "
        "/home/u/.cowork/policies.json:1 (user layer) | cowork policy explain connector:use "
        "'[\"risky-connector\"]'");
  CHECK(told(judge_connector(*rules, "other")) == "no opinion");
}

TEST_CASE("a user pack that no install recorded counts as custom") {
  const auto catalog = sample_catalog();
  const auto off = user_policy(R"({"general":{"allowCustomPacks":false}})");
  CHECK(told(judge_activation(*off, facts_of_id(*catalog, no_records, "mine"))) ==
        "policy-denied not-allowed: Installation disabled by admin policy: \"mine\" is a custom pack | "
        "general.allowCustomPacks in /home/u/.cowork/policies.json:1 (user layer) | cowork policy check mine");
  // An install puts a pack into the directory of its name; a copy elsewhere does not inherit the record.
  CHECK(judge_activation(*off, facts_of_id(*catalog, test::recorded("mine"), "mine")).denied());
  const auto installed = Catalog::build({test::tier(Scope::user, {{"mine", "mine"}}, false)}, nullptr);
  CHECK(told(judge_activation(*off, facts_of_id(*installed, test::recorded("mine"), "mine"))) == "no opinion");
  CHECK(told(judge_activation(*off, facts_of_id(*catalog, no_records, "acme-pack"))) == "no opinion");
  CHECK(judge_toggle(*off, facts_of_id(*catalog, no_records, "mine"), true).denied());
}

TEST_CASE("before the machine layer the user's word vouches for nothing that it does not leave open") {
  const auto off = policy(R"({"general":{"allowCustomPacks":false,"allowUrlInstall":false}})", "absent");
  const auto user_off = user_policy(R"({"general":{"allowCustomPacks":false,"allowUrlInstall":false}})");
  for (const auto& [kind, permitted] : std::vector<std::pair<std::string, bool>>{
           {"directory", false}, {"archive", false}, {"url", false}, {"git", true}}) {
    CAPTURE(kind);
    const PackFacts mine{"mine", "dir", Scope::user, false, false, kind};
    CHECK(standing_of(*off, mine).permitted() == permitted);
    CHECK(standing_of(*user_off, mine).permitted());
  }
  for (const bool trusted : {false, true}) {
    CAPTURE(trusted);
    const PackFacts acme{"acme-pack", "acme", Scope::organization, trusted};
    CHECK(standing_of(*off, acme).permitted() == trusted);
    CHECK(standing_of(*user_off, acme).permitted());
  }
}

TEST_CASE("a required pack may be custom, but not against a higher layer's switch") {
  const auto catalog = sample_catalog();
  const PackFacts mine = facts_of_id(*catalog, no_records, "mine");
  constexpr const char* off = R"({"general":{"allowCustomPacks":false}})";
  constexpr const char* required = R"({"packs":{"required":["mine"]}})";
  constexpr const char* both = R"({"packs":{"required":["mine"]},"general":{"allowCustomPacks":false}})";
  CHECK(judge_activation(*policy("absent", both), mine).kind() == Verdict::Kind::require);
  CHECK(judge_activation(*policy(required, off), mine).kind() == Verdict::Kind::require);
  CHECK(judge_activation(*policy(both, "absent"), mine).kind() == Verdict::Kind::require);
  CHECK(judge_activation(*policy(off, required), mine).reason() == "not-allowed");
}

TEST_CASE("while a layer is broken nothing can be changed, and no pack or connector is permitted") {
  const auto broken = policy("absent", "broken");
  CHECK(told(judge_mutation(*broken)) ==
        "policy-unavailable policy-unavailable: Nothing can be changed while the admin policy is unavailable | the "
        "user policy /home/u/.cowork/policies.json can't be used: the document is empty at "
        "/home/u/.cowork/policies.json:1:1 | cowork policy validate");
  CHECK(told(judge_activation(*broken, pack("mine"))) ==
        "policy-unavailable policy-unavailable: Pack \"mine\" is blocked while the admin policy is unavailable | the "
        "user policy /home/u/.cowork/policies.json can't be used: the document is empty at "
        "/home/u/.cowork/policies.json:1:1 | cowork policy validate");
  CHECK(judge_connector(*broken, "x").error()->message() ==
        "Connector \"x\" is blocked while the admin policy is unavailable");
  CHECK(told(judge_mutation(*policy("{}", "absent"))) == "no opinion");
}

}  // namespace
}  // namespace cowork::admin_policy
