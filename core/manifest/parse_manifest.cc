#include <fmt/format.h>

#include <unordered_set>

#include "contributions.h"
#include "cowork/base/text.h"
#include "member_reader.h"

namespace cowork {
namespace manifest {
namespace {

using enum Presence;
using M = PackManifest;

Result<void> read_name(Reader& reader, const Node& node, M& into) {
  const auto name = node.value().as_string();
  if (!name) return reader.expected(node, "a string");
  into.name = *name;
  if (is_pack_name(into.name)) return {};
  return reader.refuse(node, fmt::format("name must match ^[a-z0-9][a-z0-9_-]{{0,127}}$, found {}", quoted(*name)));
}

template <auto Field>
Result<void> version(Reader& reader, const Node& node, M& into) {
  const auto version = node.value().as_string();
  if (!version) return reader.expected(node, "a string");
  into.*Field = *version;
  if (is_semantic_version(*version)) return {};
  return reader.refuse(node, fmt::format("{} must be SemVer 2.0.0, found {}", node.name(), quoted(*version)));
}

Result<void> read_type(Reader& reader, const Node& node, M& into) {
  COWORK_ASSIGN(const std::size_t type,
                reader.one_of(node, "type", {"pack", "tool", "channel", "provider", "integration"}));
  into.type = static_cast<PackType>(type);
  return {};
}

Result<void> read_main(Reader& reader, const Node& node, M& into) {
  COWORK_ASSIGN(into.main, reader.path(node));
  return {};
}

Result<void> read_platform_name(Reader& reader, const Node& node, std::string& into) {
  const std::vector<std::string_view> platforms{"linux", "darwin", "win32"};
  COWORK_ASSIGN(const std::size_t platform, reader.one_of(node, "platform.os", platforms));
  into = platforms[platform];
  return {};
}

Result<void> read_platforms(Reader& reader, const Node& node, M& into) {
  if (node.value().is_array()) return read_items(reader, node, into.platforms, &read_platform_name);
  if (node.value().is_string()) return read_platform_name(reader, node, into.platforms.emplace_back());
  return reader.expected(node, "a string or an array of strings");
}

constexpr Member<M> platform_members[] = {{"os", optional, &read_platforms}};

Result<void> read_platform(Reader& reader, const Node& node, M& into) {
  return read_members(reader, node, platform_members, into);
}

Result<void> read_outcome_examples(Reader& reader, const Node& node, M& into) {
  COWORK_ASSIGN(const json::Element items, reader.array(node));
  std::size_t index = 0;
  for (const json::Element value : items.items()) {
    const Node item(value, node, index++);
    if (item.value().is_object()) continue;
    if (!item.value().is_string()) return reader.expected(item, "a string or an object");
    COWORK_TRY(reader.text(item, Text::paragraphs));
  }
  into.outcome_examples = node.value().to_value();
  return {};
}

/// What is checked but not kept: the document has it.
struct Checked {};

Result<void> read_property_type(Reader& reader, const Node& node, Checked&) {
  COWORK_TRY(reader.one_of(node, "type", {"string", "number", "integer", "boolean", "array", "object"}));
  return {};
}

Result<void> read_object_type(Reader& reader, const Node& node, Checked&) {
  const auto type = node.value().as_string();
  if (!type) return reader.expected(node, "a string");
  if (*type == "object") return {};
  return reader.refuse(node, fmt::format("type must be \"object\", found {}", quoted(*type)));
}

constexpr Member<Checked> schema_property_members[] = {{"type", required, &read_property_type}};

Result<void> read_schema_properties(Reader& reader, const Node& node, Checked& into) {
  COWORK_ASSIGN(const json::Element properties, reader.object(node));
  for (const json::TapeMember property : properties.members()) {
    const Node entry(property.value, node, *property.key.as_string());
    COWORK_TRY(read_members(reader, entry, schema_property_members, into, Unknown::free));
  }
  return {};
}

constexpr Member<Checked> schema_members[] = {
    {"type", required, &read_object_type},
    {"properties", required, &read_schema_properties},
};

Result<void> read_config_schema(Reader& reader, const Node& node, M&) {
  Checked checked;
  return read_members(reader, node, schema_members, checked, Unknown::free);
}

/// The host sets the scope from the tier (SPEC §1): the claim is checked and forgotten.
Result<void> read_scope(Reader& reader, const Node& node, M&) {
  COWORK_TRY(reader.text(node, Text::line));
  return {};
}

Result<void> object_or_array(Reader& reader, const Node& node, M&) {
  if (node.value().is_object() || node.value().is_array()) return {};
  return reader.expected(node, "an object or an array");
}

template <auto Field, auto Read>
Result<void> entries(Reader& reader, const Node& node, M& into) {
  return read_items(reader, node, into.*Field, Read);
}

constexpr Member<M> manifest_members[] = {
    {"name", required, &read_name},
    {"displayName", required, &text<&M::display_name, Text::name>},
    {"version", required, &version<&M::version>},
    {"description", required, &text<&M::description, Text::paragraphs>},
    {"type", required, &read_type},
    {"main", optional, &read_main},
    {"author", optional, &text<&M::author, Text::line>},
    {"license", optional, &text<&M::license, Text::line>},
    {"homepage", optional, &text<&M::homepage, Text::line>},
    {"coworkVersion", optional, &version<&M::cowork_version>},
    {"platform", optional, &read_platform},
    {"keywords", optional, &texts<&M::keywords, Text::line>},
    {"icon", optional, &text<&M::icon, Text::line>},
    {"category", optional, &text<&M::category, Text::line>},
    {"scope", optional, &read_scope},
    {"personaTemplateId", optional, &text<&M::persona_template_id, Text::line>},
    {"recommendedConnectors", optional, &texts<&M::recommended_connectors, Text::line>},
    {"tryAsking", optional, &texts<&M::try_asking, Text::paragraphs>},
    {"bestFitWorkflows", optional, &texts<&M::best_fit_workflows, Text::paragraphs>},
    {"outcomeExamples", optional, &read_outcome_examples},
    {"configSchema", optional, &read_config_schema},
    {"capabilities", optional, &object_or_array},
    {"dependencies", optional, &object_or_array},
    {"peerDependencies", optional, &object_or_array},
    {"skills", optional, &entries<&M::skills, &read_skill>},
    {"skillDirectories", optional, &entries<&M::skill_directories, &read_skill_directory>},
    {"slashCommands", optional, &entries<&M::slash_commands, &read_slash_command>},
    {"agentRoles", optional, &entries<&M::agent_roles, &read_agent_role>},
    {"connectors", optional, &entries<&M::connectors, &read_connector>},
};

Result<void> check_brings_something(const Reader& reader, const Node& root, const M& manifest) {
  const bool entries = !manifest.skills.empty() || !manifest.skill_directories.empty() ||
                       !manifest.agent_roles.empty() || !manifest.connectors.empty() ||
                       !manifest.slash_commands.empty();
  if (entries || !manifest.main.empty()) return {};
  return reader.refuse(root,
                       "a pack brings \"main\" or at least one of skills, skillDirectories, agentRoles, connectors, "
                       "slashCommands");
}

void remark_unknown_skills(Reader& reader, const Node& root, const M& manifest) {
  if (manifest.slash_commands.empty()) return;
  std::unordered_set<std::string_view> known;
  for (const Skill& skill : manifest.skills) known.insert(skill.id);
  for (const SkillDirectory& directory : manifest.skill_directories) known.insert(directory.id);
  const auto value = root.value().find("slashCommands");
  if (!value) return;
  const Node commands(*value, root, "slashCommands");
  std::size_t index = 0;
  for (const json::Element item : value->items()) {
    const Node entry(item, commands, index);
    const SlashCommand& command = manifest.slash_commands[index++];
    if (known.contains(command.skill_id) || reader.has_remarked_enough()) continue;
    const Node skill_id(*item.find("skillId"), entry, "skillId");
    reader.remark("unknown-skill",
                  fmt::format("unknown skill {} of slash command {}", quoted(command.skill_id), quoted(command.name)),
                  reader.place(skill_id));
  }
}

}  // namespace
}  // namespace manifest

namespace {

Result<ParsedManifest> read(const json::Tape& document, manifest::LongText long_text) {
  using namespace manifest;
  Result<ParsedManifest> result(tl::in_place);
  ParsedManifest& parsed = *result;
  Reader reader(document, long_text);
  const Node root(document.root());
  COWORK_TRY(read_members(reader, root, manifest_members, parsed.manifest));
  COWORK_TRY(check_brings_something(reader, root, parsed.manifest));
  COWORK_TRY(check_unique_ids(reader, document.root(), parsed.manifest));
  remark_unknown_skills(reader, root, parsed.manifest);
  parsed.remarks = reader.take_remarks();
  return result;
}

}  // namespace

Result<ParsedManifest> parse_manifest(std::string_view text, std::string_view file) {
  json::Tape document;
  COWORK_TRY(document.read(text, file, json::manifest_limits, ErrorCode::invalid_manifest));
  COWORK_ASSIGN(ParsedManifest parsed, read(document, manifest::LongText::kept));
  parsed.document = document.root().to_value();
  return parsed;
}

Result<ParsedManifest> summarize_manifest(std::string_view text, std::string_view file, json::Tape& tape) {
  COWORK_TRY(tape.read(text, file, json::manifest_limits, ErrorCode::invalid_manifest));
  return read(tape, manifest::LongText::checked);
}

}  // namespace cowork
