// sample-packs/invalid: one specimen for every rule, each with what must be said about it.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "cowork/base/json_reader.h"
#include "cowork/catalog/catalog.h"
#include "tiers.h"

using namespace cowork;
using namespace cowork::test;
namespace fs = std::filesystem;

namespace {

const fs::path specimens = fs::path(COWORK_SOURCE_DIR) / "sample-packs/invalid";

json::Value read_expectation(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  auto document = json::parse(text, file.string(), json::manifest_limits, ErrorCode::invalid_argument);
  if (!document) FAIL(document.error().message());
  return document->root;
}

std::vector<TierRoot> roots_of(const fs::path& specimen) {
  std::vector<TierRoot> roots;
  const auto add = [&](Scope scope, const char* name) {
    if (fs::is_directory(specimen / name)) roots.push_back({scope, (specimen / name).string(), true});
  };
  add(Scope::builtin, "tier");
  add(Scope::builtin, "builtin");
  add(Scope::organization, "organization");
  add(Scope::user, "user");
  return roots;
}

void check_diagnostic(const json::Value& expected, const Diagnostic& said, const fs::path& specimen) {
  CHECK(said.code == *expected.find("code")->as_string());
  CHECK(to_string(said.severity) == *expected.find("severity")->as_string());
  CHECK_THAT(said.message, Catch::Matchers::StartsWith(*expected.find("message")->as_string()));
  CHECK(said.place.file == (specimen / *expected.find("file")->as_string()).string());
  if (const std::string* pointer = expected.find("pointer")->as_string()) CHECK(said.place.pointer == *pointer);
  if (const auto line = expected.find("line")->as_int64()) CHECK(said.place.line == *line);
}

void check_specimen(const fs::path& specimen) {
  const json::Value expected = read_expectation(specimen / "expect.json");
  const auto source = loaders::make_directory_pack_source(make_real_disk());
  const auto catalog = Catalog::build(source->scan(roots_of(specimen), nullptr), nullptr);
  json::Value listed = json::Value::array();
  bool faulty = false;
  for (std::size_t i = 0; i < catalog->size(); ++i) {
    listed.push_back(std::string((*catalog)[i].name()));
    faulty = faulty || catalog->fault(i) != nullptr;
  }
  CHECK(json::to_text(listed) == json::to_text(*expected.find("listed")));
  CHECK(faulty == (expected.find("state") != nullptr));
  if (expected.find("code")->is_null()) {
    for (const Diagnostic& said : catalog->diagnostics()) FAIL_CHECK(said.code << ": " << said.message);
    return;
  }
  CHECK(catalog->diagnostics().size() == 1);
  if (catalog->diagnostics().empty()) return;
  check_diagnostic(expected, catalog->diagnostics().front(), specimen);
}

}  // namespace

TEST_CASE("every specimen gets what its expect.json says") {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(specimens)) {
    if (!entry.is_directory()) continue;
    INFO(entry.path().filename().string());
    check_specimen(fs::canonical(entry.path()));
    ++count;
  }
  CHECK(count > 100);
}
