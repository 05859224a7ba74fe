#include "cowork/manifest/pack_summary.h"

#include <algorithm>

namespace cowork {
namespace {

using Summary = BlockWriter::Place<PackSummary>;

void write_texts(BlockWriter& block, Summary place, CompactList<CompactText> PackSummary::*member,
                 const std::vector<std::string>& texts) {
  const auto first = block.list(place, member, texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) block.text(BlockWriter::item(first, i), texts[i]);
}

void write_skills(BlockWriter& block, Summary place, const std::vector<Skill>& skills) {
  const auto first = block.list(place, &PackSummary::skills, skills.size());
  for (std::size_t i = 0; i < skills.size(); ++i) {
    const auto item = BlockWriter::item(first, i);
    const Skill& skill = skills[i];
    block.text(item, &SkillSummary::id, skill.id);
    block.text(item, &SkillSummary::name, skill.name);
    block.text(item, &SkillSummary::description, skill.description);
    block.text(item, &SkillSummary::icon, skill.icon);
    block.text(item, &SkillSummary::category, skill.category);
    block.text(item, &SkillSummary::file, skill.file);
    if (!skill.file.empty())
      block.text(item, &SkillSummary::file_hash_bytes,
                 {reinterpret_cast<const char*>(skill.file_hash.data()), skill.file_hash.size()});
    block.at(item).enabled = skill.enabled;
  }
}

void write_commands(BlockWriter& block, Summary place, const std::vector<SlashCommand>& commands) {
  const auto first = block.list(place, &PackSummary::slash_commands, commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const auto item = BlockWriter::item(first, i);
    block.text(item, &SlashCommandSummary::name, commands[i].name);
    block.text(item, &SlashCommandSummary::description, commands[i].description);
    block.text(item, &SlashCommandSummary::skill_id, commands[i].skill_id);
  }
}

void write_roles(BlockWriter& block, Summary place, const std::vector<AgentRole>& roles) {
  const auto first = block.list(place, &PackSummary::agent_roles, roles.size());
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const auto item = BlockWriter::item(first, i);
    block.text(item, &AgentRoleSummary::name, roles[i].name);
    block.text(item, &AgentRoleSummary::display_name, roles[i].display_name);
    block.text(item, &AgentRoleSummary::description, roles[i].description);
    block.text(item, &AgentRoleSummary::icon, roles[i].icon);
    block.text(item, &AgentRoleSummary::color, roles[i].color);
  }
}

void write_connectors(BlockWriter& block, Summary place, const std::vector<Connector>& connectors) {
  const auto first = block.list(place, &PackSummary::connectors, connectors.size());
  for (std::size_t i = 0; i < connectors.size(); ++i) {
    const auto item = BlockWriter::item(first, i);
    block.text(item, &ConnectorSummary::name, connectors[i].name);
    block.text(item, &ConnectorSummary::description, connectors[i].description);
    block.at(item).type = connectors[i].type;
  }
}

}  // namespace

ContentHash SkillSummary::file_hash() const noexcept {
  ContentHash hash{};
  const std::string_view bytes = file_hash_bytes;
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
  return hash;
}

Skill SkillSummary::skill() const {
  Skill skill;
  skill.id = id.str();
  skill.name = name.str();
  skill.description = description.str();
  skill.icon = icon.str();
  skill.category = category.str();
  skill.enabled = enabled;
  skill.file = file.str();
  skill.file_hash = file_hash();
  return skill;
}

const SkillSummary* PackSummary::find_skill(std::string_view id) const noexcept {
  const auto* found =
      std::find_if(skills.begin(), skills.end(), [&](const SkillSummary& skill) { return skill.id == id; });
  return found == skills.end() ? nullptr : found;
}

bool PackSummary::has_shell_connector() const noexcept {
  return std::any_of(connectors.begin(), connectors.end(),
                     [](const ConnectorSummary& connector) { return connector.type == ConnectorType::shell; });
}

void write_summary(BlockWriter& block, Summary place, const PackManifest& manifest, std::string_view outcome_examples) {
  block.text(place, &PackSummary::name, manifest.name);
  block.text(place, &PackSummary::display_name, manifest.display_name);
  block.text(place, &PackSummary::version, manifest.version);
  block.text(place, &PackSummary::description, manifest.description);
  block.text(place, &PackSummary::main, manifest.main);
  block.text(place, &PackSummary::author, manifest.author);
  block.text(place, &PackSummary::icon, manifest.icon);
  block.text(place, &PackSummary::category, manifest.category);
  block.text(place, &PackSummary::persona_template_id, manifest.persona_template_id);
  block.text(place, &PackSummary::outcome_examples, outcome_examples);
  block.at(place).type = manifest.type;
  write_texts(block, place, &PackSummary::recommended_connectors, manifest.recommended_connectors);
  write_texts(block, place, &PackSummary::try_asking, manifest.try_asking);
  write_texts(block, place, &PackSummary::best_fit_workflows, manifest.best_fit_workflows);
  write_skills(block, place, manifest.skills);
  write_commands(block, place, manifest.slash_commands);
  write_roles(block, place, manifest.agent_roles);
  write_connectors(block, place, manifest.connectors);
}

}  // namespace cowork
