#include "refusal.h"

#include <sstream>

namespace cowork::test {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void check_three_lines(const std::string& words, const Refusal& expected) {
  INFO("stderr: " << words);
  std::vector<std::string> lines = lines_of(words);
  // A policy that is invalid is told of before.
  std::erase_if(lines, [](const std::string& line) { return line.starts_with("warning: "); });
  REQUIRE(lines.size() == 3);
  CHECK_THAT(lines[0], Catch::StartsWith("error[" + expected.code + "]: " + expected.begins));
  CHECK_THAT(lines[1], Catch::StartsWith("  why: "));
  CHECK(lines[1].size() > std::string("  why: ").size());
  CHECK_THAT(lines[2], Catch::StartsWith("  try: "));
  CHECK(lines[2].size() > std::string("  try: ").size());
  CHECK_THAT(lines[0], !Catch::EndsWith("."));
}

}  // namespace

json::Value check_refused(const CommandLine& cli, const Arguments& command, const Refusal& expected) {
  std::string shown = "cowork";
  for (const std::string& argument : command) shown += " " + argument;
  INFO(shown);
  const std::string before = cli.tree_hash();
  const Ran for_people = cli.run(command);
  CHECK(for_people.status == expected.status);
  CHECK(for_people.out == "");
  check_three_lines(for_people.err, expected);
  const JsonRan for_programs = cli.json(command);
  INFO("stdout: " << json::to_text(for_programs.document));
  CHECK(for_programs.status == expected.status);
  CHECK(at(for_programs.document, "/format_version") == json::Value("1.0"));
  const json::Value& error = at(for_programs.document, "/error");
  CHECK(text_at(error, "/code") == expected.code);
  CHECK_THAT(text_at(error, "/message"), Catch::StartsWith(expected.begins));
  CHECK(text_at(error, "/why") != "");
  CHECK(text_at(error, "/try") != "");
  CHECK(at(error, "/data").is_object());
  CHECK(cli.tree_hash() == before);
  return error;
}

json::Value check_call_refused(const CommandLine& cli, const std::string& operation, const std::string& parameters,
                               const Refusal& expected) {
  Arguments command{"call", operation};
  if (!parameters.empty()) command.push_back(parameters);
  return check_refused(cli, command, expected);
}

}  // namespace cowork::test
