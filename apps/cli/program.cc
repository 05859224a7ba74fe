#include "program.h"

#include <algorithm>
#include <exception>
#include <ostream>

#include "command_tree.h"
#include "complete.h"
#include "help.h"
#include "usage_error.h"
#include "version.h"

namespace cowork::cli {
namespace {

/// What the parser made of the arguments: a verb to run, or an exit status that is already decided.
struct Parsed {
  const Verb* verb = nullptr;
  int status = 0;
};

int report(Session& session, const Error& error) {
  session.report(error);
  return exit_status(error.code());
}

/// A request that can't be carried out as it is written is explained by the verb's help, where nothing better is known.
Error with_help(const Verb& verb, Error error) {
  if (error.code() == ErrorCode::invalid_argument && error.remedy().empty())
    error.with_remedy(command_path(*verb.app) + " --help");
  return error;
}

class Program {
 public:
  Program(const std::vector<std::string>& arguments, Terminal& terminal, const ClientFactory& factory)
      : arguments_(arguments), terminal_(terminal), factory_(factory), tree_(make_parser()) {}

  int run() {
    const Parsed parsed = parse();
    if (!parsed.verb) return parsed.status;
    Session session(tree_->options(), terminal_, factory_);
    if (parsed.verb->tells_policy) session.tell_invalid_policy();
    const Result<int> status = parsed.verb->action(session);
    if (!status) return report(session, with_help(*parsed.verb, status.error()));
    if (tree_->options().dry_run) session.say("dry run: nothing was changed");
    return *status;
  }

 private:
  Parsed parse() {
    std::vector<std::string> reversed(arguments_.rbegin(), arguments_.rend());
    try {
      tree_->root().parse(reversed);
    } catch (const CLI::CallForHelp&) {
      const Styler styler(wants_color(tree_->options(), terminal_, terminal_.out_is_terminal));
      terminal_.out << help_text(*tree_, reached(tree_->root()), styler);
      return {};
    } catch (const CLI::CallForVersion&) {
      Session session(early_options(), terminal_, factory_);
      print_version(session);
      return {};
    } catch (const CLI::ParseError& error) {
      return refuse(why_not_parsed(error.what()));
    }
    return take_leftovers();
  }

  Parsed take_leftovers() {
    const CLI::App& app = reached(tree_->root());
    const Verb& verb = tree_->verb_of(&app);
    const Leftovers rest = leftovers(*tree_, arguments_);
    if (!rest.options.empty()) return refuse(unknown_option(*tree_, app, rest.options.front()));
    if (const GlobalOptions& given = tree_->options(); !given.connect.empty() && given.names_a_host())
      return refuse(wrong_usage(*tree_, app, "--connect goes without --home and --builtin: the server has its own"));
    if (!verb.words.values && !rest.words.empty())
      return refuse(wrong_usage(*tree_, app, command_path(app) + " takes no argument \"" + rest.words.front() + "\""));
    if (rest.words.size() < verb.words.at_least)
      return refuse(wrong_usage(*tree_, app, verb.words.title + " is missing"));
    if (verb.words.values) *verb.words.values = rest.words;
    return {.verb = &verb};
  }

  /// The fault that a person would name first: an option or a verb that does not exist, rather than what it left
  /// missing.
  Error why_not_parsed(const std::string& message) {
    const CLI::App& app = reached(tree_->root());
    const Leftovers rest = leftovers(*tree_, arguments_);
    if (!rest.options.empty()) return unknown_option(*tree_, app, rest.options.front());
    if (subcommands(app).empty()) return wrong_usage(*tree_, app, message);
    if (!rest.words.empty()) return unknown_verb(*tree_, app, rest.words.front());
    if (arguments_.empty() || message.find("subcommand") != std::string::npos) bare_ = &app;
    return bare_ ? wrong_usage(*tree_, app, command_path(app) + " needs a verb") : wrong_usage(*tree_, app, message);
  }

  Parsed refuse(const Error& error) {
    Session session(early_options(), terminal_, factory_);
    if (bare_ && !session.json()) {
      terminal_.err << help_text(*tree_, *bare_, session.styled_words());
      return {.status = exit_status(error.code())};
    }
    return {.status = report(session, error)};
  }

  /// The flags of a command line that could not be read: only what decides how to say so.
  GlobalOptions early_options() const {
    GlobalOptions options = tree_->options();
    const auto end = std::find(arguments_.begin(), arguments_.end(), "--");
    options.json = std::find(arguments_.begin(), end, "--json") != end;
    return options;
  }

  const std::vector<std::string>& arguments_;
  Terminal& terminal_;
  const ClientFactory& factory_;
  std::unique_ptr<CommandTree> tree_;
  const CLI::App* bare_ = nullptr;
};

int run_guarded(const std::vector<std::string>& arguments, Terminal& terminal, const ClientFactory& factory) {
  if (!arguments.empty() && arguments.front() == "__complete")
    return complete({arguments.begin() + 1, arguments.end()}, terminal, factory);
  return Program(arguments, terminal, factory).run();
}

}  // namespace

int run(const std::vector<std::string>& arguments, Terminal& terminal, const ClientFactory& factory) {
  Session session({}, terminal, factory);
  try {
    const int status = run_guarded(arguments, terminal, factory);
    terminal.out.flush();
    if (terminal.out.good()) return status;
    return report(session, Error::io("cannot write to standard output").with_remedy("check where the output goes"));
  } catch (const std::exception& exception) {
    return report(session, Error::internal(std::string("an exception reached the command line: ") + exception.what()));
  }
}

}  // namespace cowork::cli
