#include "operation_descriptions.h"

#include <map>

namespace cowork::wire {
namespace {

using Descriptions = std::map<std::string_view, OperationDescription>;

constexpr std::string_view name_or_alias = "the pack's name, or an unambiguous alias of a builtin or organization pack";
constexpr std::string_view install_options = "object {ref?, sha256?, enable?, replace?, allowDowngrade?, name?}";
constexpr std::string_view install_meaning =
    "ref: branch, tag or commit; sha256: what the bytes must hash to; enable: the toggle afterwards; replace: an "
    "installed pack of that name; allowDowngrade: also by a lower version; name: what the pack must be called";
constexpr std::string_view install_result =
    "{success, packName, path, manifest, skillCount, agentCount, sha256, treeSha256, scan?: {verdict, findings}}";
constexpr std::string_view registry_entry =
    "{id, name, displayName, description, version, author, icon?, category?, tags?, gitUrl?, downloadUrl?, sha256?, "
    "skillCount?, agentCount?}";

void add_packs(Descriptions& all) {
  all["pluginPack:list"] = {"All packs of all tiers, with what policy and toggles say of each.", {}, "array of Pack"};
  all["pluginPack:get"] = {"One pack.", {{"name", "string", true, name_or_alias}}, "Pack or null"};
  all["pluginPack:toggle"] = {
      "Enables or disables a pack.",
      {{"name", "string", true, name_or_alias}, {"enabled", "boolean", true, "what it shall be"}},
      "{success, name, enabled}"};
  all["pluginPack:toggleSkill"] = {"Enables or disables one skill of a pack.",
                                   {{"packName", "string", true, name_or_alias},
                                    {"skillId", "string", true, "the skill's id"},
                                    {"enabled", "boolean", true, "what it shall be"}},
                                   "{success, packName, skillId, enabled}"};
  all["pluginPack:scaffold"] = {
      "Makes a new pack of the user's own.",
      {{"options",
        "object {name, displayName, description?, category?, icon?, author?, personaTemplateId?, kind?, into?}", true,
        "kind: declarative (the default), skill, native or interceptor; into: an absolute directory"}},
      "{success, path, filesCreated}"};
}

void add_installs(Descriptions& all) {
  all["pluginPack:install"] = {
      "Installs a pack from a directory or an archive of this machine.",
      {{"path", "string", true, "absolute path"}, {"options", install_options, false, install_meaning}},
      install_result};
  all["pluginPack:installGit"] = {"Installs a pack from a git repository.",
                                  {{"url", "string", true, "https address of the repository"},
                                   {"options", install_options, false, install_meaning}},
                                  install_result};
  all["pluginPack:installUrl"] = {
      "Installs a pack from the address of a manifest or an archive.",
      {{"url", "string", true, "https address"}, {"options", install_options, false, install_meaning}},
      install_result};
  all["pluginPack:update"] = {
      "Installs a user pack again, from where it came from.",
      {{"packName", "string", true, "a user pack"}, {"options", install_options, false, install_meaning}},
      "{success, packName, path, manifest, skillCount, agentCount, sha256, treeSha256, scan?: {verdict, findings}, "
      "previousVersion, changed}"};
  all["pluginPack:uninstall"] = {
      "Removes a user pack, its toggles and its lock record.",
      {{"packName", "string", true, "a user pack"}, {"options", "object {}", false, "none yet"}},
      "{success, packName}"};
  all["pluginPack:verify"] = {"Compares installed packs with what was installed.",
                              {{"packName", "string", false, "one pack only"}},
                              "array of {name, verified, expected, found, problem?}"};
}

void add_quarantine(Descriptions& all) {
  all["quarantine:list"] = {"Installed packs that the content scan holds back.",
                            {},
                            "array of {name, path, report: {verdict, findings: [{rule, severity, path, line?, "
                            "message}], omitted?, scannedAt, releasedAt?}}"};
  all["quarantine:release"] = {"Lets a quarantined pack be used, as long as its files stay what they are.",
                               {{"packName", "string", true, "a quarantined pack"}},
                               "{success, packName}"};
  all["quarantine:remove"] = {"Removes a quarantined pack, its toggles and its lock record.",
                              {{"packName", "string", true, "a quarantined pack"}},
                              "{success, packName}"};
}

void add_registry(Descriptions& all) {
  all["pluginPack:registrySearch"] = {
      "Searches the registry.",
      {{"query", "string", true, "in id, names, description, tags and category; empty: all"},
       {"options", "object {page?, pageSize?, category?}", false, "page: from 1; pageSize: 20, at most 100"}},
      "{query, total, page, pageSize, results: array of entries}"};
  all["pluginPack:registryDetails"] = {
      "One entry of the registry, or null.", {{"packId", "string", true, "the entry's id"}}, registry_entry};
  all["pluginPack:registryCategories"] = {"The categories of the registry's packs.", {}, "array of strings, sorted"};
  all["pluginPack:checkUpdates"] = {
      "User packs of which the registry has a newer version.", {}, "array of {name, currentVersion, latestVersion}"};
}

void add_contributions(Descriptions& all) {
  all["pluginPack:getContext"] = {"What the active packs bring.",
                                  {},
                                  "{connectors: [{id, name, icon, status, tools}], skills: [{id, name, icon, "
                                  "packName}], slashCommands, agentRoles}"};
  all["skill:get"] = {
      "A skill of an active pack, with its prompt.", {{"skillId", "string", true, "the skill's id"}}, "the skill"};
  all["skill:render"] = {
      "A skill's prompt with its parameters filled in.",
      {{"skillId", "string", true, "the skill's id"}, {"values", "object", false, "by parameter name"}},
      "string"};
  all["agentRole:get"] = {
      "An agent role of an active pack.", {{"name", "string", true, "the role's name"}}, "the role"};
  all["connector:get"] = {
      "A connector of an active pack.", {{"name", "string", true, "the connector's id"}}, "the connector"};
  all["tool:call"] = {"Runs a tool of a native pack.",
                      {{"packName", "string", true, name_or_alias},
                       {"tool", "string", true, "the tool's name"},
                       {"input", "any", false, "what its inputSchema asks for"}},
                      "the tool's JSON"};
}

void add_host(Descriptions& all) {
  all["host:chain"] = {"The interceptors in their order.",
                       {{"operation", "string", false, "only those of this operation"}},
                       "array of {name, phase, operations, source}"};
  all["host:operations"] = {
      "The public operations: this table.",
      {},
      "array of {name, effect, pace, summary, parameters: [{name, type, required, meaning}], result}"};
  all["host:trace"] = {
      "Switches tracing on or off, and shows where the time of the last traced call went.",
      {{"options", "object {enabled?, operation?}", false, "operation: the last call of this one"}},
      "{enabled, last: {operation, id, finishedAt, ok, code?, steps: [{name, phase, micros}]} or null}"};
  all["host:status"] = {"Version, tiers, policy layers, counts, diagnostics.",
                        {},
                        "{version, home, tiers, layers, counts, diagnostics: [{severity, code, path, line?, column?, "
                        "pointer?, message}]}"};
  all["host:rescan"] = {"Looks for packs anew.", {}, "{added, removed, changed, diagnostics}"};
}

Descriptions make_descriptions() {
  Descriptions all;
  add_packs(all);
  add_installs(all);
  add_quarantine(all);
  add_registry(all);
  add_contributions(all);
  add_host(all);
  return all;
}

}  // namespace

OperationDescription description_of(std::string_view operation) {
  static const Descriptions all = make_descriptions();
  const auto found = all.find(operation);
  return found == all.end() ? OperationDescription{} : found->second;
}

}  // namespace cowork::wire
