// JSONTestSuite (Nicolas Seriot, MIT), as the corpus holds it.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "json_syntax.h"
#include "reading.h"
#include "support/catch.h"

using namespace cowork::json;

namespace {

std::filesystem::path suite_directory() {
  const char* corpus = std::getenv("COWORK_CORPUS");
  const auto root =
      corpus ? std::filesystem::path(corpus) : std::filesystem::path(COWORK_SOURCE_DIR) / "../shared/corpus";
  return root / "json-test-suite/test_parsing";
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Verdicts {
  std::set<std::string> accepted;
  std::map<std::string, std::string> refused;  // and why

  std::set<std::string> refused_names() const {
    std::set<std::string> names;
    for (const auto& [name, why] : refused) names.insert(name);
    return names;
  }
  std::size_t all() const { return accepted.size() + refused.size(); }
};

/// What `fault_of` says of the files that begin with `prefix`: null when it takes one.
template <class FaultOf>
Verdicts verdicts_of(char prefix, FaultOf fault_of) {
  Verdicts verdicts;
  for (const auto& entry : std::filesystem::directory_iterator(suite_directory())) {
    const std::string name = entry.path().filename().string();
    if (name[0] != prefix) continue;
    const std::optional<std::string> fault = fault_of(contents(entry.path()));
    if (fault)
      verdicts.refused.emplace(name, *fault);
    else
      verdicts.accepted.insert(name);
  }
  return verdicts;
}

Verdicts by_syntax(char prefix) {
  return verdicts_of(prefix, [](const std::string& text) -> std::optional<std::string> {
    const auto fault = syntax_fault(text, manifest_limits);
    return fault ? std::optional(fault->message) : std::nullopt;
  });
}

Verdicts by_profile(char prefix) {
  return verdicts_of(prefix, [](const std::string& text) -> std::optional<std::string> {
    const auto document = read(text);
    return document ? std::nullopt : std::optional(document.error().message());
  });
}

bool suite_missing() {
  if (std::filesystem::is_directory(suite_directory())) return false;
  std::cout << "SKIPPED: no JSONTestSuite at " << suite_directory() << " (set COWORK_CORPUS)\n"
            << "FIGURE: json/suite cases=0 passed=0 not-run=318 why=\"no JSONTestSuite\"\n";
  return true;
}

/// The table of docs/json.md: file to the rest of its row.
std::map<std::string, std::string> documented() {
  std::istringstream page(contents(std::filesystem::path(COWORK_SOURCE_DIR) / "docs/json.md"));
  std::map<std::string, std::string> rows;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| i_")) continue;
    const std::size_t end = line.find(" | ");
    rows.emplace(line.substr(2, end - 2), line.substr(end + 3));
  }
  return rows;
}

}  // namespace

TEST_CASE("JSONTestSuite: the syntax layer accepts all that is JSON and nothing else") {
  if (suite_missing()) return;
  const Verdicts json = by_syntax('y');
  const Verdicts no_json = by_syntax('n');
  std::cout << "FIGURE: json/syntax y=" << json.accepted.size() << '/' << json.all() << " n=" << no_json.refused.size()
            << '/' << no_json.all() << '\n';
  CHECK(json.accepted.size() == 95);
  CHECK(json.refused_names() == std::set<std::string>{});
  CHECK(no_json.accepted == std::set<std::string>{});
  CHECK(no_json.refused.size() == 188);
}

TEST_CASE("JSONTestSuite: of what is JSON the profile refuses duplicate keys and NUL, and takes nothing that is none") {
  if (suite_missing()) return;
  const Verdicts json = by_profile('y');
  CHECK(json.accepted.size() == 91);
  CHECK(json.refused == std::map<std::string, std::string>{
                            {"y_object_duplicated_key.json", "duplicate key \"a\""},
                            {"y_object_duplicated_key_and_value.json", "duplicate key \"a\""},
                            {"y_object_escaped_null_in_key.json", "NUL is not allowed"},
                            {"y_string_null_escape.json", "NUL is not allowed"},
                        });
  CHECK(by_profile('n').accepted == std::set<std::string>{});
  CHECK(by_profile('n').refused.size() == 188);
  std::cout << "FIGURE: json/profile y-refused=" << json.refused.size() << " i=" << by_profile('i').all() << '\n';
}

TEST_CASE("JSONTestSuite: docs/json.md tells our verdict on each file that RFC 8259 leaves open") {
  const std::map<std::string, std::string> rows = documented();
  CHECK(rows.size() == 35);
  if (suite_missing()) return;
  const Verdicts open = by_profile('i');
  CHECK(open.all() == 35);
  for (const std::string& name : open.accepted) {
    INFO(name);
    REQUIRE(rows.contains(name));
    CHECK_THAT(rows.at(name), Catch::StartsWith("accepted | "));
  }
  for (const auto& [name, why] : open.refused) {
    INFO(name);
    REQUIRE(rows.contains(name));
    CHECK_THAT(rows.at(name), Catch::StartsWith("refused: " + why + " | "));
  }
}
