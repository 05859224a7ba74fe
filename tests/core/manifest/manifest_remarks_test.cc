#include "edited_manifest.h"

namespace cowork::test {
namespace {

struct Remark {
  std::string code;
  std::string message;
  std::string pointer;

  bool operator==(const Remark&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Remark& remark) {
  return out << remark.code << ": " << remark.message << " (" << remark.pointer << ')';
}

std::vector<Remark> remarks_on(const std::string& text) {
  const auto parsed = parse_manifest(text, "m.json");
  if (!parsed) FAIL(parsed.error().message());
  std::vector<Remark> remarks;
  for (const ManifestRemark& remark : parsed->remarks) {
    CHECK(remark.place.file == "m.json");
    CHECK(remark.place.line > 0);
    remarks.push_back({remark.code, remark.message, remark.place.pointer});
  }
  return remarks;
}

TEST_CASE("Unknown fields are remarked and kept") {
  const std::string text = with_member("metadata", R"({"upstream": 1})");
  CHECK(remarks_on(text) == std::vector<Remark>{{"unknown-field", R"(unknown field "metadata")", "/metadata"}});
  CHECK(*parse_manifest(text, "m.json")->document.find("metadata") == json_value(R"({"upstream": 1})"));
}

TEST_CASE("A misspelt field is remarked with what was probably meant") {
  CHECK(remarks_on(with_member("catgeory", R"("x")")) ==
        std::vector<Remark>{{"unknown-field", R"(unknown field "catgeory"; did you mean "category"?)", "/catgeory"}});
}

TEST_CASE("Unknown fields of entries are remarked, those of free-form parts are not") {
  json::Value document = json_value(with_member("platform", R"({"arch": "x64"})"));
  document.set("skills", json_value(R"([{"id": "s", "name": "S", "description": "", "prompt": "", "priority": 1,
    "parameters": [{"name": "p", "options": []}]}])"));
  document.set("connectors", json_value(R"([{"name": "c", "description": "", "inputSchema": {"x": 1}, "type": "http",
    "http": {"anything": 1}, "retries": 1}])"));
  document.set("configSchema",
               json_value(R"({"type": "object", "properties": {"a": {"type": "string", "b": 1}}, "c": 1})"));
  document.set("capabilities", json_value(R"({"x": 1})"));
  CHECK(remarks_on(json::to_text(document)) ==
        std::vector<Remark>{{"unknown-field", R"(unknown field "priority")", "/skills/0/priority"},
                            {"unknown-field", R"(unknown field "arch")", "/platform/arch"},
                            {"unknown-field", R"(unknown field "retries")", "/connectors/0/retries"}});
}

TEST_CASE("A remark points at the key") {
  const auto parsed = parse_manifest(R"({
  "name": "garden", "displayName": "Garden", "version": "1.0.0", "description": "", "type": "pack", "main": "x",
  "extra" : 1
})",
                                     "m.json");
  REQUIRE(parsed.has_value());
  REQUIRE(parsed->remarks.size() == 1);
  CHECK(parsed->remarks[0].place == SourcePlace{"m.json", 3, 3, "/extra"});
}

TEST_CASE("A slash command with an unknown skill is remarked") {
  json::Value document = json_value(with_member("skillDirectories", R"([{"id": "prune", "path": "a"}])"));
  document.set("slashCommands", json_value(R"([{"name": "w", "description": "", "skillId": "water"},
    {"name": "p", "description": "", "skillId": "prune"}, {"name": "m", "description": "", "skillId": "mow"}])"));
  CHECK(remarks_on(json::to_text(document)) ==
        std::vector<Remark>{
            {"unknown-skill", R"(unknown skill "mow" of slash command "m")", "/slashCommands/2/skillId"}});
}

TEST_CASE("Remarks end after a hundred, and say so") {
  json::Value document = json_value(valid_manifest);
  for (int i = 0; i < 5000; ++i) document.as_object()->push_back({"x" + std::to_string(i), 1});
  const std::vector<Remark> remarks = remarks_on(json::to_text(document));
  REQUIRE(remarks.size() == 101);
  CHECK(remarks[99].message == R"(unknown field "x99")");
  CHECK(remarks[100].message == "more than 100 remarks; the rest is left out");
}

}  // namespace
}  // namespace cowork::test
