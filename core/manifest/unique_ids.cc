#include <fmt/format.h>

#include <unordered_map>

#include "contributions.h"
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

}  // namespace

Result<void> check_unique_ids(const Reader& reader, json::Element document) {
  const Node root(document);
  COWORK_TRY(check(reader, root, "skill id", {{"skills", "id"}, {"skillDirectories", "id"}}));
  COWORK_TRY(check(reader, root, "slash command", {{"slashCommands", "name"}}));
  COWORK_TRY(check(reader, root, "agent role", {{"agentRoles", "name"}}));
  return check(reader, root, "connector", {{"connectors", "name"}});
}

}  // namespace cowork::manifest
