#include "help.h"

#include <algorithm>

namespace cowork::cli {
namespace {

constexpr std::size_t help_width = 80;
constexpr std::size_t widest_term = 26;

constexpr std::string_view exit_statuses = R"(
EXIT STATUS
  0  success
  1  internal, io, interceptor-failed, cancelled, timeout
  2  invalid-argument, wrong usage
  3  policy-denied, policy-unavailable
  4  not-found
  5  integrity
  6  network
  7  conflict, already-exists
  8  invalid-manifest, invalid-policy

Data goes to stdout, words go to stderr. `cowork help VERB` says more.
)";

std::string spaces(std::size_t count) {
  return std::string(count, ' ');
}

/// "  term    explanation", the explanation wrapped in a column of its own.
std::string entry(std::string_view term, std::string_view explanation, std::size_t term_width, const Styler& styler) {
  const std::size_t indent = term_width + 4;
  std::string line = "  " + styler(Style::bold, term);
  if (explanation.empty()) return line + "\n";
  if (display_width(term) > term_width)
    line += "\n" + spaces(indent);
  else
    line += spaces(indent - 2 - display_width(term));
  return line + wrapped(explanation, help_width, indent) + "\n";
}

using Entries = std::vector<std::pair<std::string, std::string>>;

std::string section(std::string_view title, const Entries& entries, const Styler& styler) {
  if (entries.empty()) return {};
  std::size_t term_width = 0;
  for (const auto& [term, explanation] : entries)
    if (display_width(term) <= widest_term) term_width = std::max(term_width, display_width(term));
  std::string text = "\n" + styler(Style::bold, title) + "\n";
  for (const auto& [term, explanation] : entries) text += entry(term, explanation, term_width, styler);
  return text;
}

/// Side by side where every example fits, else its meaning above it.
std::string examples(const std::vector<Example>& list, const Styler& styler) {
  std::size_t widest = 0;
  std::size_t widest_line = 0;
  for (const Example& example : list) widest = std::max(widest, display_width(example.command));
  for (const Example& example : list) widest_line = std::max(widest_line, widest + 6 + display_width(example.meaning));
  std::string text = styler(Style::bold, "EXAMPLES") + "\n";
  for (const Example& example : list) {
    const std::string meaning = styler(Style::dim, "# " + example.meaning);
    if (widest_line <= help_width)
      text += "  " + example.command + spaces(widest - display_width(example.command) + 2) + meaning + "\n";
    else
      text += "  " + meaning + "\n  " + example.command + "\n";
  }
  return text;
}

std::string option_term(const CLI::Option& option) {
  const auto& shorts = option.get_snames();
  const auto& longs = option.get_lnames();
  std::string term = shorts.empty() ? "    " : "-" + shorts.front() + (longs.empty() ? "" : ", ");
  if (!longs.empty()) term += "--" + longs.front();
  const std::string title = value_title(option);
  return title.empty() ? term : term + " " + title;
}

Entries option_entries(const CLI::App& app, std::string_view group) {
  Entries entries;
  for (const CLI::Option* option : app.get_options())
    if (option->nonpositional() && option->get_group() == group)
      entries.emplace_back(option_term(*option), option->get_description());
  return entries;
}

Entries argument_entries(const Verb& verb) {
  Entries entries;
  for (const CLI::Option* option : verb.app->get_options())
    if (option->get_positional()) entries.emplace_back(option->get_name(true), option->get_description());
  if (verb.words.values) entries.emplace_back(verb.words.title, verb.words.description);
  return entries;
}

Entries verb_entries(const CLI::App& app) {
  Entries entries;
  for (const CLI::App* sub : subcommands(app)) entries.emplace_back(sub->get_name(), sub->get_description());
  return entries;
}

}  // namespace

std::string usage_line(const CommandTree& tree, const CLI::App& app) {
  std::string line = command_path(app);
  if (!subcommands(app).empty()) return line + " VERB [OPTIONS]";
  const Verb& verb = tree.verb_of(&app);
  line += " [OPTIONS]";
  for (const CLI::Option* option : app.get_options())
    if (option->get_positional())
      line += option->get_required() ? " " + option->get_name(true) : " [" + option->get_name(true) + "]";
  if (verb.words.values) line += verb.words.at_least > 0 ? " " + verb.words.title : " [" + verb.words.title + "]";
  return line;
}

std::string help_text(const CommandTree& tree, const CLI::App& app, const Styler& styler) {
  const Verb& verb = tree.verb_of(&app);
  std::string text = examples(verb.examples, styler);
  text += "\n" + styler(Style::bold, "USAGE") + "\n  " + usage_line(tree, app) + "\n\n";
  text += "  " + wrapped(app.get_description(), help_width, 2) + "\n";
  if (!verb.note.empty()) text += "  " + wrapped(verb.note, help_width, 2) + "\n";
  text += section("ARGUMENTS", argument_entries(verb), styler);
  text += section("VERBS", verb_entries(app), styler);
  text += section(option_group, option_entries(app, option_group), styler);
  text += section(global_group, option_entries(app, global_group), styler);
  if (!app.get_parent()) text += exit_statuses;
  return text;
}

}  // namespace cowork::cli
