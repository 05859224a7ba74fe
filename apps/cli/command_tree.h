// The verbs: what each is called, what it takes, how it is explained, and what it does.
//
// Threads: one. Ownership: the tree owns the parser and everything that verbs keep.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "cowork/base/result.h"
#include "global_options.h"
#include "session.h"

namespace cowork::cli {

/// What a verb does; the value is the exit status.
using Action = std::function<Result<int>(Session&)>;

struct Example {
  std::string command;
  std::string meaning;
};

/// Words that a verb takes as they are, as many as there are.
struct Words {
  std::string title;  ///< as usage shows it, such as `ASSIGNMENT...`
  std::string description;
  std::size_t at_least = 0;
  std::shared_ptr<std::vector<std::string>> values;
};

struct Verb {
  CLI::App* app = nullptr;
  std::vector<Example> examples;
  std::string note;          ///< a paragraph of the help
  Action action;             ///< none: only a group of verbs
  Words words;               ///< `values` is null for a verb that takes none
  bool tells_policy = true;  ///< false: reports on the policy itself, or needs no host
  bool has_global_options = false;
};

class CommandTree {
 public:
  /// The program with its global flags and no verbs.
  CommandTree();
  CommandTree(const CommandTree&) = delete;
  CommandTree& operator=(const CommandTree&) = delete;

  CLI::App& root() noexcept { return *root_; }
  const CLI::App& root() const noexcept { return *root_; }
  GlobalOptions& options() noexcept { return options_; }

  Verb& group(const std::string& name, const std::string& description, std::vector<Example> examples) {
    return group(*root_, name, description, std::move(examples));
  }
  Verb& group(CLI::App& parent, const std::string& name, const std::string& description, std::vector<Example> examples);
  Verb& verb(CLI::App& parent, const std::string& name, const std::string& description, std::vector<Example> examples,
             Action action);
  /// Lets a verb take words as they are: brackets and braces have no meaning to the parser.
  std::shared_ptr<std::vector<std::string>> take_words(Verb& verb, std::string title, std::string description,
                                                       std::size_t at_least);

  /// Gives every verb its global options. Parsing does so by itself for the verbs that it meets: most of the time that
  /// the tree takes goes into them.
  void complete();

  Verb& verb_of(const CLI::App* app) { return *verbs_.at(app); }
  const Verb& verb_of(const CLI::App* app) const { return *verbs_.at(app); }

 private:
  Verb& remember(CLI::App* app, std::vector<Example> examples);
  void add_global_options(Verb& verb);

  std::unique_ptr<CLI::App> root_;
  GlobalOptions options_;
  std::unordered_map<const CLI::App*, std::unique_ptr<Verb>> verbs_;
};

// The verb groups, one file each.
void add_pack_commands(CommandTree& tree);
void add_pack_changes(CommandTree& tree, CLI::App& pack);
void add_pack_installs(CommandTree& tree, CLI::App& pack);
void add_pack_registry(CommandTree& tree, CLI::App& pack);
void add_pack_validation(CommandTree& tree, CLI::App& pack);
void add_pack_quarantine(CommandTree& tree, CLI::App& pack);
void add_skill_commands(CommandTree& tree);
void add_policy_commands(CommandTree& tree);
void add_policy_questions(CommandTree& tree, CLI::App& policy);
void add_policy_changes(CommandTree& tree, CLI::App& policy);
void add_host_commands(CommandTree& tree);
void add_serve_command(CommandTree& tree);
void add_open_command(CommandTree& tree);
void add_audit_command(CommandTree& tree);
void add_doctor_command(CommandTree& tree);
void add_program_commands(CommandTree& tree);

/// All of them, complete.
std::unique_ptr<CommandTree> make_command_tree();
/// All of them, for parsing one command line.
std::unique_ptr<CommandTree> make_parser();

/// "cowork pack list": how to call `app`.
std::string command_path(const CLI::App& app);
/// What stands for an option's value in help, such as `DIR`; empty for a flag.
std::string value_title(const CLI::Option& option);
/// Its visible verbs, in the order in which they were added.
std::vector<const CLI::App*> subcommands(const CLI::App& app);

/// Groups of options in help and completion.
inline constexpr const char* global_group = "GLOBAL OPTIONS";
inline constexpr const char* option_group = "OPTIONS";

}  // namespace cowork::cli
