// What a catalog keeps of a manifest: what lists show and what is looked up by name, in one block of memory each.
// Long text, parameters and schemas are read again when somebody asks for them.
//
// Threads: immutable. Ownership: the Arena that the block was made in.
#pragma once

#include <string_view>

#include "cowork/base/compact.h"
#include "cowork/base/content_hash.h"
#include "cowork/manifest/manifest.h"

namespace cowork {

struct SkillSummary {
  CompactText id;
  CompactText name;
  CompactText description;
  CompactText icon;
  CompactText category;
  CompactText file;             ///< as Skill::file
  CompactText file_hash_bytes;  ///< empty for an inline skill
  bool enabled = true;

  ContentHash file_hash() const noexcept;

  /// Without prompt and parameters.
  Skill skill() const;
};

struct SlashCommandSummary {
  CompactText name;
  CompactText description;
  CompactText skill_id;
};

struct AgentRoleSummary {
  CompactText name;
  CompactText display_name;
  CompactText description;
  CompactText icon;
  CompactText color;
};

struct ConnectorSummary {
  CompactText name;
  CompactText description;
  ConnectorType type = ConnectorType::http;
};

struct PackSummary {
  CompactText name;
  CompactText display_name;
  CompactText version;
  CompactText description;
  CompactText main;
  CompactText author;
  CompactText icon;
  CompactText category;
  CompactText persona_template_id;
  CompactText outcome_examples;  ///< an array as compact JSON; empty: none
  CompactList<CompactText> recommended_connectors;
  CompactList<CompactText> try_asking;
  CompactList<CompactText> best_fit_workflows;
  CompactList<SkillSummary> skills;
  CompactList<SlashCommandSummary> slash_commands;
  CompactList<AgentRoleSummary> agent_roles;
  CompactList<ConnectorSummary> connectors;
  PackType type = PackType::pack;

  /// Null when there is none.
  const SkillSummary* find_skill(std::string_view id) const noexcept;
  bool has_shell_connector() const noexcept;
};

/// Writes what `manifest` says into a block. `manifest` and `outcome_examples` (manifest.outcome_examples as compact
/// JSON) have to stay until the block is finished.
void write_summary(BlockWriter& block, BlockWriter::Place<PackSummary> place, const PackManifest& manifest,
                   std::string_view outcome_examples);

}  // namespace cowork
