#include "duplicate_contributions.h"

#include <fmt/format.h>

#include <string_view>

#include "cowork/base/text.h"

namespace cowork {
namespace {

/// The claims of one kind.
class Claims {
 public:
  explicit Claims(std::string_view kind, std::size_t count) : kind_(kind) {
    claims_.reserve(count);
    index_.start(count);
  }

  /// `pointer()` says where.
  template <class Pointer>
  void claim(std::string_view id, const PackRecord& pack, Pointer pointer, std::vector<Diagnostic>& diagnostics) {
    claims_.push_back({id, &pack});
    const auto first = index_.add(id, static_cast<std::uint32_t>(claims_.size() - 1),
                                  [this](std::size_t index) { return claims_[index].id; });
    if (!first) return;
    const PackRecord& owner = *claims_[*first].pack;
    diagnostics.push_back({Severity::warning, std::string(duplicate_contribution),
                           fmt::format("{} {} belongs to pack {} of the {} tier; that of pack {} is out", kind_,
                                       quoted(id), quoted(owner.name()), to_string(owner.scope), quoted(pack.name())),
                           SourcePlace{fmt::format("{}/{}", pack.path(), manifest_file_name), 0, 0, pointer()}});
  }

 private:
  struct Claim {
    std::string_view id;
    const PackRecord* pack;
  };
  std::string_view kind_;
  std::vector<Claim> claims_;
  FlatIndex index_;
};

}  // namespace

std::vector<Diagnostic> duplicate_contributions(const std::vector<const PackRecord*>& packs) {
  std::size_t skill_count = 0, command_count = 0;
  for (const PackRecord* pack : packs) {
    skill_count += pack->manifest.skills.size();
    command_count += pack->manifest.slash_commands.size();
  }
  Claims skills("skill", skill_count);
  Claims commands("slash command", command_count);
  std::vector<Diagnostic> diagnostics;
  for (const PackRecord* pack : packs) {
    const PackSummary& manifest = pack->manifest;
    for (std::size_t i = 0; i < manifest.skills.size(); ++i) {
      // Inline skills come first; where in the manifest the directory of another stands is not known here.
      const SkillSummary& skill = manifest.skills[i];
      skills.claim(
          skill.id, *pack, [&] { return skill.file.empty() ? fmt::format("/skills/{}/id", i) : std::string(); },
          diagnostics);
    }
    for (std::size_t i = 0; i < manifest.slash_commands.size(); ++i) {
      commands.claim(
          manifest.slash_commands[i].name, *pack, [&] { return fmt::format("/slashCommands/{}/name", i); },
          diagnostics);
    }
  }
  return diagnostics;
}

}  // namespace cowork
