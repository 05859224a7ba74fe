#include "pack_json.h"

#include "../host_pack_table.h"
#include "cowork/base/json_writer.h"

namespace cowork::wire {

using json::Key;
using json::Value;

void set_text(Value& object, std::string_view key, std::string_view text) {
  if (!text.empty()) object.set(key, Value(text));
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

/// The shape of a pack (SPEC §7), for a json::Writer or a json::ValueWriter.
template <class Json>
class PackShape {
 public:
  PackShape(Json& json, const Pack& pack) : json_(json), pack_(pack), manifest_(pack.manifest()) {}

  void write() {
    json_.begin_object();
    identity();
    contributions();
    if (const LockRecord* record = pack_.scope() == Scope::user ? pack_.lock_record() : nullptr) origin(*record);
    const PackFlags& flags = pack_.flags();
    text("state", to_string(flags.state));
    flag("enabled", flags.enabled);
    flag("policyBlocked", flags.policy_blocked);
    flag("policyRequired", flags.policy_required);
    text_unless_empty("policyReason", flags.policy_reason);
    text_unless_empty("error", flags.error);
    json_.end_object();
  }

 private:
  void text(const Key& key, std::string_view text) {
    json_.key(key);
    json_.string(text);
  }
  void text_unless_empty(const Key& key, std::string_view text) {
    if (!text.empty()) this->text(key, text);
  }
  void flag(const Key& key, bool value) {
    json_.key(key);
    json_.boolean(value);
  }
  void texts(const Key& key, const CompactList<CompactText>& texts) {
    json_.key(key);
    json_.begin_array();
    for (const CompactText& text : texts) json_.string(text);
    json_.end_array();
  }
  template <class List, class Write>
  void objects(const Key& key, const List& list, Write write) {
    json_.key(key);
    json_.begin_array();
    for (const auto& entry : list) {
      json_.begin_object();
      write(entry);
      json_.end_object();
    }
    json_.end_array();
  }

  void identity() {
    text("name", manifest_.name);
    text("displayName", manifest_.display_name);
    text("version", manifest_.version);
    text("description", manifest_.description);
    text("type", to_string(manifest_.type));
    text_unless_empty("icon", manifest_.icon);
    text_unless_empty("category", manifest_.category);
    text_unless_empty("author", manifest_.author);
    text("scope", to_string(pack_.scope()));
    json_.key(Key("path"));
    json_.string({*pack_.record().tier_path, "/", pack_.record().alias});
    text("alias", pack_.record().alias);
    text_unless_empty("personaTemplateId", manifest_.persona_template_id);
  }

  void contributions() {
    texts("recommendedConnectors", manifest_.recommended_connectors);
    texts("tryAsking", manifest_.try_asking);
    texts("bestFitWorkflows", manifest_.best_fit_workflows);
    json_.key(Key("outcomeExamples"));
    json_.raw(manifest_.outcome_examples.empty() ? "[]" : manifest_.outcome_examples.view());
    objects("skills", manifest_.skills, [this](const SkillSummary& skill) {
      text("id", skill.id);
      text("name", skill.name);
      text("description", skill.description);
      text_unless_empty("icon", skill.icon);
      flag("enabled", pack_.skill_enabled(skill));
    });
    objects("slashCommands", manifest_.slash_commands, [this](const SlashCommandSummary& command) {
      text("name", command.name);
      text("description", command.description);
      text("skillId", command.skill_id);
    });
    objects("agentRoles", manifest_.agent_roles, [this](const AgentRoleSummary& role) {
      text("name", role.name);
      text("displayName", role.display_name);
      text_unless_empty("description", role.description);
      text("icon", role.icon);
      text("color", role.color);
    });
    objects("connectors", manifest_.connectors, [this](const ConnectorSummary& connector) {
      text("name", connector.name);
      text("description", connector.description);
      text("type", to_string(connector.type));
      flag("policyBlocked", pack_.connector_blocked(connector.name));
    });
    native();
  }

  void native() {
    if (!manifest_.main.empty()) {
      flag("native", true);
      flag("isolated", runs_isolated(pack_));
    }
    if (pack_.flags().tools().empty()) return;
    json_.key(Key("tools"));
    json_.value(list_of(pack_.flags().tools()));
  }

  void origin(const LockRecord& record) {
    json_.key(Key("source"));
    json_.begin_object();
    text("kind", record.source_kind);
    text("location", masked_address(record.source));
    text_unless_empty("ref", record.ref);
    text_unless_empty("commit", record.commit);
    text_unless_empty("sha256", record.sha256);
    text("treeSha256", record.tree_sha256);
    text("installedAt", record.installed_at);
    json_.end_object();
    if (!record.scan) return;
    json_.key(Key("scan"));
    json_.value(cowork::to_json(*record.scan));
  }

  Json& json_;
  const Pack& pack_;
  const PackSummary& manifest_;
};

}  // namespace

Value to_json(const Pack& pack) {
  json::ValueWriter json;
  PackShape(json, pack).write();
  return json.take();
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
  json::Writer json(text);
  PackShape(json, pack).write();
}

void append_text(const PackList& packs, std::string& text) {
  json::Writer json(text);
  json.begin_array();
  for (const Pack pack : packs) PackShape(json, pack).write();
  json.end_array();
}

}  // namespace cowork::wire
