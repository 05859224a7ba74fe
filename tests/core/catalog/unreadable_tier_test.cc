#include "findings.h"
#include "support/catch.h"

namespace cowork::test {
namespace {

TEST_CASE("A tier that can't be read any more keeps its last seen ids") {
  const auto before = Catalog::build({tier(Scope::builtin, {{"engineering", "engineering-pack"}})}, nullptr);
  const auto now =
      Catalog::build({unreadable(Scope::builtin), tier(Scope::user, {{"engineering", "a"}, {"mine", "b"}})}, before);
  CHECK(listed(*now) == Lines{"user b"});
  CHECK_FALSE((now->fault(0) != nullptr));
  CHECK_FALSE(now->tier(Scope::builtin).readable);
  CHECK(now->tier(Scope::builtin).ever_read);
  CHECK(now->is_reserved("engineering-pack", Scope::user));
  CHECK(
      said(*now) ==
      Lines{"error tier-unreadable: the builtin tier cannot be read; the ids that it held before stay reserved @ "
            "/builtin",
            "warning shadowed: pack \"a\" in directory \"engineering\" is shadowed: \"engineering\" is reserved by the "
            "builtin tier, which held it when it was last read @ /user/engineering/cowork.plugin.json"});

  SECTION("for as long as that lasts") {
    const auto later = Catalog::build({unreadable(Scope::builtin), tier(Scope::user, {{"engineering", "a"}})}, now);
    CHECK(later->size() == 0);
    CHECK(later->tier(Scope::builtin).ever_read);
  }
  SECTION("and until it is read again") {
    const auto later = Catalog::build({tier(Scope::builtin), tier(Scope::user, {{"engineering", "a"}})}, now);
    CHECK(listed(*later) == Lines{"user a"});
    CHECK(later->diagnostics().empty());
  }
}

TEST_CASE("Below a tier that was never read every pack is in error") {
  Tier user = tier(Scope::user, {{"a", "a"}, {"b", "b"}});
  user.packs[1].fault = Error::invalid_argument("main is no library");
  const auto catalog =
      Catalog::build({unreadable(Scope::builtin), tier(Scope::organization, {{"o", "o"}}), user}, nullptr);
  CHECK(listed(*catalog) == Lines{"organization o", "user a", "user b"});
  CHECK(said(*catalog) == Lines{"error tier-unreadable: the builtin tier cannot be read; packs of the tiers below stay "
                                "inactive until it can @ /builtin"});
  for (const std::size_t index : {0U, 1U}) {
    const Error* fault = catalog->fault(index);
    REQUIRE(fault);
    CHECK(fault->code() == ErrorCode::io);
    CHECK(fault->message() == "the builtin tier could not be read, so the ids it holds are unknown");
    CHECK(fault->why() == "/builtin");
    CHECK(fault->remedy() == "make \"/builtin\" readable, then scan again");
  }
  CHECK(catalog->fault(2)->message() == "main is no library");
  CHECK_FALSE(catalog->tier(Scope::builtin).ever_read);
}

TEST_CASE("Tiers above one that was never read are not touched by it") {
  const auto catalog = Catalog::build(
      {tier(Scope::builtin, {{"b", "b"}}), unreadable(Scope::organization), tier(Scope::user, {{"u", "u"}})}, nullptr);
  CHECK_FALSE((catalog->fault(0) != nullptr));
  CHECK(catalog->fault(1)->message() == "the organization tier could not be read, so the ids it holds are unknown");
}

TEST_CASE("The highest tier that was never read is the one that is named") {
  const auto catalog = Catalog::build(
      {unreadable(Scope::builtin), unreadable(Scope::organization), tier(Scope::user, {{"u", "u"}})}, nullptr);
  CHECK(catalog->fault(0)->message() == "the builtin tier could not be read, so the ids it holds are unknown");
}

TEST_CASE("What another directory held says nothing about one that can't be read") {
  const auto before = Catalog::build({tier(Scope::organization, {{"o", "o"}})}, nullptr);
  Tier elsewhere = unreadable(Scope::organization);
  elsewhere.root.path = "/elsewhere";
  const auto now = Catalog::build({elsewhere, tier(Scope::user, {{"u", "u"}})}, before);
  CHECK((now->fault(0) != nullptr));
  CHECK_FALSE(now->tier(Scope::organization).ever_read);
}

TEST_CASE("A tier that was never read before stays unknown when it can't be read again") {
  const auto before = Catalog::build({unreadable(Scope::builtin)}, nullptr);
  const auto now = Catalog::build({unreadable(Scope::builtin), tier(Scope::user, {{"u", "u"}})}, before);
  CHECK((now->fault(0) != nullptr));
}

TEST_CASE("A user tier that can't be read is reported and touches no other") {
  const auto catalog = Catalog::build({tier(Scope::builtin, {{"b", "b"}}), unreadable(Scope::user)}, nullptr);
  CHECK(listed(*catalog) == Lines{"builtin b"});
  CHECK(said(*catalog) == Lines{"error tier-unreadable: the user tier cannot be read @ /user"});
}

TEST_CASE("Whoever read the tier may have said already that it can't be") {
  Tier builtin = unreadable(Scope::builtin);
  builtin.diagnostics.push_back({Severity::error, "tier-unreadable", "no permission", {"/builtin", 0, 0, ""}});
  CHECK(said(*Catalog::build({builtin}, nullptr)) == Lines{"error tier-unreadable: no permission @ /builtin"});
}

}  // namespace
}  // namespace cowork::test
