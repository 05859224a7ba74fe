#include "cowork/base/text.h"
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

namespace {

Value to_json(const ParameterDescription& parameter) {
  return Value::object({{"name", parameter.name},
                        {"type", parameter.type},
                        {"required", parameter.required},
                        {"meaning", parameter.meaning}});
}

Value to_json(const CallTrace& trace) {
  Value steps = Value::array();
  for (const CallTrace::Step& step : trace.steps) {
    steps.push_back(Value::object(
        {{"name", step.name}, {"phase", step.phase}, {"micros", static_cast<double>(step.time.count()) / 1000.0}}));
  }
  Value value = Value::object({{"operation", trace.operation},
                               {"id", trace.id},
                               {"finishedAt", utc_timestamp(trace.finished_at_ms)},
                               {"ok", !trace.code.has_value()}});
  if (trace.code) value.set("code", to_string(*trace.code));
  value.set("steps", std::move(steps));
  return value;
}

std::string_view word_of(Pace pace) {
  switch (pace) {
    case Pace::memory:
      return "memory";
    case Pace::disk:
      return "disk";
    case Pace::unbounded:
      return "unbounded";
  }
  return "disk";
}

}  // namespace

Value to_json(const DescribeOperations::Reply& reply) {
  Value list = Value::array();
  for (const DescribeOperations::Entry& entry : reply) {
    Value parameters = Value::array();
    for (const ParameterDescription& parameter : entry.description.parameters) parameters.push_back(to_json(parameter));
    list.push_back(Value::object({{"name", entry.info.name},
                                  {"effect", entry.info.effect == Effect::mutate ? "mutate" : "read"},
                                  {"pace", word_of(entry.info.pace)},
                                  {"summary", entry.description.summary},
                                  {"parameters", std::move(parameters)},
                                  {"result", entry.description.result}}));
  }
  return list;
}

Value to_json(const TraceCalls::Reply& reply) {
  return Value::object({{"enabled", reply.enabled}, {"last", reply.last ? to_json(*reply.last) : Value()}});
}

}  // namespace cowork::wire
