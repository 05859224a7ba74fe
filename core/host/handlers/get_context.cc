#include <unordered_set>

#include "../handlers.h"

namespace cowork::handlers {
namespace {

/// Ids that are taken already; of two packs that claim one, the higher tier's comes first in the catalog and wins.
struct Taken {
  std::unordered_set<std::string_view> connectors, skills, commands, roles;
};

AgentRole shown(const AgentRoleSummary& role) {
  AgentRole shown;
  shown.name = role.name.str();
  shown.display_name = role.display_name.str();
  shown.description = role.description.str();
  shown.icon = role.icon.str();
  shown.color = role.color.str();
  return shown;
}

void add_pack(const Pack& pack, Taken& taken, GetContext::Reply& reply) {
  const PackSummary& manifest = pack.manifest();
  for (const ConnectorSummary& connector : manifest.connectors) {
    if (!taken.connectors.insert(connector.name.view()).second) continue;
    const bool blocked = pack.connector_blocked(connector.name);
    reply.connectors.push_back({connector.name.str(),
                                connector.name.str(),
                                manifest.icon.str(),
                                blocked ? "blocked" : "available",
                                {connector.name.str()}});
  }
  std::unordered_set<std::string_view> switched_off;
  for (const SkillSummary& skill : manifest.skills) {
    if (!pack.skill_enabled(skill)) {
      switched_off.insert(skill.id);
    } else if (taken.skills.insert(skill.id.view()).second) {
      reply.skills.push_back({skill.id.str(), skill.name.str(), skill.icon.str(), std::string(pack.name())});
    }
  }
  for (const SlashCommandSummary& command : manifest.slash_commands) {
    if (switched_off.contains(command.skill_id)) continue;
    if (taken.commands.insert(command.name.view()).second)
      reply.slash_commands.push_back({command.name.str(), command.description.str(), command.skill_id.str()});
  }
  for (const AgentRoleSummary& role : manifest.agent_roles) {
    if (taken.roles.insert(role.name.view()).second) reply.agent_roles.push_back(shown(role));
  }
}

}  // namespace

Result<GetContext::Reply> get_context(HostImpl& host, Admitted<GetContext>& admitted) {
  GetContext::Reply reply;
  Taken taken;
  for (const Pack pack : PackList(host.table_of(admitted.snapshot()))) {
    if (pack.state() == PackState::active) add_pack(pack, taken, reply);
  }
  return reply;
}

}  // namespace cowork::handlers
