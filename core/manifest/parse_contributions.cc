#include "contributions.h"

namespace cowork::manifest {
namespace {

using enum Presence;

Result<void> read_default(Reader& reader, const Node& node, SkillParameter& into) {
  const json::Element value = node.value();
  if (value.is_string()) {
    COWORK_ASSIGN(into.default_value, reader.text(node, Text::paragraphs));
    return {};
  }
  if (const auto lexeme = value.number_lexeme()) {
    into.default_value = std::string(*lexeme);
  } else if (const auto flag = value.as_bool()) {
    into.default_value = *flag ? "true" : "false";
  } else {
    return reader.expected(node, "a string, a number or a boolean");
  }
  return {};
}

constexpr Member<SkillParameter> parameter_members[] = {
    {"name", required, &text<&SkillParameter::name, Text::name>},
    {"type", optional, &text<&SkillParameter::type, Text::line>},
    {"description", optional, &text<&SkillParameter::description, Text::paragraphs>},
    {"required", optional, &flag<&SkillParameter::required>},
    {"default", optional, &read_default},
};

Result<void> read_parameter(Reader& reader, const Node& node, SkillParameter& into) {
  return read_members(reader, node, parameter_members, into, Unknown::free);
}

Result<void> read_parameters(Reader& reader, const Node& node, Skill& into) {
  return read_items(reader, node, into.parameters, &read_parameter);
}

constexpr Member<Skill> skill_members[] = {
    {"id", required, &text<&Skill::id, Text::name>},
    {"name", required, &text<&Skill::name, Text::name>},
    {"description", required, &text<&Skill::description, Text::paragraphs>},
    {"icon", optional, &text<&Skill::icon, Text::line>},
    {"category", optional, &text<&Skill::category, Text::line>},
    {"prompt", required, &long_text<&Skill::prompt>},
    {"parameters", optional, &read_parameters},
    {"enabled", optional, &flag<&Skill::enabled>},
};

Result<void> read_skill_path(Reader& reader, const Node& node, SkillDirectory& into) {
  COWORK_ASSIGN(into.path, reader.path(node));
  into.place = reader.place(node);
  return {};
}

constexpr Member<SkillDirectory> skill_directory_members[] = {
    {"id", required, &text<&SkillDirectory::id, Text::name>},
    {"path", required, &read_skill_path},
    {"name", optional, &text<&SkillDirectory::name, Text::line>},
    {"description", optional, &text<&SkillDirectory::description, Text::paragraphs>},
    {"icon", optional, &text<&SkillDirectory::icon, Text::line>},
    {"category", optional, &text<&SkillDirectory::category, Text::line>},
    {"enabled", optional, &flag<&SkillDirectory::enabled>},
};

constexpr Member<SlashCommand> slash_command_members[] = {
    {"name", required, &text<&SlashCommand::name, Text::name>},
    {"description", required, &text<&SlashCommand::description, Text::paragraphs>},
    {"skillId", required, &text<&SlashCommand::skill_id, Text::name>},
};

constexpr Member<AgentRole> agent_role_members[] = {
    {"name", required, &text<&AgentRole::name, Text::name>},
    {"displayName", required, &text<&AgentRole::display_name, Text::name>},
    {"description", optional, &text<&AgentRole::description, Text::paragraphs>},
    {"icon", required, &text<&AgentRole::icon, Text::line>},
    {"color", required, &text<&AgentRole::color, Text::line>},
    {"capabilities", optional, &texts<&AgentRole::capabilities, Text::line>},
    {"systemPrompt", optional, &long_text<&AgentRole::system_prompt>},
};

Result<void> read_connector_type(Reader& reader, const Node& node, Connector& into) {
  COWORK_ASSIGN(const std::size_t type, reader.one_of(node, "type", {"http", "shell", "script"}));
  into.type = static_cast<ConnectorType>(type);
  return {};
}

/// For what the host hands on without looking inside.
Result<void> any_object(Reader& reader, const Node& node, Connector&) {
  COWORK_TRY(reader.object(node));
  return {};
}

constexpr Member<Connector> connector_members[] = {
    {"name", required, &text<&Connector::name, Text::name>},
    {"description", required, &text<&Connector::description, Text::paragraphs>},
    {"inputSchema", required, &any_object},
    {"type", required, &read_connector_type},
    {"http", optional, &any_object},
    {"shell", optional, &any_object},
    {"script", optional, &any_object},
};

}  // namespace

Result<void> read_skill(Reader& reader, const Node& node, Skill& into) {
  return read_members(reader, node, skill_members, into);
}

Result<void> read_skill_directory(Reader& reader, const Node& node, SkillDirectory& into) {
  return read_members(reader, node, skill_directory_members, into);
}

Result<void> read_slash_command(Reader& reader, const Node& node, SlashCommand& into) {
  return read_members(reader, node, slash_command_members, into);
}

Result<void> read_agent_role(Reader& reader, const Node& node, AgentRole& into) {
  return read_members(reader, node, agent_role_members, into);
}

Result<void> read_connector(Reader& reader, const Node& node, Connector& into) {
  COWORK_TRY(read_members(reader, node, connector_members, into));
  const std::string_view section = to_string(into.type);
  if (!node.value().find(section)) return reader.missing(node, section);
  return {};
}

}  // namespace cowork::manifest
