#include "findings.h"
#include "support/catch.h"

namespace cowork::test {
namespace {

void add_skill(FoundPack& pack, const std::string& id, const std::string& file = {}) {
  Skill skill;
  skill.id = id;
  skill.file = file;
  pack.manifest.skills.push_back(std::move(skill));
}

TEST_CASE("A skill or command that two packs claim is the higher tier's") {
  Tier builtin = tier(Scope::builtin, {{"a", "a-pack"}});
  add_skill(builtin.packs[0], "review");
  builtin.packs[0].manifest.slash_commands.push_back({"hello", "", "review"});
  Tier user = tier(Scope::user, {{"b", "b-pack"}});
  add_skill(user.packs[0], "own");
  add_skill(user.packs[0], "review");
  user.packs[0].manifest.slash_commands.push_back({"hello", "", "own"});
  CHECK(
      said(*Catalog::build({user, builtin}, nullptr)) ==
      Lines{"warning duplicate-contribution: skill \"review\" belongs to pack \"a-pack\" of the builtin tier; that of "
            "pack \"b-pack\" is out @ /user/b/cowork.plugin.json (/skills/1/id)",
            "warning duplicate-contribution: slash command \"hello\" belongs to pack \"a-pack\" of the builtin tier; "
            "that of pack \"b-pack\" is out @ /user/b/cowork.plugin.json (/slashCommands/0/name)"});
}

TEST_CASE("In one tier the first directory has the skill") {
  Tier user = tier(Scope::user, {{"a", "z"}, {"b", "y"}, {"c", "x"}});
  for (FoundPack& pack : user.packs) add_skill(pack, "review", "skills/review/SKILL.md");
  CHECK(
      said(*Catalog::build({user}, nullptr)) ==
      Lines{
          "warning duplicate-contribution: skill \"review\" belongs to pack \"z\" of the user tier; that of pack \"y\" "
          "is out @ /user/b/cowork.plugin.json",
          "warning duplicate-contribution: skill \"review\" belongs to pack \"z\" of the user tier; that of pack \"x\" "
          "is out @ /user/c/cowork.plugin.json"});
}

TEST_CASE("A skill and a command may share an id, and shadowed packs claim nothing") {
  Tier builtin = tier(Scope::builtin, {{"a", "a-pack"}});
  add_skill(builtin.packs[0], "hello");
  Tier user = tier(Scope::user, {{"a", "evil"}, {"b", "b-pack"}});
  add_skill(user.packs[0], "hello");
  user.packs[1].manifest.slash_commands.push_back({"hello", "", "hello"});
  const auto catalog = Catalog::build({builtin, user}, nullptr);
  REQUIRE(catalog->diagnostics().size() == 1);
  CHECK(catalog->diagnostics()[0].code == "shadowed");
}

}  // namespace
}  // namespace cowork::test
