#include "pack_json.h"

#include "../host_pack_table.h"

namespace cowork::wire {

using json::Value;

void set_text(Value& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object.set(key, text);
}

Value to_json(const SlashCommand& command) {
  return Value::object({{"name", command.name}, {"description", command.description}, {"skillId", command.skill_id}});
}

Value to_json(const AgentRole& role) {
  Value value = Value::object({{"name", role.name}, {"displayName", role.display_name}});
  set_text(value, "description", role.description);
  value.set("icon", role.icon);
  value.set("color", role.color);
  return value;
}

namespace {

Value summary_of(const Pack& pack, const Skill& skill) {
  Value value = Value::object({{"id", skill.id}, {"name", skill.name}, {"description", skill.description}});
  set_text(value, "icon", skill.icon);
  value.set("enabled", pack.skill_enabled(skill));
  return value;
}

Value source_of(const LockRecord& record) {
  Value value = Value::object({{"kind", record.source_kind}, {"location", masked_address(record.source)}});
  set_text(value, "ref", record.ref);
  set_text(value, "commit", record.commit);
  set_text(value, "sha256", record.sha256);
  value.set("treeSha256", record.tree_sha256);
  value.set("installedAt", record.installed_at);
  return value;
}

void add_record(Value& value, const LockRecord& record) {
  value.set("source", source_of(record));
  if (record.scan) value.set("scan", cowork::to_json(*record.scan));
}

void add_identity(Value& value, const Pack& pack) {
  const PackManifest& manifest = pack.manifest();
  value.set("name", manifest.name);
  value.set("displayName", manifest.display_name);
  value.set("version", manifest.version);
  value.set("description", manifest.description);
  value.set("type", to_string(manifest.type));
  set_text(value, "icon", manifest.icon);
  set_text(value, "category", manifest.category);
  set_text(value, "author", manifest.author);
  value.set("scope", to_string(pack.scope()));
  value.set("path", pack.record().path);
  value.set("alias", pack.record().alias);
  set_text(value, "personaTemplateId", manifest.persona_template_id);
}

void add_contributions(Value& value, const Pack& pack) {
  const PackManifest& manifest = pack.manifest();
  value.set("recommendedConnectors", Value::strings(manifest.recommended_connectors));
  value.set("tryAsking", Value::strings(manifest.try_asking));
  value.set("bestFitWorkflows", Value::strings(manifest.best_fit_workflows));
  value.set("outcomeExamples", manifest.outcome_examples.is_array() ? manifest.outcome_examples : Value::array());
  Value skills = Value::array();
  for (const Skill& skill : manifest.skills) skills.push_back(summary_of(pack, skill));
  value.set("skills", std::move(skills));
  value.set("slashCommands", list_of(manifest.slash_commands));
  value.set("agentRoles", list_of(manifest.agent_roles));
  Value connectors = Value::array();
  for (const Connector& connector : manifest.connectors) {
    connectors.push_back(Value::object({{"name", connector.name},
                                        {"description", connector.description},
                                        {"type", to_string(connector.type)},
                                        {"policyBlocked", pack.connector_blocked(connector.name)}}));
  }
  value.set("connectors", std::move(connectors));
  if (!manifest.main.empty()) {
    value.set("native", true);
    value.set("isolated", runs_isolated(pack));
  }
  if (!pack.flags().tools.empty()) value.set("tools", list_of(pack.flags().tools));
}

}  // namespace

Value to_json(const Pack& pack) {
  Value value = Value::object();
  add_identity(value, pack);
  add_contributions(value, pack);
  if (const LockRecord* record = pack.scope() == Scope::user ? pack.lock_record() : nullptr) add_record(value, *record);
  const PackFlags& flags = pack.flags();
  value.set("state", to_string(flags.state));
  value.set("enabled", flags.enabled);
  value.set("policyBlocked", flags.policy_blocked);
  value.set("policyRequired", flags.policy_required);
  set_text(value, "policyReason", flags.policy_reason);
  set_text(value, "error", flags.error);
  return value;
}

Value to_json(const Skill& skill) {
  Value value = Value::object({{"id", skill.id}, {"name", skill.name}, {"description", skill.description}});
  set_text(value, "icon", skill.icon);
  set_text(value, "category", skill.category);
  Value parameters = Value::array();
  for (const SkillParameter& parameter : skill.parameters) {
    Value entry = Value::object({{"name", parameter.name}, {"type", parameter.type}});
    set_text(entry, "description", parameter.description);
    entry.set("required", parameter.required);
    if (parameter.default_value) entry.set("default", *parameter.default_value);
    parameters.push_back(std::move(entry));
  }
  value.set("parameters", std::move(parameters));
  value.set("enabled", skill.enabled);
  value.set("prompt", skill.prompt);
  return value;
}

Value to_json(const InstallReply& reply) {
  const PackManifest& manifest = reply.manifest;
  Value short_manifest = Value::object({{"name", manifest.name},
                                        {"displayName", manifest.display_name},
                                        {"version", manifest.version},
                                        {"description", manifest.description},
                                        {"type", to_string(manifest.type)}});
  set_text(short_manifest, "author", manifest.author);
  set_text(short_manifest, "license", manifest.license);
  Value value = Value::object({{"success", true},
                               {"packName", reply.pack_name},
                               {"path", reply.path},
                               {"manifest", std::move(short_manifest)},
                               {"skillCount", static_cast<std::uint64_t>(reply.skill_count)},
                               {"agentCount", static_cast<std::uint64_t>(reply.agent_count)},
                               {"sha256", reply.sha256},
                               {"treeSha256", reply.tree_sha256}});
  if (reply.scan) value.set("scan", cowork::to_json(*reply.scan));
  return value;
}

Value to_json(const ListQuarantine::Entry& entry) {
  return Value::object({{"name", entry.name}, {"path", entry.path}, {"report", cowork::to_json(*entry.report)}});
}

Value to_json(const ToolSummary& tool) {
  Value value = Value::object({{"name", tool.name}, {"description", tool.description}});
  if (!tool.input_schema.is_null()) value.set("inputSchema", tool.input_schema);
  return value;
}

Value to_json(const UpdatePack::Reply& reply) {
  Value value = to_json(reply.installed);
  value.set("previousVersion", reply.previous_version);
  value.set("changed", reply.changed);
  return value;
}

Value to_json(const VerifyPacks::Entry& entry) {
  Value value = Value::object({{"name", entry.name}, {"verified", entry.verified}, {"expected", entry.expected}});
  set_text(value, "found", entry.found);
  set_text(value, "problem", entry.problem);
  return value;
}

Value to_json(const VerifyPacks::Reply& reply) {
  bool verified = true;
  for (const VerifyPacks::Entry& entry : reply) verified = verified && entry.verified;
  return Value::object({{"verified", verified}, {"packs", list_of(reply)}});
}

void append_text(const Pack& pack, std::string& text) {
  const PackTable& table = pack.table();
  text += table.texts.of(pack.index(), table.catalog->size(), [&] { return json::to_text(to_json(pack)); });
}

void append_text(const PackList& packs, std::string& text) {
  constexpr std::size_t usual_pack = 2048;
  text.reserve(text.size() + packs.size() * usual_pack);
  text += '[';
  for (std::size_t i = 0; i < packs.size(); ++i) {
    if (i > 0) text += ',';
    append_text(packs[i], text);
  }
  text += ']';
}

}  // namespace cowork::wire
