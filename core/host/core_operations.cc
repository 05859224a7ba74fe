// The table of core's operations: handler, how its parameters are read, how its reply is written.
#include "json/pack_json.h"
#include "registration.h"

namespace cowork {
namespace {

using json::Value;
using namespace registration;

Result<InstallOptions> read_install_options(const Value* object) {
  InstallOptions options;
  if (!object) return options;
  Parameters reader(*object, {"ref", "sha256", "enable", "replace", "allowDowngrade", "name"});
  options.ref = reader.optional_string("ref");
  options.sha256 = reader.optional_string("sha256");
  if (object->find("enable")) options.enable = reader.boolean("enable");
  options.replace = reader.optional_boolean("replace", false);
  options.name = reader.optional_string("name");
  options.allow_downgrade = reader.optional_boolean("allowDowngrade", false);
  COWORK_TRY(reader.finish());
  return options;
}

template <Operation Op>
std::function<Result<Op>(const Value&)> install_of(std::string_view where) {
  return [where](const Value& params) -> Result<Op> {
    Parameters reader(params, {where, "options"});
    Op request{reader.string(where), {}};
    const Value* options = reader.optional_object("options");
    COWORK_TRY(reader.finish());
    COWORK_ASSIGN(request.options, read_install_options(options));
    return request;
  };
}

Result<ScaffoldPack> read_scaffold(const Value& params) {
  Parameters outer(params, {"options"});
  const Value& object = outer.object("options");
  COWORK_TRY(outer.finish());
  Parameters reader(object, {"name", "displayName", "description", "category", "icon", "author", "personaTemplateId",
                             "kind", "into"});
  ScaffoldPack request;
  request.name = reader.string("name");
  request.display_name = reader.string("displayName");
  request.description = reader.optional_string("description");
  request.category = reader.optional_string("category");
  request.icon = reader.optional_string("icon");
  request.author = reader.optional_string("author");
  request.persona_template_id = reader.optional_string("personaTemplateId");
  request.kind = reader.optional_string("kind", "declarative");
  request.into = reader.optional_string("into");
  COWORK_TRY(reader.finish());
  return request;
}

void add_pack_operations(Operations& operations) {
  add<ListPacks>(
      operations, handlers::list_packs, no_parameters<ListPacks>,
      [](const PackList& packs) { return wire::list_of(packs); },
      [](const PackList& packs, std::string& text) { wire::append_text(packs, text); });
  add<GetPack>(
      operations, handlers::get_pack, one_string<GetPack>("name"),
      [](const std::optional<Pack>& pack) { return pack ? wire::to_json(*pack) : Value(); },
      [](const std::optional<Pack>& pack, std::string& text) {
        if (pack)
          wire::append_text(*pack, text);
        else
          text += "null";
      });
  add<TogglePack>(
      operations, handlers::toggle_pack,
      [](const Value& params) -> Result<TogglePack> {
        Parameters reader(params, {"name", "enabled"});
        TogglePack request{reader.string("name"), reader.boolean("enabled")};
        COWORK_TRY(reader.finish());
        return request;
      },
      [](const TogglePack::Reply& reply) {
        return Value::object({{"success", true}, {"name", reply.name}, {"enabled", reply.enabled}});
      });
  add<ToggleSkill>(
      operations, handlers::toggle_skill,
      [](const Value& params) -> Result<ToggleSkill> {
        Parameters reader(params, {"packName", "skillId", "enabled"});
        ToggleSkill request{reader.string("packName"), reader.string("skillId"), reader.boolean("enabled")};
        COWORK_TRY(reader.finish());
        return request;
      },
      [](const ToggleSkill::Reply& reply) {
        return Value::object({{"success", true},
                              {"packName", reply.pack_name},
                              {"skillId", reply.skill_id},
                              {"enabled", reply.enabled}});
      });
  add<UninstallPack>(
      operations, handlers::uninstall_pack,
      [](const Value& params) -> Result<UninstallPack> {
        Parameters reader(params, {"packName", "options"});
        UninstallPack request{reader.string("packName")};
        const Value* options = reader.optional_object("options");
        COWORK_TRY(reader.finish());
        if (options) COWORK_TRY(Parameters(*options, {}).finish());
        return request;
      },
      [](const UninstallPack::Reply& reply) {
        return Value::object({{"success", true}, {"packName", reply.pack_name}});
      });
}

void add_install_operations(Operations& operations) {
  const auto write_install = [](const InstallReply& reply) { return wire::to_json(reply); };
  add<InstallPack>(operations, handlers::install_pack, install_of<InstallPack>("path"), write_install);
  add<InstallPackFromGit>(operations, handlers::install_from_git, install_of<InstallPackFromGit>("url"), write_install);
  add<InstallPackFromUrl>(operations, handlers::install_from_url, install_of<InstallPackFromUrl>("url"), write_install);
  add<ScaffoldPack>(operations, handlers::scaffold_pack, read_scaffold, [](const ScaffoldPack::Reply& reply) {
    return Value::object(
        {{"success", true}, {"path", reply.path}, {"filesCreated", Value::strings(reply.files_created)}});
  });
}

void add_installed_operations(Operations& operations) {
  add<UpdatePack>(
      operations, handlers::update_pack,
      [](const Value& params) -> Result<UpdatePack> {
        Parameters reader(params, {"packName", "options"});
        UpdatePack request{reader.string("packName"), {}};
        const Value* options = reader.optional_object("options");
        COWORK_TRY(reader.finish());
        COWORK_ASSIGN(request.options, read_install_options(options));
        return request;
      },
      [](const UpdatePack::Reply& reply) { return wire::to_json(reply); });
  add<VerifyPacks>(
      operations, handlers::verify_packs,
      [](const Value& params) -> Result<VerifyPacks> {
        Parameters reader(params, {"packName"});
        VerifyPacks request{reader.optional_string("packName")};
        COWORK_TRY(reader.finish());
        return request;
      },
      [](const VerifyPacks::Reply& reply) { return wire::to_json(reply); });
}

void add_quarantine_operations(Operations& operations) {
  add<ListQuarantine>(operations, handlers::list_quarantine, no_parameters<ListQuarantine>,
                      [](const ListQuarantine::Reply& reply) { return wire::list_of(reply); });
  add<ReleaseQuarantined>(operations, handlers::release_quarantined, one_string<ReleaseQuarantined>("packName"),
                          [](const ReleaseQuarantined::Reply& reply) {
                            return Value::object({{"success", true}, {"packName", reply.pack_name}});
                          });
  add<RemoveQuarantined>(operations, handlers::remove_quarantined, one_string<RemoveQuarantined>("packName"),
                         [](const RemoveQuarantined::Reply& reply) {
                           return Value::object({{"success", true}, {"packName", reply.pack_name}});
                         });
}

void add_contribution_operations(Operations& operations) {
  add<GetContext>(operations, handlers::get_context, no_parameters<GetContext>,
                  [](const GetContext::Reply& reply) { return wire::to_json(reply); });
  add<GetSkill>(operations, handlers::get_skill, one_string<GetSkill>("skillId"), [](const GetSkill::Reply& reply) {
    Value value = wire::to_json(reply.skill);
    value.set("packName", reply.pack_name);
    return value;
  });
  add<RenderSkill>(
      operations, handlers::render_skill,
      [](const Value& params) -> Result<RenderSkill> {
        Parameters reader(params, {"skillId", "values"});
        RenderSkill request{reader.string("skillId"), {}};
        if (const Value* values = reader.optional_object("values")) request.values = *values;
        COWORK_TRY(reader.finish());
        return request;
      },
      [](const RenderSkill::Reply& reply) { return Value(reply.prompt); });
  add<CallTool>(
      operations, handlers::call_tool,
      [](const Value& params) -> Result<CallTool> {
        Parameters reader(params, {"packName", "tool", "input"});
        CallTool request{reader.string("packName"), reader.string("tool"), {}};
        if (const Value* input = reader.optional_value("input")) request.input = *input;
        COWORK_TRY(reader.finish());
        return request;
      },
      [](const CallTool::Reply& reply) { return reply.output; });
  add<GetAgentRole>(operations, handlers::get_agent_role, one_string<GetAgentRole>("name"),
                    [](const GetAgentRole::Reply& reply) {
                      Value value = reply.entry;
                      value.set("packName", reply.pack_name);
                      return value;
                    });
  add<GetConnector>(operations, handlers::get_connector, one_string<GetConnector>("name"),
                    [](const GetConnector::Reply& reply) {
                      Value value = reply.entry;
                      value.set("packName", reply.pack_name);
                      value.set("policyBlocked", reply.policy_blocked);
                      return value;
                    });
}

}  // namespace

Operations core_operations() {
  Operations operations;
  add_pack_operations(operations);
  add_install_operations(operations);
  add_installed_operations(operations);
  add_quarantine_operations(operations);
  add_contribution_operations(operations);
  add_host_operations(operations);
  add_registry_operations(operations);
  add_nested<AdmitPack>(operations);
  add_nested<ActivatePack>(operations);
  add_nested<DeactivatePack>(operations);
  return operations;
}

}  // namespace cowork
