#include "complete.h"

#include <algorithm>
#include <optional>
#include <ostream>

#include "command_tree.h"
#include "cowork/base/text.h"
#include "json_fields.h"
#include "operations.h"
#include "policy_assignment.h"

namespace cowork::cli {
namespace {

struct Candidate {
  std::string text;
  std::string about;
};
using Candidates = std::vector<Candidate>;

Candidates words(std::initializer_list<const char*> list) {
  Candidates result;
  for (const char* word : list) result.push_back({word, ""});
  return result;
}

/// Of one tier when `scope` is not empty.
Candidates packs(Session& session, std::string_view scope = {}) {
  Candidates result;
  const Result<json::Value> list = session.call("pluginPack:list");
  if (list && list->as_array())
    for (const json::Value& pack : *list->as_array())
      if (scope.empty() || text_of(pack, "scope") == scope)
        result.push_back({text_of(pack, "name"), text_of(pack, "displayName")});
  return result;
}

Candidates quarantined_packs(Session& session) {
  Candidates result;
  const Result<json::Value> held = session.call("quarantine:list");
  if (held && held->as_array())
    for (const json::Value& entry : *held->as_array()) result.push_back({text_of(entry, "name"), ""});
  return result;
}

/// The packs that a verb can do something with.
Candidates packs_for(Session& session, const CLI::App& app) {
  if (app.get_parent() && app.get_parent()->get_name() == "quarantine") return quarantined_packs(session);
  const std::string& verb = app.get_name();
  const bool installed_only = verb == "update" || verb == "remove" || verb == "verify";
  return packs(session, installed_only ? "user" : "");
}

/// Skills of active packs; of every pack called `only_pack` when that is not empty.
Candidates skills(Session& session, const std::string& only_pack) {
  Candidates result;
  const Result<json::Value> reply = only_pack.empty() ? session.call("pluginPack:getContext")
                                                      : session.call("pluginPack:get", json::Value::array({only_pack}));
  if (!reply) return result;
  for (const json::Value& skill : array_of(*reply, "skills"))
    result.push_back({text_of(skill, "id"), text_of(skill, "name")});
  return result;
}

Candidates operations(Session& session) {
  Candidates result;
  for (const json::Value& operation : known_operations(session))
    result.push_back({text_of(operation, "name"), text_of(operation, "summary")});
  return result;
}

/// The members of the policy, ready to be assigned; then the packs that a list could name.
Candidates assignments(Session& session, const std::string& current) {
  Candidates result;
  const std::size_t assigned = current.find('=');
  if (assigned == std::string::npos) {
    for (const std::string& path : policy_paths()) result.push_back({path + "=", ""});
    for (const char* list : {"packs.allowed", "packs.blocked", "packs.required", "connectors.blocked"})
      for (const char* change : {"+=", "-="}) result.push_back({std::string(list) + change, ""});
    result.push_back({":files", ""});
  } else if (current.starts_with("packs.")) {
    for (const Candidate& pack : packs(session))
      result.push_back({current.substr(0, assigned + 1) + pack.text, pack.about});
  } else if (current.starts_with("general.allow")) {
    for (const char* value : {"true", "false"}) result.push_back({current.substr(0, assigned + 1) + value, ""});
  }
  return result;
}

Candidates policy_members() {
  Candidates result;
  for (std::string& path : policy_paths()) result.push_back({std::move(path), ""});
  return result;
}

/// What a command line says before the word that is completed.
struct Place {
  const CLI::App* app = nullptr;
  std::vector<std::string> positions;
  const CLI::Option* awaiting = nullptr;  ///< an option whose value comes next
};

const CLI::Option* option_called(const CLI::App& app, const std::string& word) {
  for (const CLI::Option* option : app.get_options())
    if (option->nonpositional() && option->check_name(word)) return option;
  return nullptr;
}

const CLI::App* verb_called(const CLI::App& app, const std::string& word) {
  for (const CLI::App* sub : subcommands(app))
    if (sub->get_name() == word) return sub;
  return nullptr;
}

class Line {
 public:
  Line(CommandTree& tree, std::vector<std::string> before) : tree_(tree), before_(std::move(before)) {
    place_.app = &tree_.root();
    for (const std::string& word : before_) advance(word);
  }

  const Place& place() const { return place_; }

 private:
  void advance(const std::string& word) {
    if (place_.awaiting) {
      take_value(word);
      place_.awaiting = nullptr;
    } else if (word.size() > 1 && word.front() == '-') {
      const CLI::Option* option = option_called(*place_.app, word);
      if (option && !value_title(*option).empty()) place_.awaiting = option;
      const std::size_t equals = word.find('=');
      if (!option && equals != std::string::npos) {
        place_.awaiting = option_called(*place_.app, word.substr(0, equals));
        if (place_.awaiting) advance(word.substr(equals + 1));
      }
    } else if (const CLI::App* verb = verb_called(*place_.app, word)) {
      place_.app = verb;
    } else {
      place_.positions.push_back(word);
    }
  }

  /// Completion looks at the same host as the command will.
  void take_value(const std::string& word) {
    if (place_.awaiting->check_lname("home")) tree_.options().home = word;
    if (place_.awaiting->check_lname("builtin")) tree_.options().builtin = word;
    if (place_.awaiting->check_lname("connect")) tree_.options().connect = word;
  }

  CommandTree& tree_;
  std::vector<std::string> before_;
  Place place_;
};

/// The candidates for an argument or an option's value, by its title.
Candidates values(Session& session, const std::string& title, const Place& place, const std::string& current) {
  if (title == "PACK") return packs_for(session, *place.app);
  if (title == "SKILL")
    return skills(session, place.app->get_name() == "enable" || place.app->get_name() == "disable"
                               ? (place.positions.empty() ? "" : place.positions.front())
                               : "");
  if (title == "OPERATION") return operations(session);
  if (title == "MEMBER") return policy_members();
  if (title.starts_with("ASSIGNMENT") || title.starts_with("FILE|")) return assignments(session, current);
  if (title == "PATH" || title == "DIR") return words({":directories"});
  if (title == "SOURCE" || title == "FILE" || title == "SOCKET") return words({":files"});
  if (title == "SWITCH") return words({"on", "off"});
  if (title == "WHEN") return words({"auto", "always", "never"});
  if (title == "SCOPE") return words({"builtin", "organization", "user"});
  if (title == "STATE") return words({"active", "discovered", "disabled", "quarantined", "error"});
  if (title == "LAYER") return words({"effective", "user", "machine"});
  if (title == "BASE") return words({"last-good", "defaults"});
  if (title == "KIND") return words({"declarative", "skill", "native", "interceptor"});
  if (title == "VERDICT") return words({"allowed", "denied", "failed", "error"});
  if (title == "SHELL") return words({"bash", "zsh", "fish"});
  return {};
}

Candidates options_of(const CLI::App& app) {
  Candidates result;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) result.push_back({"--" + name, option->get_description()});
  return result;
}

std::optional<std::string> argument_title(const CommandTree& tree, const Place& place) {
  std::size_t index = 0;
  for (const CLI::Option* option : place.app->get_options())
    if (option->get_positional() && index++ == place.positions.size()) return option->get_name(true);
  const Words& rest = tree.verb_of(place.app).words;
  return rest.values ? std::optional(rest.title) : std::nullopt;
}

Candidates help_verbs(const CommandTree& tree, const Place& place) {
  const CLI::App* app = &tree.root();
  for (const std::string& word : place.positions)
    if (const CLI::App* verb = verb_called(*app, word)) app = verb;
  Candidates result;
  for (const CLI::App* sub : subcommands(*app)) result.push_back({sub->get_name(), sub->get_description()});
  return result;
}

Candidates fitting(const CommandTree& tree, Session& session, const Place& place, const std::string& current) {
  if (place.awaiting) return values(session, value_title(*place.awaiting), place, current);
  if (current.starts_with("-")) {
    const std::size_t equals = current.find('=');
    const CLI::Option* option =
        equals == std::string::npos ? nullptr : option_called(*place.app, current.substr(0, equals));
    if (!option) return options_of(*place.app);
    Candidates result = values(session, value_title(*option), place, current.substr(equals + 1));
    for (Candidate& candidate : result)
      if (!candidate.text.starts_with(":")) candidate.text.insert(0, current.substr(0, equals + 1));
    return result;
  }
  Candidates result;
  for (const CLI::App* sub : subcommands(*place.app)) result.push_back({sub->get_name(), sub->get_description()});
  if (!result.empty()) return result;
  const std::optional<std::string> title = argument_title(tree, place);
  if (title == "VERB...") return help_verbs(tree, place);
  return title ? values(session, *title, place, current) : Candidates{};
}

void print(Terminal& terminal, const Candidates& candidates, const std::string& current) {
  for (const Candidate& candidate : candidates) {
    if (!candidate.text.starts_with(":") && !candidate.text.starts_with(current)) continue;
    terminal.out << printable(candidate.text);
    if (!candidate.about.empty()) terminal.out << '\t' << printable(candidate.about);
    terminal.out << '\n';
  }
}

int complete_line(std::vector<std::string> line, Terminal& terminal, const ClientFactory& factory) {
  const std::string current = line.empty() ? std::string() : line.back();
  if (!line.empty()) line.pop_back();
  const std::unique_ptr<CommandTree> tree = make_command_tree();
  const Line before(*tree, std::move(line));
  GlobalOptions options = tree->options();
  options.quiet = true;
  Session session(options, terminal, factory);
  print(terminal, fitting(*tree, session, before.place(), current), current);
  return 0;
}

}  // namespace

int complete(const std::vector<std::string>& arguments, Terminal& terminal, const ClientFactory& factory) {
  if (arguments.empty()) return 2;
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (arguments.front() == "line") return complete_line(rest, terminal, factory);
  GlobalOptions options;
  options.quiet = true;
  Session session(options, terminal, factory);
  if (arguments.front() == "packs")
    print(terminal, packs(session), "");
  else if (arguments.front() == "skills")
    print(terminal, skills(session, ""), "");
  else if (arguments.front() == "operations")
    print(terminal, operations(session), "");
  else
    return 2;
  return 0;
}

}  // namespace cowork::cli
