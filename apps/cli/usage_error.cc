#include "usage_error.h"

#include <algorithm>
#include <array>
#include <utility>

#include "cowork/base/text.h"
#include "help.h"

namespace cowork::cli {
namespace {

/// Words that other programs use for our verbs.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> synonyms{{
    {"ls", "list"},
    {"show", "info"},
    {"get", "info"},
    {"describe", "info"},
    {"rm", "remove"},
    {"delete", "remove"},
    {"uninstall", "remove"},
    {"add", "install"},
    {"create", "new"},
    {"scaffold", "new"},
    {"init", "new"},
    {"on", "enable"},
    {"off", "disable"},
    {"lint", "validate"},
}};

std::vector<std::string> verb_names(const CLI::App& group) {
  std::vector<std::string> names;
  for (const CLI::App* sub : subcommands(group)) names.push_back(sub->get_name());
  return names;
}

std::string similar_verb(const CLI::App& group, const std::string& word) {
  const std::vector<std::string> names = verb_names(group);
  for (const auto& [synonym, name] : synonyms)
    if (word == synonym && std::find(names.begin(), names.end(), name) != names.end()) return std::string(name);
  const std::vector<std::string> found = nearest(word, names);
  return found.empty() ? std::string() : found.front();
}

/// "cowork pack list" for `list` given to the program itself.
std::string verb_elsewhere(const CLI::App& group, const std::string& word) {
  for (const CLI::App* sub : subcommands(group))
    for (const std::string& name : verb_names(*sub))
      if (name == word) return command_path(*sub) + " " + name;
  return {};
}

void take(const CLI::App& app, const std::vector<std::string>& before_mark, Leftovers& result) {
  for (const std::string& word : app.remaining()) {
    if (word == "--") continue;
    const bool option = word.size() > 1 && word.front() == '-' &&
                        std::find(before_mark.begin(), before_mark.end(), word) != before_mark.end();
    (option ? result.options : result.words).push_back(word);
  }
}

}  // namespace

const CLI::App& reached(const CLI::App& root) {
  const CLI::App* app = &root;
  for (auto parsed = app->get_subcommands(); !parsed.empty(); parsed = app->get_subcommands()) app = parsed.front();
  return *app;
}

Leftovers leftovers(const CommandTree& tree, const std::vector<std::string>& arguments) {
  const std::vector<std::string> before_mark(arguments.begin(), std::find(arguments.begin(), arguments.end(), "--"));
  Leftovers result;
  for (const CLI::App* app = &reached(tree.root()); app != nullptr; app = app->get_parent())
    take(*app, before_mark, result);
  return result;
}

Error wrong_usage(const CommandTree& tree, const CLI::App& app, std::string message) {
  return Error::invalid_argument(std::move(message))
      .with_why("usage: " + usage_line(tree, app))
      .with_remedy(command_path(app) + " --help");
}

Error unknown_option(const CommandTree& tree, const CLI::App& app, const std::string& option) {
  const std::string bare = option.substr(0, option.find('='));
  std::vector<std::string> known;
  for (const CLI::Option* candidate : app.get_options())
    for (const std::string& name : candidate->get_lnames()) known.push_back("--" + name);
  Error error = wrong_usage(tree, app, command_path(app) + " has no option " + cowork::quoted(bare));
  const std::vector<std::string> found = nearest(bare, known);
  if (!found.empty()) error.with_remedy("did you mean " + found.front() + "? " + command_path(app) + " --help");
  return error;
}

Error unknown_verb(const CommandTree& tree, const CLI::App& group, const std::string& word) {
  Error error = wrong_usage(tree, group, command_path(group) + " has no verb " + cowork::quoted(word));
  std::string names;
  for (const std::string& name : verb_names(group)) names += (names.empty() ? "" : ", ") + name;
  error.with_why("its verbs are " + names);
  if (const std::string elsewhere = verb_elsewhere(group, word); !elsewhere.empty())
    error.with_remedy("did you mean `" + elsewhere + "`?");
  else if (const std::string similar = similar_verb(group, word); !similar.empty())
    error.with_remedy("did you mean `" + command_path(group) + " " + similar + "`?");
  return error;
}

}  // namespace cowork::cli
