// The entries of a manifest: what a pack contributes. One reader for each of the arrays.
#pragma once

#include "member_reader.h"

namespace cowork::manifest {

Result<void> read_skill(Reader& reader, const Node& node, Skill& into);
Result<void> read_skill_directory(Reader& reader, const Node& node, SkillDirectory& into);
Result<void> read_slash_command(Reader& reader, const Node& node, SlashCommand& into);
Result<void> read_agent_role(Reader& reader, const Node& node, AgentRole& into);
Result<void> read_connector(Reader& reader, const Node& node, Connector& into);

/// Refuses a skill id (of `skills` and `skillDirectories` together), command, role or connector name that comes twice.
/// `manifest` is what the functions above have read from `document`.
Result<void> check_unique_ids(const Reader& reader, json::Element document, const PackManifest& manifest);

}  // namespace cowork::manifest
