// SPEC §6, "Matching ids", precedence, and layers against each other.
#include "policies.h"
#include "rules.h"

namespace cowork::admin_policy {
namespace {

using test::policy;

std::string stands(const EffectivePolicy& rules, const PackFacts& pack) {
  const PackStanding standing = standing_of(rules, pack);
  if (standing.required()) return "required";
  return standing.permitted() ? "permitted" : std::string(reason_of(standing.standing));
}

TEST_CASE(
    "blocked matches name and alias in every tier; allowed and required the alias only where it can be relied on") {
  struct Row {
    Scope scope;
    bool trusted;
    const char* layer;
    const char* by_name[3];  // blocked, allowed, required
    const char* by_alias[3];
  };
  const std::vector<Row> rows{
      {Scope::builtin, true, "user", {"blocked", "permitted", "required"}, {"blocked", "permitted", "required"}},
      {Scope::builtin, false, "user", {"blocked", "permitted", "required"}, {"blocked", "permitted", "required"}},
      {Scope::organization, true, "user", {"blocked", "permitted", "required"}, {"blocked", "permitted", "required"}},
      {Scope::user, false, "user", {"blocked", "permitted", "required"}, {"blocked", "not-allowed", "permitted"}},
      {Scope::builtin, true, "machine", {"blocked", "permitted", "required"}, {"blocked", "permitted", "required"}},
      {Scope::builtin, false, "machine", {"blocked", "permitted", "required"}, {"blocked", "not-allowed", "permitted"}},
      {Scope::organization,
       false,
       "machine",
       {"blocked", "permitted", "required"},
       {"blocked", "not-allowed", "permitted"}},
      {Scope::user, false, "machine", {"blocked", "permitted", "required"}, {"blocked", "not-allowed", "permitted"}},
  };
  const char* lists[] = {"blocked", "allowed", "required"};
  for (const Row& row : rows) {
    const PackFacts pack{"the-name", "the-alias", row.scope, row.trusted, false};
    for (int i = 0; i < 3; ++i) {
      for (const bool alias : {false, true}) {
        const std::string text =
            std::string("{\"packs\":{\"") + lists[i] + "\":[\"" + (alias ? "the-alias" : "the-name") + "\"]}}";
        const bool machine = std::string_view(row.layer) == "machine";
        const auto rules = machine ? policy(text, "absent") : policy("absent", text);
        CAPTURE(to_string(row.scope), row.trusted, row.layer, text);
        CHECK(stands(*rules, pack) == (alias ? row.by_alias[i] : row.by_name[i]));
      }
    }
  }
}

TEST_CASE("ids are compared byte for byte") {
  const PackFacts pack{"engineering-pack", "engineering", Scope::builtin, true, false};
  for (const std::string id :
       {"Engineering", "engineering ", " engineering", "engineering-", "engineering-pack\xE2\x80\x8B"}) {
    CAPTURE(id);
    CHECK(stands(*test::user_policy("{\"packs\":{\"blocked\":[\"" + id + "\"]}}"), pack) == "permitted");
  }
}

TEST_CASE("blocked wins over allowed, allowed over allow all") {
  const PackFacts pack{"p", "a", Scope::builtin, true, false};
  const std::vector<std::pair<const char*, const char*>> rows{
      {R"({})", "permitted"},
      {R"({"packs":{"allowed":["p"]}})", "permitted"},
      {R"({"packs":{"allowed":["q"]}})", "not-allowed"},
      {R"({"packs":{"allowed":["p"],"blocked":["p"]}})", "blocked"},
      {R"({"packs":{"allowed":["p"],"blocked":["a"]}})", "blocked"},
      {R"({"packs":{"required":["p"],"blocked":["a"]}})", "blocked"},
      {R"({"packs":{"required":["a"],"allowed":["a"]}})", "required"},
  };
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK(stands(*test::user_policy(text), pack) == expected);
  }
}

TEST_CASE("layers against each other") {
  constexpr const char* blocks = R"({"packs":{"blocked":["p"]}})";
  constexpr const char* requires_p = R"({"packs":{"required":["p"]}})";
  constexpr const char* allows_p = R"({"packs":{"allowed":["p"]}})";
  constexpr const char* allows_q = R"({"packs":{"allowed":["q"]}})";
  struct Row {
    const char* machine;
    const char* user;
    const char* expected;
  };
  const std::vector<Row> rows{
      {blocks, "absent", "blocked"},
      {"absent", blocks, "blocked"},
      {blocks, requires_p, "blocked"},
      {blocks, allows_p, "blocked"},
      {requires_p, "absent", "required"},
      {requires_p, blocks, "required"},
      {requires_p, allows_q, "required"},
      {requires_p, "broken", "required"},
      {allows_p, allows_p, "permitted"},
      {allows_p, allows_q, "not-allowed"},
      {allows_q, allows_p, "not-allowed"},
      {allows_q, requires_p, "not-allowed"},
      {allows_p, requires_p, "required"},
      {allows_p, "broken", "policy-unavailable"},
      {blocks, "broken", "policy-unavailable"},
      {"absent", "broken", "policy-unavailable"},
      {"broken", "absent", "policy-unavailable"},
      {"broken", requires_p, "policy-unavailable"},
      {"broken", "broken", "policy-unavailable"},
      {"absent", "absent", "permitted"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.machine, row.user);
    CHECK(stands(*policy(row.machine, row.user), {"p", "p", Scope::builtin, true, false}) == row.expected);
  }
}

TEST_CASE("a verdict among a hundred thousand entries is a lookup") {
  std::string text = R"({"packs":{"blocked":["pack-0")";
  for (int i = 1; i < 100'000; ++i) text += ",\"pack-" + std::to_string(i) + '"';
  const auto rules = test::user_policy(text + "]}}");
  std::size_t blocked = 0;
  // A scan of the list a question would take minutes.
  for (int i = 0; i < 200'000; ++i) {
    const std::string name = "pack-" + std::to_string(i);
    blocked += stands(*rules, {name, name, Scope::builtin, true, false}) == "blocked" ? 1U : 0U;
  }
  CHECK(blocked == 100'000);
}

}  // namespace
}  // namespace cowork::admin_policy
