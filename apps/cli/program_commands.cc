// `cowork paths|completion|version|help`: what needs no host.
#include <memory>

#include "command_tree.h"
#include "completion_scripts.h"
#include "cowork/base/text.h"
#include "cowork/manifest/manifest.h"
#include "help.h"
#include "json_fields.h"
#include "local_path.h"
#include "pack_view.h"
#include "standard_options.h"
#include "usage_error.h"
#include "version.h"

namespace cowork::cli {
namespace {

json::Value paths_json(const StandardPaths& paths) {
  return json::Value::object({{"home", paths.home},
                              {"builtin", paths.builtin},
                              {"organization", paths.default_organization},
                              {"extensions", paths.extensions},
                              {"machinePolicy", paths.machine_policy},
                              {"userPolicy", paths.user_policy},
                              {"machineSettings", paths.machine_settings},
                              {"userSettings", paths.user_settings},
                              {"toggles", paths.toggles},
                              {"lockRecords", paths.lock_records},
                              {"audit", paths.audit},
                              {"leases", paths.leases},
                              {"configuration", paths.configuration},
                              {"socket", paths.socket}});
}

/// Of the server's host, where one is used: its home and builtin tier, not this command's environment.
Result<StandardPaths> paths_of(Session& session) {
  COWORK_ASSIGN(StandardHostOptions options, standard_options(session.options()));
  if (!session.connected()) return standard_paths(options);
  COWORK_ASSIGN(const json::Value status, session.call("host:status"));
  options.home = text_of(status, "home");
  for (const json::Value& tier : array_of(status, "tiers"))
    if (text_of(tier, "scope") == "builtin") options.builtin_directory = text_of(tier, "path");
  StandardPaths paths = standard_paths(options);
  COWORK_ASSIGN(paths.socket, absolute_path(session.options().connect));
  return paths;
}

Result<int> print_paths(Session& session) {
  COWORK_ASSIGN(const StandardPaths found, paths_of(session));
  const json::Value paths = paths_json(found);
  if (session.json()) {
    session.document({{"paths", paths}});
    return 0;
  }
  Table table({{"WHAT"}, {"PATH"}});
  for (const json::Member& path : *paths.as_object())
    table.add({Cell(path.key, Style::bold), printable(*path.value.as_string())});
  session.print(table, false);
  return 0;
}

Result<int> print_completion(Session& session, const std::string& shell) {
  const std::string_view script = completion_script(shell);
  if (session.json())
    session.document({{"completion", json::Value::object({{"shell", shell}, {"script", script}})}});
  else
    session.print(script);
  return 0;
}

Result<int> print_help(Session& session, const CommandTree& tree, const std::vector<std::string>& words) {
  const CLI::App* app = &tree.root();
  for (const std::string& word : words) {
    const CLI::App* found = nullptr;
    for (const CLI::App* sub : subcommands(*app))
      if (sub->get_name() == word) found = sub;
    if (!found) return fail(unknown_verb(tree, *app, word));
    app = found;
  }
  const std::string text = help_text(tree, *app, session.styled());
  if (session.json())
    session.document({{"help", json::Value::object({{"command", command_path(*app)},
                                                    {"text", help_text(tree, *app, Styler(false))}})}});
  else
    session.print(text);
  return 0;
}

}  // namespace

std::string_view program_version() noexcept {
  return COWORK_VERSION;
}

void print_version(Session& session) {
  if (session.json()) {
    session.document(
        {{"version", program_version()}, {"compatibility", compatible_cowork_version}, {"platform", host_platform()}});
    return;
  }
  session.print_line("cowork " + std::string(program_version()));
  session.detail("packs for CoWork " + std::string(compatible_cowork_version) + " on " + std::string(host_platform()));
}

void add_program_commands(CommandTree& tree) {
  CLI::App& root = tree.root();
  tree.verb(root, "paths", "Show where packs, policies, settings and state are looked for.",
            {{"cowork paths", "of this user"},
             {"cowork paths --home /srv/cowork --json", "of another home"},
             {"cowork paths --connect /run/cowork.sock", "of a running server"}},
            [](Session& session) { return print_paths(session); })
      .tells_policy = false;

  auto shell = std::make_shared<std::string>();
  Verb& completion = tree.verb(root, "completion", "Print a script that completes verbs, options and names in a shell.",
                               {{"source <(cowork completion bash)", "bash, in ~/.bashrc"},
                                {"source <(cowork completion zsh)", "zsh, in ~/.zshrc after compinit"},
                                {"cowork completion fish | source", "fish"}},
                               [shell](Session& session) { return print_completion(session, *shell); });
  completion.tells_policy = false;
  completion.app->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));

  tree.verb(root, "version", "Print the version.",
            {{"cowork version", "as people read it"}, {"cowork version --json", "for a program"}},
            [](Session& session) {
              print_version(session);
              return Result<int>(0);
            })
      .tells_policy = false;

  Verb& help = tree.verb(root, "help", "Explain the program or one of its verbs.",
                         {{"cowork help", "the program"}, {"cowork help pack install", "one verb"}}, {});
  help.tells_policy = false;
  const auto words = tree.take_words(help, "VERB...", "The verb to explain", 0);
  help.action = [&tree, words](Session& session) {
    tree.complete();
    return print_help(session, tree, *words);
  };
}

}  // namespace cowork::cli
