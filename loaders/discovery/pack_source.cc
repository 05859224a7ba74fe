#include "cowork/loaders/pack_source.h"

#include <fmt/format.h>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "cowork/loaders/pack_tree.h"
#include "cowork/loaders/skill_file.h"
#include "cowork/loaders/tree_hash.h"
#include "tier_scan.h"

namespace cowork::loaders {
namespace {

Error changed(const std::string& path) {
  return Error(ErrorCode::integrity, fmt::format("{} changed since it was last scanned", quoted(path)))
      .with_place(SourcePlace{path, 0, 0, {}})
      .with_remedy("scan again with host:rescan");
}

class DirectoryPackSource final : public PackSource {
 public:
  explicit DirectoryPackSource(std::shared_ptr<Disk> disk) : disk_(std::move(disk)) {}

  std::vector<TierFindings> scan(const std::vector<TierRoot>& roots, const Catalog* known) override {
    std::vector<TierFindings> findings;
    findings.reserve(roots.size());
    for (const TierRoot& root : roots) findings.push_back(scan_tier(*disk_, root, known));
    return findings;
  }

  Result<ParsedManifest> read_again(const PackRecord& record) override {
    COWORK_ASSIGN(const std::string text,
                  reread(record, manifest_file_name, json::manifest_limits.max_bytes, record.manifest_hash));
    COWORK_ASSIGN(ParsedManifest parsed, parse_manifest(text, join_path(record.path(), manifest_file_name)));
    for (const SkillSummary& skill : record.manifest.skills) {
      if (!skill.file.empty()) parsed.manifest.skills.push_back(skill.skill());
    }
    return parsed;
  }

  Result<Skill> read_skill(const PackRecord& record, std::string_view skill_id) override {
    const SkillSummary* known = record.manifest.find_skill(skill_id);
    if (known == nullptr) return fail(no_such_skill(record, skill_id));
    if (!known->file.empty()) return read_skill_file(record, *known);
    COWORK_ASSIGN(const ParsedManifest parsed, read_again(record));
    const Skill* skill = parsed.manifest.find_skill(skill_id);
    if (skill == nullptr) return fail(no_such_skill(record, skill_id));
    return *skill;
  }

  Result<std::string> tree_sha256(std::string_view path) override {
    const std::size_t slash = path.rfind('/');
    COWORK_ASSIGN(const auto tier, disk_->open(slash == 0 ? "/" : path.substr(0, slash)));
    return loaders::tree_sha256(*tier, path.substr(slash + 1));
  }

 private:
  static Error no_such_skill(const PackRecord& record, std::string_view skill_id) {
    return Error::not_found(fmt::format("pack {} has no skill {}", quoted(record.name()), quoted(skill_id)));
  }

  Result<Skill> read_skill_file(const PackRecord& record, const SkillSummary& known) const {
    COWORK_ASSIGN(const std::string text, reread(record, known.file, max_skill_file_bytes, known.file_hash()));
    COWORK_ASSIGN(SkillFile file, parse_skill_file(text, join_path(record.path(), known.file)));
    Skill skill = known.skill();
    skill.prompt = std::move(file.prompt);
    return skill;
  }

  /// Beneath the tier's root, so that a pack directory that became a link is refused.
  Result<std::string> reread(const PackRecord& record, std::string_view relative, std::size_t max_bytes,
                             const ContentHash& hash) const {
    const std::string path = join_path(record.path(), relative);
    COWORK_ASSIGN(const auto directory, disk_->open(record.tier_path->view()));
    auto text = directory->read(join_path(record.alias, relative), max_bytes);
    if (!text) {
      // Gone, a link, grown out of bounds: it isn't what it was.
      if (text.error().code() != ErrorCode::io) return fail(changed(path).with_why(text.error().message()));
      return fail(std::move(text).error());
    }
    if (content_hash(*text) != hash) return fail(changed(path));
    return *std::move(text);
  }

  std::shared_ptr<Disk> disk_;
};

}  // namespace

std::shared_ptr<PackSource> make_directory_pack_source(std::shared_ptr<Disk> disk) {
  return std::make_shared<DirectoryPackSource>(std::move(disk));
}

}  // namespace cowork::loaders
