#include "connector_commands.h"

#include <algorithm>
#include <map>

#include "shell_tokens.h"

namespace cowork::content_scan {
namespace {

void collect(const json::Value& value, std::vector<std::string>& texts) {
  if (const std::string* text = value.as_string()) {
    texts.push_back(*text);
  } else if (const json::Array* items = value.as_array()) {
    for (const json::Value& item : *items) collect(item, texts);
  } else if (const json::Object* members = value.as_object()) {
    for (const json::Member& member : *members) collect(member.value, texts);
  }
}

ConnectorCommand command_of(const json::Document& manifest, std::string name, const json::Value& section) {
  ConnectorCommand command{std::move(name), manifest.place(section).line, {}};
  collect(section, command.texts);
  if (command.texts.size() < 2) return command;
  std::string line;
  for (const std::string& text : command.texts) line += text + ' ';
  command.texts.push_back(std::move(line));
  return command;
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.find_last_of("/\\") + 1);
}

/// The words of a command, as they stand and as a shell would read them.
template <class Visit>
void each_word(const std::string& text, const Visit& visit) {
  constexpr std::string_view between = " \t\r\n\"'`;|&()<>=";
  for (std::size_t begin = text.find_first_not_of(between); begin != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(between, begin), text.size());
    visit(std::string_view(text).substr(begin, end - begin));
    begin = text.find_first_not_of(between, end);
  }
  ShellTokens tokens(text);
  for (ShellToken token = tokens.next(); token.kind != ShellToken::Kind::end; token = tokens.next()) visit(token.text);
}

}  // namespace

std::vector<ConnectorCommand> connector_commands(const json::Document& manifest) {
  std::vector<ConnectorCommand> commands;
  const json::Value* connectors = manifest.root.find("connectors");
  const json::Array* list = connectors ? connectors->as_array() : nullptr;
  if (!list) return commands;
  for (const json::Value& connector : *list) {
    const json::Value* name = connector.find("name");
    const std::string* text = name ? name->as_string() : nullptr;
    for (const std::string_view section : {"shell", "script"}) {
      if (const json::Value* found = connector.find(section))
        commands.push_back(command_of(manifest, text ? *text : std::string(), *found));
    }
  }
  return commands;
}

std::set<std::string, std::less<>> named_files(const std::vector<ConnectorCommand>& commands,
                                               const std::set<std::string, std::less<>>& paths) {
  // Where a command is run is not known, nor what its variables hold: the last step is what counts.
  std::multimap<std::string_view, std::string_view> by_name;
  for (const std::string& path : paths) by_name.emplace(base_name(path), path);
  std::set<std::string, std::less<>> named;
  const auto visit = [&](std::string_view word) {
    const auto [first, last] = by_name.equal_range(base_name(word));
    for (auto each = first; each != last; ++each) named.emplace(each->second);
    by_name.erase(first, last);
  };
  for (const ConnectorCommand& command : commands)
    for (const std::string& text : command.texts) each_word(text, visit);
  return named;
}

}  // namespace cowork::content_scan
