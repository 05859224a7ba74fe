#include "connector_commands.h"

#include <algorithm>

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

/// The file of `paths` that `word` names, such as `${pack}/scripts/run.sh`: the longest that it ends with.
std::string_view file_named(std::string_view word, const std::set<std::string, std::less<>>& paths) {
  constexpr std::size_t longest_path = 1024;
  if (word.size() > longest_path) return {};
  while (true) {
    if (const auto found = paths.find(word); found != paths.end()) return *found;
    const std::size_t slash = word.find('/');
    if (slash == std::string_view::npos) return {};
    word.remove_prefix(slash + 1);
  }
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
  constexpr std::string_view between = " \t\r\n\"'`;|&()<>=";
  std::set<std::string, std::less<>> named;
  for (const ConnectorCommand& command : commands) {
    for (const std::string& text : command.texts) {
      for (std::size_t begin = text.find_first_not_of(between); begin != std::string::npos;) {
        const std::size_t end = std::min(text.find_first_of(between, begin), text.size());
        const std::string_view word = std::string_view(text).substr(begin, end - begin);
        if (const std::string_view file = file_named(word, paths); !file.empty()) named.emplace(file);
        begin = text.find_first_not_of(between, end);
      }
    }
  }
  return named;
}

}  // namespace cowork::content_scan
