// PackManifest: what a `cowork.plugin.json` says, parsed once into a struct (SPEC §3).
//
// Threads: values. Ownership: everything is owned by the struct. JSON appears only where a manifest carries free-form
// parts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/content_hash.h"
#include "cowork/base/json.h"
#include "cowork/base/result.h"

namespace cowork {

namespace json {
class Tape;
}

/// The name of the file at the root of every pack.
inline constexpr std::string_view manifest_file_name = "cowork.plugin.json";

enum class PackType : std::uint8_t { pack, tool, channel, provider, integration };
std::string_view to_string(PackType type) noexcept;

struct SkillParameter {
  std::string name;
  std::string type;
  std::string description;
  bool required = false;
  std::optional<std::string> default_value;
};

struct Skill {
  std::string id;
  std::string name;
  std::string description;
  std::string icon;
  std::string category;
  std::string prompt;  ///< long text: empty in a catalog, see drop_long_text()
  std::vector<SkillParameter> parameters;
  bool enabled = true;
  /// Where the prompt is a file of the pack: the relative path of its SKILL.md; empty for an inline skill.
  std::string file;
  /// Of that file's bytes: a prompt that is read again must still have it.
  ContentHash file_hash{};
};

/// An entry of `skillDirectories`, before its SKILL.md has been read. Empty strings stand for absent members.
struct SkillDirectory {
  std::string id;
  std::string path;
  std::string name;
  std::string description;
  std::string icon;
  std::string category;
  bool enabled = true;
  SourcePlace place;  ///< of the entry's `path` in the manifest
};

struct SlashCommand {
  std::string name;
  std::string description;
  std::string skill_id;
};

struct AgentRole {
  std::string name;
  std::string display_name;
  std::string description;
  std::string icon;
  std::string color;
  std::vector<std::string> capabilities;
  std::string system_prompt;  ///< long text
};

enum class ConnectorType : std::uint8_t { http, shell, script };
std::string_view to_string(ConnectorType type) noexcept;

struct Connector {
  std::string name;  ///< also its id
  std::string description;
  ConnectorType type = ConnectorType::http;
};

struct PackManifest {
  std::string name;
  std::string display_name;
  std::string version;
  std::string description;
  PackType type = PackType::pack;
  std::string main;  ///< relative path of a native library, or empty
  std::string author;
  std::string license;
  std::string homepage;
  std::string cowork_version;          ///< lowest host version, or empty
  std::vector<std::string> platforms;  ///< `platform.os`; empty means all
  std::vector<std::string> keywords;
  std::string icon;
  std::string category;
  std::string persona_template_id;
  std::vector<std::string> recommended_connectors;
  std::vector<std::string> try_asking;
  std::vector<std::string> best_fit_workflows;
  /// Strings or objects, as the manifest has them.
  json::Value outcome_examples;
  std::vector<Skill> skills;  ///< inline ones first, then those of skill directories (added by the loader)
  std::vector<SkillDirectory> skill_directories;
  std::vector<SlashCommand> slash_commands;
  std::vector<AgentRole> agent_roles;
  std::vector<Connector> connectors;

  const Skill* find_skill(std::string_view id) const noexcept;
  bool has_shell_connector() const noexcept;
  /// Empties prompts and system prompts: what a catalog does not keep in memory.
  void drop_long_text();
};

/// Something worth saying about a manifest that does not make it invalid (an unknown field, a command with an unknown
/// skill).
struct ManifestRemark {
  std::string code;  ///< `unknown-field`, `unknown-skill`
  std::string message;
  SourcePlace place;
};

struct ParsedManifest {
  PackManifest manifest;
  std::vector<ManifestRemark> remarks;
  /// The whole document as it stands, for `skill:get`, `agentRole:get` and `connector:get`.
  json::Value document;
};

/// Reads and checks a manifest by SPEC §3. `file` is named in errors (code `invalid-manifest`, with line, column and
/// pointer). Does not touch the disk: skill directories and `main` are checked as paths only.
Result<ParsedManifest> parse_manifest(std::string_view text, std::string_view file);

/// The same, with empty prompts (they are checked all the same) and without `document`: what a catalog wants to know.
/// `tape` is only lent, so that one can serve for many manifests; afterwards it holds the document.
Result<ParsedManifest> summarize_manifest(std::string_view text, std::string_view file, json::Tape& tape);

/// A path inside a pack: relative, '/'-separated, no empty, "." or ".." component, no NUL, no backslash.
bool is_path_inside_pack(std::string_view path) noexcept;

/// What SPEC §3 calls `coworkVersion`: the original product's numbering that this host is compatible with.
inline constexpr std::string_view compatible_cowork_version = "1.0.0";

/// "linux", "darwin" or "win32": the platform this host was built for.
std::string_view host_platform() noexcept;

}  // namespace cowork
