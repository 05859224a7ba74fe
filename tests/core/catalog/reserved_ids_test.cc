#include "findings.h"
#include "support/catch.h"

namespace cowork::test {
namespace {

TEST_CASE("A pack that takes an id of a higher tier is shadowed") {
  struct Case {
    Scope scope;
    Found pack;
    std::string reason;
  };
  const auto [scope, pack, reason] = GENERATE(values<Case>({
      {Scope::user,
       {"mine", "engineering-pack"},
       R"("engineering-pack" is the name of the builtin pack in directory "engineering")"},
      {Scope::user, {"mine", "engineering"}, R"("engineering" is the directory of builtin pack "engineering-pack")"},
      {Scope::user, {"engineering", "evil"}, R"("engineering" is the directory of builtin pack "engineering-pack")"},
      {Scope::user,
       {"engineering-pack", "evil"},
       R"("engineering-pack" is the name of the builtin pack in directory "engineering")"},
      {Scope::organization,
       {"engineering", "evil"},
       R"("engineering" is the directory of builtin pack "engineering-pack")"},
      {Scope::user, {"mine", "sales"}, R"("sales" is the directory of organization pack "sales-pack")"},
      {Scope::user,
       {"sales-pack", "sales-pack"},
       R"("sales-pack" is the name of the organization pack in directory "sales")"},
  }));
  Tier organization = tier(Scope::organization, {{"sales", "sales-pack"}});
  Tier user = tier(Scope::user);
  Tier added = tier(scope, {pack});
  Tier& target = scope == Scope::user ? user : organization;
  target.packs.insert(target.packs.begin(), added.packs[0]);
  const auto catalog =
      Catalog::build({tier(Scope::builtin, {{"engineering", "engineering-pack"}}), organization, user}, nullptr);
  CHECK(listed(*catalog) == Lines{"builtin engineering-pack", "organization sales-pack"});
  CHECK(said(*catalog) == Lines{"warning shadowed: pack \"" + pack.second + "\" in directory \"" + pack.first +
                                "\" is shadowed: " + reason + " @ /" + std::string(to_string(scope)) + '/' +
                                pack.first + "/cowork.plugin.json"});
}

TEST_CASE("Ids are compared byte for byte") {
  const auto catalog = Catalog::build({tier(Scope::builtin, {{"engineering", "engineering-pack"}}),
                                       tier(Scope::user, {{"Engineering", "engineering_pack"}})},
                                      nullptr);
  CHECK(catalog->size() == 2);
  CHECK(catalog->diagnostics().empty());
}

TEST_CASE("Of two packs of one name in a tier the first directory wins") {
  const auto catalog = Catalog::build({tier(Scope::user, {{"a", "x"}, {"b", "x"}, {"c", "x"}})}, nullptr);
  REQUIRE(catalog->size() == 1);
  CHECK((*catalog)[0].alias == "a");
  CHECK(
      said(*catalog) ==
      Lines{
          "warning shadowed: pack \"x\" in directory \"b\" is shadowed: directory \"a\" of the same tier holds a pack "
          "of that name @ /user/b/cowork.plugin.json",
          "warning shadowed: pack \"x\" in directory \"c\" is shadowed: directory \"a\" of the same tier holds a pack "
          "of that name @ /user/c/cowork.plugin.json"});
}

TEST_CASE("Inside a tier an alias takes no name away") {
  const auto catalog = Catalog::build({tier(Scope::user, {{"a", "b"}, {"b", "a"}})}, nullptr);
  CHECK(listed(*catalog) == Lines{"user b", "user a"});
}

TEST_CASE("A pack in state error holds its ids") {
  Tier builtin = tier(Scope::builtin, {{"engineering", "engineering-pack"}});
  builtin.packs[0].fault = Error::io("main is no library");
  const auto catalog = Catalog::build({builtin, tier(Scope::user, {{"engineering", "mine"}})}, nullptr);
  CHECK(listed(*catalog) == Lines{"builtin engineering-pack"});
}

TEST_CASE("A shadowed pack holds its ids against the tiers below it") {
  const auto catalog =
      Catalog::build({tier(Scope::builtin, {{"engineering", "engineering-pack"}}),
                      tier(Scope::organization, {{"engineering", "evil"}}), tier(Scope::user, {{"mine", "evil"}})},
                     nullptr);
  CHECK(listed(*catalog) == Lines{"builtin engineering-pack"});
  CHECK(said(*catalog)[1] ==
        "warning shadowed: pack \"evil\" in directory \"mine\" is shadowed: \"evil\" is the name of the organization "
        "pack "
        "in directory \"engineering\" @ /user/mine/cowork.plugin.json");
}

TEST_CASE("A directory that is no usable pack holds its name") {
  Tier builtin = tier(Scope::builtin);
  builtin.reserved = {"engineering", "engineering-pack"};
  const auto catalog = Catalog::build(
      {builtin, tier(Scope::organization, {{"engineering", "a"}}), tier(Scope::user, {{"b", "engineering-pack"}})},
      nullptr);
  CHECK(catalog->size() == 0);
  CHECK(
      said(*catalog) ==
      Lines{"warning shadowed: pack \"a\" in directory \"engineering\" is shadowed: \"engineering\" is reserved by the "
            "builtin tier, where it is no usable pack @ /organization/engineering/cowork.plugin.json",
            "warning shadowed: pack \"engineering-pack\" in directory \"b\" is shadowed: \"engineering-pack\" is "
            "reserved "
            "by the builtin tier, where it is no usable pack @ /user/b/cowork.plugin.json"});
}

TEST_CASE("An unusable directory takes nothing from the packs of its own tier") {
  Tier user = tier(Scope::user, {{"good", "bad"}});
  user.reserved = {"bad"};
  CHECK(listed(*Catalog::build({user}, nullptr)) == Lines{"user bad"});
}

TEST_CASE("Only tiers above hold an id against a tier") {
  Tier builtin = tier(Scope::builtin, {{"engineering", "engineering-pack"}});
  builtin.reserved = {"broken"};
  const auto catalog = Catalog::build(
      {builtin, tier(Scope::organization, {{"sales", "sales-pack"}}), tier(Scope::user, {{"mine", "my-pack"}})},
      nullptr);
  for (const std::string_view id : {"engineering", "engineering-pack", "broken"}) {
    CHECK_FALSE(catalog->is_reserved(id, Scope::builtin));
    CHECK(catalog->is_reserved(id, Scope::organization));
    CHECK(catalog->is_reserved(id, Scope::user));
  }
  CHECK_FALSE(catalog->is_reserved("sales", Scope::organization));
  CHECK(catalog->is_reserved("sales", Scope::user));
  CHECK_FALSE(catalog->is_reserved("mine", Scope::user));
  CHECK_FALSE(catalog->is_reserved("", Scope::user));
  CHECK(catalog->reserved(Scope::builtin) == Lines{"broken", "engineering", "engineering-pack"});
}

}  // namespace
}  // namespace cowork::test
