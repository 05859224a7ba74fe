#include "command_tree.h"

namespace cowork::cli {

CommandTree::CommandTree()
    : root_(std::make_unique<CLI::App>(
          "List, switch, make and install plugin packs, and govern them by an admin policy.", "cowork")) {
  root_->require_subcommand(1);
  root_->allow_extras();
  root_->set_help_flag();
  root_
      ->add_flag_callback(
          "--version", [] { throw CLI::CallForVersion("version", 0); }, "Print the version and exit")
      ->group(option_group);
  add_global_options(remember(root_.get(), {}));
}

void CommandTree::complete() {
  for (const auto& [app, verb] : verbs_) add_global_options(*verb);
}

void CommandTree::add_global_options(Verb& verb) {
  if (verb.has_global_options) return;
  verb.has_global_options = true;
  CLI::App& app = *verb.app;
  // Every verb has them of its own: an option that falls through to a parent would let `pack info audit` find the verb
  // `audit` where a pack's name stands.
  const auto global = [](CLI::Option* option) { return option->group(global_group); };
  global(app.add_flag("--json", options_.json, "One JSON document on stdout"));
  global(app.add_flag("-q,--quiet", options_.quiet, "No words but errors"));
  global(app.add_flag("-v,--verbose", options_.verbose, "More words"));
  global(app.add_option("--color", options_.color, "auto, always or never"))
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  global(app.add_flag("-n,--dry-run", options_.dry_run, "Ask the chain, change nothing"));
  global(app.add_flag("-y,--yes", options_.yes, "Ask no questions"));
  global(app.add_option("--home", options_.home, "User data (or COWORK_HOME; default ~/.cowork)"))->type_name("DIR");
  global(app.add_option("--builtin", options_.builtin, "Builtin packs (or COWORK_BUILTIN_DIR)"))->type_name("DIR");
  global(app.add_option("--connect", options_.connect, "Use the host of the server at this socket"))
      ->type_name("SOCKET")
      ->check([](const std::string& path) { return path.empty() ? std::string("--connect names no socket") : ""; });
  global(app.set_help_flag("-h,--help", "Print this help and exit"));
}

Verb& CommandTree::remember(CLI::App* app, std::vector<Example> examples) {
  auto verb = std::make_unique<Verb>();
  verb->app = app;
  verb->examples = std::move(examples);
  app->preparse_callback([this, verb = verb.get()](std::size_t) { add_global_options(*verb); });
  return *(verbs_[app] = std::move(verb));
}

Verb& CommandTree::group(CLI::App& parent, const std::string& name, const std::string& description,
                         std::vector<Example> examples) {
  CLI::App* app = parent.add_subcommand(name, description);
  app->require_subcommand(1);
  app->allow_extras();
  return remember(app, std::move(examples));
}

Verb& CommandTree::verb(CLI::App& parent, const std::string& name, const std::string& description,
                        std::vector<Example> examples, Action action) {
  CLI::App* app = parent.add_subcommand(name, description);
  // What no option or positional takes is looked at afterwards, so that a typo gets a suggestion.
  app->allow_extras();
  app->option_defaults()->group(option_group);
  Verb& made = remember(app, std::move(examples));
  made.action = std::move(action);
  return made;
}

std::shared_ptr<std::vector<std::string>> CommandTree::take_words(Verb& verb, std::string title,
                                                                  std::string description, std::size_t at_least) {
  verb.words = {std::move(title), std::move(description), at_least, std::make_shared<std::vector<std::string>>()};
  return verb.words.values;
}

std::unique_ptr<CommandTree> make_parser() {
  auto tree = std::make_unique<CommandTree>();
  tree->verb_of(&tree->root()).examples = {
      {"cowork pack list", "every pack of the three tiers"},
      {"cowork pack new my-pack", "make a pack of your own"},
      {"cowork pack install github:acme/crm-pack", "or a directory, an archive"},
      {"cowork pack update crm", "the newest from its source"},
      {"cowork pack verify --all", "were installed packs changed?"},
      {"cowork policy show", "what is in force, and why"},
      {"cowork policy set packs.blocked+=sales-crm", "block a pack"},
      {"cowork policy explain connector:use github", "which rule decides"},
      {"cowork audit --verify", "was the trail tampered with?"},
      {"cowork serve", "let programs and the console use one host"},
      {"cowork open", "the console in the browser"},
  };
  add_pack_commands(*tree);
  add_skill_commands(*tree);
  add_policy_commands(*tree);
  add_host_commands(*tree);
  add_serve_command(*tree);
  add_open_command(*tree);
  add_audit_command(*tree);
  add_doctor_command(*tree);
  add_program_commands(*tree);
  return tree;
}

std::unique_ptr<CommandTree> make_command_tree() {
  auto tree = make_parser();
  tree->complete();
  return tree;
}

std::string command_path(const CLI::App& app) {
  return app.get_parent() ? command_path(*app.get_parent()) + " " + app.get_name() : app.get_name();
}

std::string value_title(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return {};
  // The parser adds what a value is checked against.
  const std::string name = option.get_type_name();
  return name.substr(0, name.find(':'));
}

std::vector<const CLI::App*> subcommands(const CLI::App& app) {
  std::vector<const CLI::App*> result;
  for (const CLI::App* sub :
       app.get_subcommands([](const CLI::App* candidate) { return !candidate->get_group().empty(); }))
    result.push_back(sub);
  return result;
}

}  // namespace cowork::cli
