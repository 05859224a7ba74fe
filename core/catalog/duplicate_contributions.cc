#include "duplicate_contributions.h"

#include <fmt/format.h>

#include <string_view>
#include <unordered_map>

#include "cowork/base/text.h"

namespace cowork {
namespace {

/// The claims of one kind.
class Claims {
 public:
  explicit Claims(std::string_view kind) : kind_(kind) {}

  void claim(std::string_view id, const PackRecord& pack, std::string pointer, std::vector<Diagnostic>& diagnostics) {
    const auto [first, added] = owners_.try_emplace(id, &pack);
    if (added) return;
    const PackRecord& owner = *first->second;
    diagnostics.push_back({Severity::warning, "duplicate-contribution",
                           fmt::format("{} {} belongs to pack {} of the {} tier; that of pack {} is out", kind_,
                                       quoted(id), quoted(owner.name()), to_string(owner.scope), quoted(pack.name())),
                           SourcePlace{fmt::format("{}/{}", pack.path, manifest_file_name), 0, 0, std::move(pointer)}});
  }

 private:
  std::string_view kind_;
  std::unordered_map<std::string_view, const PackRecord*> owners_;
};

}  // namespace

std::vector<Diagnostic> duplicate_contributions(const std::vector<PackRecord>& packs) {
  Claims skills("skill");
  Claims commands("slash command");
  std::vector<Diagnostic> diagnostics;
  for (const PackRecord& pack : packs) {
    const PackManifest& manifest = pack.manifest;
    for (std::size_t i = 0; i < manifest.skills.size(); ++i) {
      // Inline skills come first; where in the manifest the directory of another stands is not known here.
      std::string pointer = manifest.skills[i].file.empty() ? fmt::format("/skills/{}/id", i) : std::string();
      skills.claim(manifest.skills[i].id, pack, std::move(pointer), diagnostics);
    }
    for (std::size_t i = 0; i < manifest.slash_commands.size(); ++i) {
      commands.claim(manifest.slash_commands[i].name, pack, fmt::format("/slashCommands/{}/name", i), diagnostics);
    }
  }
  return diagnostics;
}

}  // namespace cowork
