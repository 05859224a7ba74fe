// Packs as a real product ships them, and our own samples: all of them load, and nothing is said about them.
#include <cstdlib>
#include <filesystem>
#include <map>
#include <tuple>

#include "cowork/catalog/catalog.h"
#include "tiers.h"

using namespace cowork;
using namespace cowork::test;

namespace {

const std::filesystem::path source_directory = COWORK_SOURCE_DIR;

/// Skills, slash commands, agent roles, connectors.
using Counts = std::tuple<std::size_t, std::size_t, std::size_t, std::size_t>;

std::map<std::string, Counts> counts(const TierFindings& found) {
  std::map<std::string, Counts> counts;
  for (const TierFindings::Entry& entry : found.packs) {
    const PackRecord& pack = *entry.record;
    const PackSummary& manifest = pack.manifest;
    counts[std::string(pack.name())] = {manifest.skills.size(), manifest.slash_commands.size(),
                                        manifest.agent_roles.size(), manifest.connectors.size()};
  }
  return counts;
}

}  // namespace

TEST_CASE("corpus: every pack loads unchanged") {
  const char* corpus = std::getenv("COWORK_CORPUS");
  const auto packs = (corpus ? std::filesystem::path(corpus) : source_directory / "../shared/corpus") / "packs";
  if (!std::filesystem::is_directory(packs)) {
    WARN("skipped: no packs at " << packs << " (set COWORK_CORPUS)");
    return;
  }
  const TierFindings found = scan(make_real_disk(), std::filesystem::canonical(packs).string());
  // The one thing to say: a command there names a skill that its pack does not bring.
  REQUIRE(found.diagnostics.size() == 1);
  CHECK(found.diagnostics[0].code == "unknown-skill");
  CHECK(found.diagnostics[0].place.file.ends_with("/cowork-shortcuts/cowork.plugin.json"));
  CHECK(found.diagnostics[0].place.pointer == "/slashCommands/1/skillId");
  CHECK(counts(found) == std::map<std::string, Counts>{
                             {"codex-security", {8, 3, 1, 0}},
                             {"content-marketing-pack", {3, 0, 1, 0}},
                             {"cowork-shortcuts-pack", {33, 33, 0, 0}},
                             {"data-analysis-pack", {3, 0, 1, 0}},
                             {"devops-pack", {8, 0, 1, 0}},
                             {"engineering-management-pack", {3, 0, 1, 0}},
                             {"engineering-pack", {4, 0, 1, 0}},
                             {"product-management-pack", {3, 0, 1, 0}},
                             {"qa-testing-pack", {3, 0, 1, 0}},
                             {"sales-crm-pack", {4, 0, 1, 0}},
                             {"smb-complete", {31, 30, 1, 0}},
                             {"web-search-plus", {2, 2, 1, 0}},
                         });
  for (const TierFindings::Entry& pack : found.packs) CHECK_FALSE(pack.fault);
}

TEST_CASE("samples: every pack of the three tiers loads, and no two are in each other's way") {
  const auto samples = source_directory / "sample-packs";
  const std::vector<TierRoot> roots{{Scope::builtin, (samples / "builtin").string(), true},
                                    {Scope::organization, (samples / "organization").string(), true},
                                    {Scope::user, (samples / "user").string(), true}};
  const auto source = loaders::make_directory_pack_source(make_real_disk());
  auto found = source->scan(roots, nullptr);
  for (const TierFindings& tier : found) {
    INFO(tier.root.path);
    CHECK(shown(tier) == std::vector<std::string>{});
    CHECK_FALSE(tier.packs.empty());
    for (const TierFindings::Entry& entry : tier.packs) {
      const PackRecord& pack = *entry.record;
      INFO(pack.name());
      CHECK_FALSE(entry.fault);
      for (const SkillSummary& skill : pack.manifest.skills) {
        const auto read = source->read_skill(pack, skill.id);
        REQUIRE(read);
        CHECK_FALSE(read->prompt.empty());
      }
    }
  }
  const auto catalog = Catalog::build(std::move(found), nullptr);
  for (const Diagnostic& diagnostic : catalog->diagnostics()) FAIL_CHECK(diagnostic.message);
}
