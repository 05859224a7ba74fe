#include "skill_directories.h"

#include <fmt/format.h>

#include <map>

#include "cowork/base/text.h"
#include "cowork/loaders/pack_tree.h"
#include "cowork/loaders/skill_file.h"

namespace cowork::loaders {
namespace {

PackRefusal invalid(Error error, const PackManifest& manifest) {
  return {"invalid-manifest", Severity::error, std::move(error), manifest.name};
}

PackRefusal unreadable(const FileProblem& problem, const SkillDirectory& entry, const PackManifest& manifest) {
  switch (problem.kind) {
    case FileProblem::Kind::link: {
      PackRefusal refusal = refuse_link(problem.path);
      refusal.name = manifest.name;
      return refusal;
    }
    case FileProblem::Kind::missing:
      return invalid(Error::invalid_manifest(fmt::format("no SKILL.md in {}", quoted(entry.path)), entry.place),
                     manifest);
    case FileProblem::Kind::wrong_kind:
    case FileProblem::Kind::too_large:
      return invalid(Error::invalid_manifest(problem.message, SourcePlace{problem.path, 0, 0, {}}), manifest);
    case FileProblem::Kind::failed:
      break;
  }
  return invalid(Error::io(problem.message).with_place(SourcePlace{problem.path, 0, 0, {}}), manifest);
}

Skill to_skill(const SkillDirectory& entry, SkillFile text, std::string file, const ContentHash& hash) {
  Skill skill;
  skill.id = entry.id;
  skill.name = entry.name.empty() ? std::move(text.name) : entry.name;
  skill.description = entry.description.empty() ? std::move(text.description) : entry.description;
  skill.icon = entry.icon;
  skill.category = entry.category;
  skill.prompt = std::move(text.prompt);
  skill.enabled = entry.enabled;
  skill.file = std::move(file);
  skill.file_hash = hash;
  return skill;
}

}  // namespace

tl::expected<void, PackRefusal> read_skill_directories(const PackFiles& files, PackManifest& manifest) {
  std::size_t bytes = 0;
  std::map<std::string, std::pair<SkillFile, ContentHash>> parsed;  // by path: many entries may name one file
  for (const SkillDirectory& entry : manifest.skill_directories) {
    std::string path = join_path(entry.path, skill_file_name);
    auto text = files.read(path, max_skill_file_bytes);
    if (!text) return tl::unexpected(unreadable(text.error(), entry, manifest));
    bytes += text->size();
    if (bytes > max_skill_bytes_of_pack) {
      return tl::unexpected(invalid(
          Error::invalid_manifest(
              fmt::format("the SKILL.md files of a pack hold at most {} bytes", max_skill_bytes_of_pack), entry.place),
          manifest));
    }
    const ContentHash hash = content_hash(*text);
    auto known = parsed.find(path);
    if (known == parsed.end() || known->second.second != hash) {
      auto skill = parse_skill_file(*text, files.shown(path));
      if (!skill) return tl::unexpected(invalid(std::move(skill).error(), manifest));
      known = parsed.insert_or_assign(path, std::pair(*std::move(skill), hash)).first;
    }
    manifest.skills.push_back(to_skill(entry, known->second.first, std::move(path), hash));
  }
  return {};
}

}  // namespace cowork::loaders
