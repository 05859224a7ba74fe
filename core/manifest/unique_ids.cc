#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "contributions.h"
#include "cowork/base/flat_index.h"
#include "cowork/base/text.h"

namespace cowork::manifest {
namespace {

struct IdMember {
  std::string_view array;
  std::string_view member;
};

struct Place {
  std::string_view array;
  std::size_t index;
  std::string_view member;
};

/// Where each id stands for the first time.
using Seen = std::unordered_map<std::string_view, Place>;

Result<void> add_ids(const Reader& reader, const Node& root, const IdMember& where, std::string_view what, Seen& seen) {
  const auto entries = root.value().find(where.array);
  if (!entries) return {};
  const Node array(*entries, root, where.array);
  std::size_t index = 0;
  for (const json::Element item : entries->items()) {
    const Node entry(item, array, index++);
    const Node node(*entry.value().find(where.member), entry, where.member);
    const std::string_view id = *node.value().as_string();
    const auto [first, added] = seen.try_emplace(id, Place{where.array, index - 1, where.member});
    if (!added) {
      return reader.refuse(node, fmt::format("duplicate {} {}, first used at /{}/{}/{}", what, quoted(id),
                                             first->second.array, first->second.index, first->second.member));
    }
  }
  return {};
}

Result<void> check(const Reader& reader, const Node& root, std::string_view what,
                   std::initializer_list<IdMember> places) {
  Seen seen;
  for (const IdMember& where : places) COWORK_TRY(add_ids(reader, root, where, what, seen));
  return {};
}

/// Whether an id comes twice, and so has to be found in the document.
class Ids {
 public:
  explicit Ids(std::size_t count) { ids_.reserve(count); }

  template <class Entry>
  Ids& add(const std::vector<Entry>& entries, std::string Entry::*id) {
    for (const Entry& entry : entries) ids_.emplace_back(entry.*id);
    return *this;
  }

  bool repeat() const {
    constexpr std::size_t few = 8;
    if (ids_.size() > few) return repeat_among_many();
    for (auto id = ids_.begin(); id != ids_.end(); ++id)
      if (std::find(ids_.begin(), id, *id) != id) return true;
    return false;
  }

 private:
  bool repeat_among_many() const {
    FlatIndex index;
    index.start(ids_.size());
    const auto text_at = [this](std::size_t position) { return ids_[position]; };
    for (std::size_t i = 0; i < ids_.size(); ++i)
      if (index.add(ids_[i], static_cast<std::uint32_t>(i), text_at)) return true;
    return false;
  }

  std::vector<std::string_view> ids_;
};

template <class Entry>
bool repeats(const std::vector<Entry>& entries, std::string Entry::*id) {
  return entries.size() > 1 && Ids(entries.size()).add(entries, id).repeat();
}

bool skill_ids_repeat(const PackManifest& manifest) {
  if (manifest.skill_directories.empty()) return repeats(manifest.skills, &Skill::id);
  return Ids(manifest.skills.size() + manifest.skill_directories.size())
      .add(manifest.skills, &Skill::id)
      .add(manifest.skill_directories, &SkillDirectory::id)
      .repeat();
}

}  // namespace

Result<void> check_unique_ids(const Reader& reader, json::Element document, const PackManifest& manifest) {
  const Node root(document);
  if (skill_ids_repeat(manifest))
    COWORK_TRY(check(reader, root, "skill id", {{"skills", "id"}, {"skillDirectories", "id"}}));
  if (repeats(manifest.slash_commands, &SlashCommand::name))
    COWORK_TRY(check(reader, root, "slash command", {{"slashCommands", "name"}}));
  if (repeats(manifest.agent_roles, &AgentRole::name))
    COWORK_TRY(check(reader, root, "agent role", {{"agentRoles", "name"}}));
  if (repeats(manifest.connectors, &Connector::name))
    COWORK_TRY(check(reader, root, "connector", {{"connectors", "name"}}));
  return {};
}

}  // namespace cowork::manifest
