#include "pack_json.h"

namespace cowork::wire {

using json::Value;

Value to_json(const Diagnostic& diagnostic) {
  Value value = Value::object(
      {{"severity", to_string(diagnostic.severity)}, {"code", diagnostic.code}, {"path", diagnostic.place.file}});
  if (diagnostic.place.line > 0) {
    value.set("line", diagnostic.place.line);
    value.set("column", diagnostic.place.column);
    value.set("pointer", diagnostic.place.pointer);
  }
  value.set("message", diagnostic.message);
  return value;
}

Value to_json(const GetContext::ConnectorEntry& entry) {
  return Value::object({{"id", entry.id},
                        {"name", entry.name},
                        {"icon", entry.icon},
                        {"status", entry.status},
                        {"tools", Value::strings(entry.tools)}});
}

Value to_json(const GetContext::SkillEntry& entry) {
  return Value::object({{"id", entry.id}, {"name", entry.name}, {"icon", entry.icon}, {"packName", entry.pack_name}});
}

Value to_json(const GetContext::Reply& reply) {
  return Value::object({{"connectors", list_of(reply.connectors)},
                        {"skills", list_of(reply.skills)},
                        {"slashCommands", list_of(reply.slash_commands)},
                        {"agentRoles", list_of(reply.agent_roles)}});
}

Value to_json(const TierStatus& tier) {
  Value value = Value::object({{"scope", to_string(tier.scope)},
                               {"path", tier.path},
                               {"trusted", tier.trusted},
                               {"packs", static_cast<std::uint64_t>(tier.packs)}});
  if (!tier.trusted) set_text(value, "untrustedReason", tier.untrusted_reason);
  if (!tier.readable) value.set("readable", false);
  return value;
}

Value to_json(const GetStatus::Counts& counts) {
  const auto number = [](std::size_t n) { return Value(static_cast<std::uint64_t>(n)); };
  return Value::object({{"packs", number(counts.packs)},
                        {"active", number(counts.active)},
                        {"discovered", number(counts.discovered)},
                        {"disabled", number(counts.disabled)},
                        {"quarantined", number(counts.quarantined)},
                        {"error", number(counts.error)},
                        {"policyBlocked", number(counts.policy_blocked)},
                        {"policyRequired", number(counts.policy_required)}});
}

Value to_json(const GetStatus::Reply& reply) {
  return Value::object({{"version", reply.version},
                        {"home", reply.home},
                        {"tiers", list_of(reply.tiers)},
                        {"layers", reply.layers},
                        {"counts", to_json(reply.counts)},
                        {"diagnostics", list_of(reply.diagnostics)}});
}

Value to_json(const Rescan::Reply& reply) {
  return Value::object({{"added", Value::strings(reply.added)},
                        {"removed", Value::strings(reply.removed)},
                        {"changed", Value::strings(reply.changed)},
                        {"diagnostics", list_of(reply.diagnostics)}});
}

Value to_json(const DescribeChain::Reply& reply) {
  Value list = Value::array();
  for (const DescribeChain::Member& member : reply) {
    list.push_back(Value::object({{"name", member.name},
                                  {"phase", to_string(member.phase)},
                                  {"operations", Value::strings(member.operations)},
                                  {"source", member.source}}));
  }
  return list;
}

}  // namespace cowork::wire
