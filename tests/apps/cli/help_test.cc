// Help begins with examples, fits 80 columns, and is there for every verb.
#include "help.h"

#include <sstream>

#include "command_tree.h"
#include "fake_client.h"
#include "support/catch.h"

using namespace cowork::cli;
using namespace cowork::cli::test;

namespace {

void collect(const CLI::App& app, std::vector<const CLI::App*>& all) {
  all.push_back(&app);
  for (const CLI::App* sub : subcommands(app)) collect(*sub, all);
}

std::vector<std::string> words_of(const CLI::App& app) {
  std::istringstream path(command_path(app));
  std::vector<std::string> words;
  for (std::string word; path >> word;) words.push_back(word);
  words.erase(words.begin());
  return words;
}

}  // namespace

TEST_CASE("every help begins with examples and fits 80 columns") {
  const auto tree = make_command_tree();
  std::vector<const CLI::App*> all;
  collect(tree->root(), all);
  CHECK(all.size() > 30);
  for (const CLI::App* app : all) {
    const std::string text = help_text(*tree, *app, Styler(false));
    INFO(text);
    CHECK(text.starts_with("EXAMPLES\n  "));
    CHECK(text.find("\nUSAGE\n  " + command_path(*app)) != std::string::npos);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) CHECK(display_width(line) <= 80);
  }
}

TEST_CASE("every example is a command line of its verb") {
  const auto tree = make_command_tree();
  std::vector<const CLI::App*> all;
  collect(tree->root(), all);
  for (const CLI::App* app : all)
    for (const Example& example : tree->verb_of(app).examples) {
      INFO(example.command);
      CHECK(example.command.find(command_path(*app)) != std::string::npos);
    }
}

TEST_CASE("--help, -h and help say the same, on stdout, with status 0") {
  const auto tree = make_command_tree();
  std::vector<const CLI::App*> all;
  collect(tree->root(), all);
  for (const CLI::App* app : all) {
    FakeHost host;
    std::vector<std::string> line = words_of(*app);
    line.insert(line.begin(), "help");
    const Ran said = run(host, line);
    CHECK(said.status == 0);
    CHECK(said.out == help_text(*tree, *app, Styler(false)));
    for (const char* flag : {"--help", "-h"}) {
      line = words_of(*app);
      line.emplace_back(flag);
      const Ran ran = run(host, line);
      CHECK(ran.status == 0);
      CHECK(ran.out == said.out);
      CHECK(ran.err.empty());
    }
    CHECK(host.calls.empty());
  }
}

TEST_CASE("the program's help names the exit statuses") {
  FakeHost host;
  const std::string text = run(host, {"--help"}).out;
  for (const char* line : {"  0  success", "  2  invalid-argument, wrong usage",
                           "  3  policy-denied, policy-unavailable", "  8  invalid-manifest, invalid-policy"})
    CHECK(text.find(line) != std::string::npos);
}

TEST_CASE("help for a verb that does not exist suggests one") {
  FakeHost host;
  const Ran ran = run(host, {"help", "polcy"});
  CHECK(ran.status == 2);
  CHECK(ran.err.find("try: did you mean `cowork policy`?") != std::string::npos);
}
