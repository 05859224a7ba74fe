#include "edited_manifest.h"

namespace cowork::test {
namespace {

TEST_CASE("A manifest without a required member is refused") {
  for (const std::string member : {"name", "displayName", "version", "description", "type"}) {
    check_refused(without_member(member), {"missing member \"" + member + '"', ""});
  }
}

TEST_CASE("A manifest that brings nothing is refused") {
  const Refusal nothing{
      "a pack brings \"main\" or at least one of skills, skillDirectories, agentRoles, connectors, slashCommands", ""};
  check_refused(without_member("skills"), nothing);
  check_refused(with_member("skills", "[]"), nothing);
  json::Value document = json_value(with_member("skills", "[]"));
  for (const char* member : {"skillDirectories", "agentRoles", "connectors", "slashCommands"}) {
    document.set(member, json::Value::array());
  }
  check_refused(json::to_text(document), nothing);
}

TEST_CASE("A manifest is an object") {
  check_refused("[]", {"expected an object, found an array", ""});
  check_refused("null", {"expected an object, found null", ""});
  check_refused("\"pack\"", {"expected an object, found a string", ""});
}

TEST_CASE("A member of the wrong type is refused, and nothing is coerced") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> members{
      {"a string",
       {"name", "displayName", "version", "description", "type", "main", "author", "license", "homepage",
        "coworkVersion", "icon", "category", "scope", "personaTemplateId"}},
      {"an array",
       {"keywords", "recommendedConnectors", "tryAsking", "bestFitWorkflows", "outcomeExamples", "skills",
        "skillDirectories", "slashCommands", "agentRoles", "connectors"}},
      {"an object", {"platform", "configSchema"}},
      {"an object or an array", {"capabilities", "dependencies", "peerDependencies"}},
  };
  const std::vector<std::pair<std::string, std::string>> values{
      {"a string", R"("x")"}, {"a number", "1"},  {"a boolean", "true"},
      {"null", "null"},       {"an array", "[]"}, {"an object", "{}"},
  };
  for (const auto& [wanted, names] : members) {
    for (const std::string& member : names) {
      for (const auto& [found, value] : values) {
        if (wanted.find(found) != std::string::npos) continue;
        check_refused(with_member(member, value), {"expected " + wanted + ", found " + found, '/' + member});
      }
    }
  }
}

TEST_CASE("An item of the wrong type is refused where it stands") {
  for (const std::string member : {"keywords", "recommendedConnectors", "tryAsking", "bestFitWorkflows"}) {
    check_refused(with_member(member, R"(["a", 1])"), {"expected a string, found a number", '/' + member + "/1"});
  }
  for (const std::string member : {"skills", "skillDirectories", "slashCommands", "agentRoles", "connectors"}) {
    check_refused(with_member(member, R"(["a"])"), {"expected an object, found a string", '/' + member + "/0"});
  }
  check_refused(with_member("outcomeExamples", R"(["a", {}, []])"),
                {"expected a string or an object, found an array", "/outcomeExamples/2"});
}

TEST_CASE("A name is refused unless its bytes match the pattern") {
  const auto [value, shown] = GENERATE(table<std::string, std::string>({
      {"Evil", R"("Evil")"},
      {"evil ", R"("evil ")"},
      {" evil", R"(" evil")"},
      {"", R"("")"},
      {"..", R"("..")"},
      {"a/b", R"("a/b")"},
      {"-a", R"("-a")"},
      {"a.b", R"("a.b")"},
      {"ev\u200bil", R"("ev\u{200b}il")"},
      {"\u0435vil", "\"\u0435vil\""},
      {R"(a\u001b[2J)", R"("a\x1b[2J")"},
      {R"(a\n)", R"("a\x0a")"},
      {std::string(129, 'a'), '"' + std::string(80, 'a') + "…\""},
  }));
  check_refused(with_member("name", '"' + value + '"'),
                {"name must match ^[a-z0-9][a-z0-9_-]{0,127}$, found " + shown, "/name"});
}

TEST_CASE("These values of members are refused") {
  const auto [member, value, message, pointer] = GENERATE(table<std::string, std::string, std::string, std::string>({
      {"displayName", R"("")", "displayName must not be empty", "/displayName"},
      {"version", R"("1.0")", R"(version must be SemVer 2.0.0, found "1.0")", "/version"},
      {"version", R"("v1.0.0")", R"(version must be SemVer 2.0.0, found "v1.0.0")", "/version"},
      {"version", R"("1.0.0/../../x")", R"(version must be SemVer 2.0.0, found "1.0.0/../../x")", "/version"},
      {"version", R"("1.0.0\u001b[2J")", R"(version must be SemVer 2.0.0, found "1.0.0\x1b[2J")", "/version"},
      {"coworkVersion", R"(">=1.0.0")", R"(coworkVersion must be SemVer 2.0.0, found ">=1.0.0")", "/coworkVersion"},
      {"coworkVersion", R"("")", R"(coworkVersion must be SemVer 2.0.0, found "")", "/coworkVersion"},
      {"type", R"("x")", R"(type must be one of pack, tool, channel, provider, integration; found "x")", "/type"},
      {"type", R"("Pack")", R"(type must be one of pack, tool, channel, provider, integration; found "Pack")", "/type"},
      {"platform", R"({"os": "beos"})", R"(platform.os must be one of linux, darwin, win32; found "beos")",
       "/platform/os"},
      {"platform", R"({"os": ["linux", "beos"]})", R"(platform.os must be one of linux, darwin, win32; found "beos")",
       "/platform/os/1"},
      {"platform", R"({"os": [1]})", "expected a string, found a number", "/platform/os/0"},
      {"platform", R"({"os": {}})", "expected a string or an array of strings, found an object", "/platform/os"},
      {"main", R"("")", "main must not be empty", "/main"},
      {"main", R"("/usr/lib/x.so")", R"(main must be relative, found "/usr/lib/x.so")", "/main"},
      {"main", R"("../../x.so")", R"(main must stay inside the pack, found "../../x.so")", "/main"},
      {"main", R"("a/../b.so")", R"(main must stay inside the pack, found "a/../b.so")", "/main"},
      {"main", R"("..\\x.dll")", R"(main must be separated by "/", not by a backslash, found "..\\x.dll")", "/main"},
      {"main", R"("./x.so")", R"(main must have no empty step and no "." step, found "./x.so")", "/main"},
      {"main", R"("a//x.so")", R"(main must have no empty step and no "." step, found "a//x.so")", "/main"},
      {"main", R"("x\u0007.so")", R"(main must hold no control characters, found "x\x07.so")", "/main"},
      {"configSchema", "{}", R"(missing member "type")", "/configSchema"},
      {"configSchema", R"({"type": "object"})", R"(missing member "properties")", "/configSchema"},
      {"configSchema", R"({"type": "array"})", R"(type must be "object", found "array")", "/configSchema/type"},
      {"configSchema", R"({"type": ["object"]})", "expected a string, found an array", "/configSchema/type"},
      {"configSchema", R"({"type": "object", "properties": []})", "expected an object, found an array",
       "/configSchema/properties"},
      {"configSchema", R"({"type": "object", "properties": {"a/b": {}}})", R"(missing member "type")",
       "/configSchema/properties/a~1b"},
      {"configSchema", R"({"type": "object", "properties": {"a": "string"}})", "expected an object, found a string",
       "/configSchema/properties/a"},
      {"configSchema", R"({"type": "object", "properties": {"a": {"type": "date"}}})",
       R"(type must be one of string, number, integer, boolean, array, object; found "date")",
       "/configSchema/properties/a/type"},
  }));
  check_refused(with_member(member, value), {message, pointer});
}

TEST_CASE("A refusal says in which line and column") {
  const std::string text = "{\n  \"name\": \"garden\",\n  \"displayName\": \"Garden\",\n\t\"version\": \"1.0\"\n}";
  const auto parsed = parse_manifest(text, "garden.json");
  REQUIRE_FALSE(parsed.has_value());
  CHECK(*parsed.error().place() == SourcePlace{"garden.json", 4, 13, "/version"});
  CHECK(parsed.error().why() == "garden.json:4:13 (/version)");
}

}  // namespace
}  // namespace cowork::test
