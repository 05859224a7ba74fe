#include <unordered_set>

#include "../handlers.h"

namespace cowork::handlers {
namespace {

/// Ids that are taken already; of two packs that claim one, the higher tier's comes first in the catalog and wins.
struct Taken {
  std::unordered_set<std::string> connectors, skills, commands, roles;
};

void add_pack(const Pack& pack, Taken& taken, GetContext::Reply& reply) {
  const PackManifest& manifest = pack.manifest();
  for (const Connector& connector : manifest.connectors) {
    if (!taken.connectors.insert(connector.name).second) continue;
    const bool blocked = pack.connector_blocked(connector.name);
    reply.connectors.push_back(
        {connector.name, connector.name, manifest.icon, blocked ? "blocked" : "available", {connector.name}});
  }
  std::unordered_set<std::string> switched_off;
  for (const Skill& skill : manifest.skills) {
    if (!pack.skill_enabled(skill)) {
      switched_off.insert(skill.id);
    } else if (taken.skills.insert(skill.id).second) {
      reply.skills.push_back({skill.id, skill.name, skill.icon, pack.name()});
    }
  }
  for (const SlashCommand& command : manifest.slash_commands) {
    if (switched_off.contains(command.skill_id)) continue;
    if (taken.commands.insert(command.name).second) reply.slash_commands.push_back(command);
  }
  for (const AgentRole& role : manifest.agent_roles) {
    if (taken.roles.insert(role.name).second) reply.agent_roles.push_back(role);
  }
}

}  // namespace

Result<GetContext::Reply> get_context(HostImpl& host, Admitted<GetContext>& admitted) {
  GetContext::Reply reply;
  Taken taken;
  for (const Pack pack : PackList(host.table_of(admitted.snapshot_ptr()))) {
    if (pack.state() == PackState::active) add_pack(pack, taken, reply);
  }
  return reply;
}

}  // namespace cowork::handlers
