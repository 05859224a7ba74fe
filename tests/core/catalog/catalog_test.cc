#include "cowork/catalog/catalog.h"

#include "findings.h"
#include "support/catch.h"

namespace cowork::test {
namespace {

TEST_CASE("Scopes and severities are spelt as in results") {
  CHECK(to_string(Scope::builtin) == "builtin");
  CHECK(to_string(Scope::organization) == "organization");
  CHECK(to_string(Scope::user) == "user");
  CHECK(to_string(Severity::info) == "info");
  CHECK(to_string(Severity::warning) == "warning");
  CHECK(to_string(Severity::error) == "error");
}

TEST_CASE("A catalog of nothing has three empty tiers") {
  const auto catalog = Catalog::build({}, nullptr);
  CHECK(catalog->size() == 0);
  CHECK(catalog->diagnostics().empty());
  CHECK_FALSE(catalog->find("").has_value());
  REQUIRE(catalog->tiers().size() == scope_count);
  for (const Scope scope : {Scope::builtin, Scope::organization, Scope::user}) {
    CHECK(catalog->tier(scope).scope == scope);
    CHECK(catalog->tier(scope).readable);
    CHECK(catalog->tier(scope).ever_read);
    CHECK(catalog->tier(scope).packs == 0);
  }
}

TEST_CASE("Packs stand in the order of their tiers, then of their directories") {
  const auto catalog =
      Catalog::build({tier(Scope::user, {{"a", "u1"}}), tier(Scope::builtin, {{"x", "b2"}, {"y", "b1"}}),
                      tier(Scope::organization, {{"m", "o1"}})},
                     nullptr);
  CHECK(listed(*catalog) == Lines{"builtin b2", "builtin b1", "organization o1", "user u1"});
  CHECK(catalog->tier(Scope::builtin).packs == 2);
  CHECK(catalog->tier(Scope::organization).packs == 1);
  CHECK(catalog->tier(Scope::user).packs == 1);
}

TEST_CASE("A pack is found by its name, and resolved by its alias too") {
  const auto catalog =
      Catalog::build({tier(Scope::builtin, {{"engineering", "engineering-pack"}, {"b", "engineer"}}),
                      tier(Scope::organization, {{"sales", "sales-pack"}}), tier(Scope::user, {{"mine", "my-pack"}})},
                     nullptr);
  CHECK(catalog->find("engineering-pack") == 0U);
  CHECK_FALSE(catalog->find("engineering").has_value());
  CHECK_FALSE(catalog->find("Engineering-pack").has_value());
  CHECK(catalog->resolve("engineering-pack") == 0U);
  CHECK(catalog->resolve("engineering") == 0U);
  CHECK(catalog->resolve("sales") == 2U);
  CHECK(catalog->resolve("my-pack") == 3U);
  CHECK_FALSE(catalog->resolve("mine").has_value());
}

TEST_CASE("A name goes before an alias") {
  const auto catalog = Catalog::build({tier(Scope::builtin, {{"a", "b"}, {"b", "c"}})}, nullptr);
  CHECK(listed(*catalog) == Lines{"builtin b", "builtin c"});
  CHECK(catalog->resolve("b") == 0U);
  CHECK(catalog->resolve("a") == 0U);
  CHECK(catalog->resolve("c") == 1U);
}

TEST_CASE("What was said while a tier was read comes before what its packs give rise to") {
  Tier builtin = tier(Scope::builtin, {{"a", "x"}, {"b", "x"}});
  builtin.diagnostics.push_back(
      {Severity::warning, "no-manifest", "directory \"c\" has no manifest", {"/builtin/c", 0, 0, ""}});
  Tier user = tier(Scope::user);
  user.diagnostics.push_back({Severity::error, "invalid-manifest", "bad", {"/user/d", 1, 2, "/name"}});
  CHECK(said(*Catalog::build({builtin, user}, nullptr)) ==
        Lines{"warning no-manifest: directory \"c\" has no manifest @ /builtin/c",
              "warning shadowed: pack \"x\" in directory \"b\" is shadowed: directory \"a\" of the same tier holds a "
              "pack of "
              "that name @ /builtin/b/cowork.plugin.json",
              "error invalid-manifest: bad @ /user/d:1:2 (/name)"});
}

TEST_CASE("What is known of a tier is kept") {
  Tier builtin = tier(Scope::builtin, {{"a", "x"}});
  builtin.trusted = false;
  builtin.untrusted_reason = "it belongs to user 1000";
  const auto catalog = Catalog::build({builtin}, nullptr);
  CHECK(catalog->tier(Scope::builtin).path == "/builtin");
  CHECK_FALSE(catalog->tier(Scope::builtin).trusted);
  CHECK(catalog->tier(Scope::builtin).untrusted_reason == "it belongs to user 1000");
}

TEST_CASE("A newer catalog has a greater revision, unless it says the same") {
  const auto first = Catalog::build({tier(Scope::user, {{"a", "a"}})}, nullptr);
  CHECK(Catalog::build({tier(Scope::user, {{"a", "a"}})}, first)->revision() == first->revision());
  const auto other = [&](const Tier& findings) { return Catalog::build({findings}, first)->revision(); };
  CHECK(other(tier(Scope::user)) > first->revision());
  CHECK(other(tier(Scope::user, {{"a", "b"}})) > first->revision());
  CHECK(other(tier(Scope::user, {{"b", "a"}})) > first->revision());
  CHECK(other(tier(Scope::organization, {{"a", "a"}})) > first->revision());
  Tier changed = tier(Scope::user, {{"a", "a"}});
  SECTION("trust") {
    changed.trusted = false;
  }
  SECTION("a reserved id") {
    changed.reserved = {"b"};
  }
  SECTION("a diagnostic") {
    changed.diagnostics.push_back({Severity::warning, "no-manifest", "none", {"/user/b", 0, 0, ""}});
  }
  SECTION("a fault") {
    changed.packs[0].fault = Error::invalid_argument("main is no library");
  }
  SECTION("a directory elsewhere") {
    changed.root.path = "/home/user";
  }
  SECTION("a skill") {
    changed.packs[0].manifest.skills = {Skill{}};
  }
  CHECK(other(changed) > first->revision());
}

TEST_CASE("Fifty thousand packs are nothing special") {
  std::vector<Found> builtin;
  std::vector<Found> user;
  for (int i = 0; i < 25'000; ++i) {
    builtin.push_back({"d" + std::to_string(i), "b" + std::to_string(i)});
    user.push_back({"e" + std::to_string(i), (i % 2 ? "b" : "u") + std::to_string(i)});
  }
  const auto catalog = Catalog::build({tier(Scope::builtin, builtin), tier(Scope::user, user)}, nullptr);
  CHECK(catalog->size() == 37'500);
  CHECK(catalog->diagnostics().size() == 12'500);
  CHECK(catalog->resolve("d24999") == 24'999U);
  CHECK((*catalog)[*catalog->find("u24998")].alias == "e24998");
}

}  // namespace
}  // namespace cowork::test
