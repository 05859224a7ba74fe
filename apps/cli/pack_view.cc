#include "pack_view.h"

#include "cowork/base/text.h"
#include "json_fields.h"
#include "scan_view.h"

namespace cowork::cli {
namespace {

constexpr std::size_t title_width = 14;

std::string count_of(const json::Value& pack, std::string_view key) {
  return std::to_string(array_of(pack, key).size());
}

Style policy_style(const json::Value& pack) {
  if (flag_of(pack, "policyBlocked")) return Style::red;
  return flag_of(pack, "policyRequired") ? Style::blue : Style::plain;
}

std::string joined(const json::Value& list) {
  std::string text;
  for (const std::string& item : strings_of(list)) text += (text.empty() ? "" : ", ") + printable(item);
  return text;
}

std::string indented(const Table& table, const Styler& styler, std::size_t width) {
  const std::size_t inner = width > 2 ? width - 2 : 0;
  std::string result;
  std::string_view text;
  const std::string rendered = table.render({.width = inner, .colors = styler.colors(), .titles = false});
  for (text = rendered; !text.empty();) {
    const std::size_t end = text.find('\n') + 1;
    result.append("  ").append(text.substr(0, end));
    text.remove_prefix(end);
  }
  return result;
}

std::string section(std::string_view title, const Table& table, const Styler& styler, std::size_t width) {
  if (table.empty()) return {};
  return "\n" + styler(Style::bold, std::string(title) + " (" + std::to_string(table.size()) + ")") + "\n" +
         indented(table, styler, width);
}

std::string skills_section(const json::Value& pack, const Styler& styler, std::size_t width) {
  Table table({{"ID"}, {"STATE"}, {"NAME"}, {"DESCRIPTION", true}});
  const bool held = text_of(pack, "state") == "quarantined";
  for (const json::Value& skill : array_of(pack, "skills")) {
    const bool enabled = flag_of(skill, "enabled");
    table.add({shown(skill, "id"),
               held ? Cell{"held", Style::red} : Cell{enabled ? "on" : "off", enabled ? Style::green : Style::dim},
               shown(skill, "name"), shown(skill, "description")});
  }
  return section("Skills", table, styler, width);
}

std::string commands_section(const json::Value& pack, const Styler& styler, std::size_t width) {
  Table table({{"NAME"}, {"SKILL"}, {"DESCRIPTION", true}});
  for (const json::Value& command : array_of(pack, "slashCommands"))
    table.add({"/" + shown(command, "name"), shown(command, "skillId"), shown(command, "description")});
  return section("Slash commands", table, styler, width);
}

std::string roles_section(const json::Value& pack, const Styler& styler, std::size_t width) {
  Table table({{"NAME"}, {"TITLE"}, {"DESCRIPTION", true}});
  for (const json::Value& role : array_of(pack, "agentRoles"))
    table.add({shown(role, "name"), shown(role, "displayName"), shown(role, "description")});
  return section("Agent roles", table, styler, width);
}

std::string connectors_section(const json::Value& pack, const Styler& styler, std::size_t width) {
  Table table({{"NAME"}, {"TYPE"}, {"POLICY"}, {"DESCRIPTION", true}});
  for (const json::Value& connector : array_of(pack, "connectors")) {
    const bool blocked = flag_of(connector, "policyBlocked");
    table.add({shown(connector, "name"),
               shown(connector, "type"),
               {blocked ? "blocked" : "", Style::red},
               shown(connector, "description")});
  }
  return section("Connectors", table, styler, width);
}

std::string tools_section(const json::Value& pack, const Styler& styler, std::size_t width) {
  Table table({{"NAME"}, {"DESCRIPTION", true}});
  for (const json::Value& tool : array_of(pack, "tools")) table.add({shown(tool, "name"), shown(tool, "description")});
  return section("Tools", table, styler, width);
}

std::string hints(const json::Value& pack, std::string_view key, std::string_view title, const Styler& styler,
                  std::size_t width) {
  std::string text;
  for (const json::Value& item : array_of(pack, key)) {
    const std::string* words = item.as_string();
    text += "  - " + wrapped(words ? printable(*words) : shown_value(item), width == 0 ? SIZE_MAX : width, 4) + "\n";
  }
  return text.empty() ? text : "\n" + styler(Style::bold, title) + "\n" + text;
}

}  // namespace

std::string policy_words(const json::Value& pack) {
  const std::string reason = shown(pack, "policyReason");
  const bool required = flag_of(pack, "policyRequired");
  if (!flag_of(pack, "policyBlocked")) return required ? "required" : "";
  std::string words = reason.empty() || reason == "blocked" ? "blocked" : "blocked (" + reason + ")";
  return required ? words + ", required" : words;
}

std::string policy_word(const json::Value& pack) {
  if (!flag_of(pack, "policyBlocked")) return policy_words(pack);
  const std::string reason = shown(pack, "policyReason");
  if (reason == "policy-unavailable") return "unavailable";
  return reason.empty() ? "blocked" : reason;
}

Style scope_style(const std::string& scope) {
  if (scope == "builtin") return Style::cyan;
  return scope == "organization" ? Style::magenta : Style::plain;
}

Style state_style(const std::string& state) {
  if (state == "active") return Style::green;
  if (state == "discovered") return Style::yellow;
  return state == "disabled" ? Style::dim : Style::red;
}

Table pack_table(const json::Array& packs, bool narrow) {
  Table table({{"NAME"},
               {"VERSION"},
               {"SCOPE"},
               {"STATE"},
               {"POLICY"},
               {narrow ? "SKL" : "SKILLS", false, true},
               {narrow ? "CMD" : "COMMANDS", false, true},
               {narrow ? "ROL" : "ROLES", false, true},
               {"DESCRIPTION", true}});
  for (const json::Value& pack : packs) {
    const std::string scope = shown(pack, "scope");
    const std::string state = shown(pack, "state");
    table.add({shown(pack, "name"),
               shown(pack, "version"),
               {narrow && scope == "organization" ? "org" : scope, scope_style(scope)},
               {state, state_style(state)},
               {narrow ? policy_word(pack) : policy_words(pack), policy_style(pack)},
               count_of(pack, "skills"),
               count_of(pack, "slashCommands"),
               count_of(pack, "agentRoles"),
               shown(pack, "description")});
  }
  return table;
}

std::string detail_line(std::string_view title, std::string_view text, const Styler& styler, std::size_t width) {
  if (text.empty()) return {};
  const std::string padding(title.size() < title_width ? title_width - title.size() : 1, ' ');
  return "  " + styler(Style::dim, title) + padding + wrapped(text, width == 0 ? SIZE_MAX : width, title_width + 2) +
         "\n";
}

namespace {

/// Where an installed pack came from, and what it was then.
std::string source_lines(const json::Value& source, const Styler& styler, std::size_t width) {
  const std::string kind = shown(source, "kind");
  const std::string location = shown(source, "location");
  const std::string gap = kind.empty() || location.empty() ? "" : " ";
  std::string text = detail_line("source", kind + gap + location, styler, width);
  for (const auto& [title, key] :
       {std::pair("ref", "ref"), std::pair("commit", "commit"), std::pair("sha256", "sha256"),
        std::pair("tree", "treeSha256"), std::pair("installed", "installedAt")})
    text += detail_line(title, shown(source, key), styler, width);
  return text;
}

}  // namespace

namespace {

/// Where the code of a native pack runs. An isolated pack's tools are known to the host that has run it.
std::string native_lines(const json::Value& pack, const Styler& styler, std::size_t width) {
  if (!flag_of(pack, "native")) return {};
  const bool isolated = flag_of(pack, "isolated");
  std::string text = detail_line("runs", isolated ? "isolated" : "in the host", styler, width);
  const std::string state = text_of(pack, "state");
  const bool runnable = state == "active" || state == "discovered";
  if (isolated && runnable && array_of(pack, "tools").empty())
    text += detail_line("tools", "its tools are known once it has run in this host", styler, width);
  return text;
}

/// What a quarantined pack waits for.
std::string release_line(const json::Value& pack, const Styler& styler, std::size_t width) {
  if (text_of(pack, "state") != "quarantined") return {};
  return detail_line("release with", "cowork pack quarantine release " + shell_word(shown(pack, "name")), styler,
                     width);
}

}  // namespace

std::string pack_details(const json::Value& pack, const std::string& rule, const Styler& styler, std::size_t width) {
  const auto line = [&](std::string_view title, std::string_view text) {
    return detail_line(title, text, styler, width);
  };
  std::string text = styler(Style::bold, shown(pack, "name")) + "  " + shown(pack, "displayName") + "  " +
                     shown(pack, "version") + "\n";
  if (const std::string description = shown(pack, "description"); !description.empty())
    text += "  " + wrapped(description, width == 0 ? SIZE_MAX : width, 2) + "\n";
  text += "\n";
  const std::string state = shown(pack, "state");
  text += line("scope", shown(pack, "scope")) + line("state", styler(state_style(state), state));
  text += line(state == "error" ? "error" : "reason", shown(pack, "error"));
  text += release_line(pack, styler, width);
  text += line("policy", styler(policy_style(pack), policy_words(pack))) + line("rule", rule);
  text += line("type", shown(pack, "type")) + line("category", shown(pack, "category")) +
          line("author", shown(pack, "author"));
  text += native_lines(pack, styler, width);
  text += line("directory", shown(pack, "path")) + line("alias", shown(pack, "alias"));
  text += line("persona", shown(pack, "personaTemplateId"));
  text += source_lines(member_of(pack, "source"), styler, width);
  const json::Value& scan = member_of(pack, "scan");
  text += line("scan", styler(verdict_style(shown(scan, "verdict")), scan_words(scan)));
  text += line("recommended", joined(member_of(pack, "recommendedConnectors")));
  text += skills_section(pack, styler, width) + commands_section(pack, styler, width) +
          roles_section(pack, styler, width) + connectors_section(pack, styler, width) +
          tools_section(pack, styler, width);
  text += scan_details(scan, styler, width);
  text += hints(pack, "tryAsking", "Try asking", styler, width) +
          hints(pack, "bestFitWorkflows", "Fits best", styler, width) +
          hints(pack, "outcomeExamples", "Outcomes", styler, width);
  return text;
}

}  // namespace cowork::cli
