#include "edited_manifest.h"

namespace cowork::test {
namespace {

constexpr std::string_view full_manifest = R"({
  "name": "garden",
  "displayName": "Garden",
  "version": "1.2.3-beta.1+5",
  "description": "Looks after plants\nand hedges",
  "type": "integration",
  "main": "lib/garden",
  "author": "Ada",
  "license": "MIT",
  "homepage": "https://garden.example",
  "coworkVersion": "0.9.0",
  "platform": {"os": ["linux", "darwin"]},
  "keywords": ["plants", "hedges"],
  "icon": "🌱",
  "category": "Nature",
  "scope": "builtin",
  "personaTemplateId": "gardener",
  "recommendedConnectors": ["weather"],
  "tryAsking": ["When do I prune roses?"],
  "bestFitWorkflows": ["spring"],
  "outcomeExamples": ["A plan", {"title": "A calendar"}],
  "configSchema": {
    "type": "object",
    "properties": {"zone": {"type": "integer", "minimum": 1}, "names": {"type": "array"}},
    "required": ["zone"]
  },
  "capabilities": {"tools": true},
  "dependencies": ["water-pack"],
  "peerDependencies": {"soil": "^1.0.0"},
  "skills": [
    {
      "id": "water",
      "name": "Water",
      "description": "Waters",
      "icon": "💧",
      "category": "Care",
      "prompt": "Water the {{plant}}\r\n\twith {{amount}}",
      "parameters": [
        {"name": "plant", "type": "string", "description": "Which", "required": true, "options": ["rose"]},
        {"name": "amount", "default": 1.50},
        {"name": "gently", "type": "boolean", "default": true},
        {"name": "when", "default": "now"}
      ],
      "enabled": false
    }
  ],
  "skillDirectories": [
    {"id": "prune", "path": "skills/prune"},
    {"id": "sow", "path": "skills/sow", "name": "Sow", "description": "Sows", "icon": "s", "category": "Care",
     "enabled": false}
  ],
  "slashCommands": [{"name": "water", "description": "Waters now", "skillId": "water"}],
  "agentRoles": [
    {"name": "gardener", "displayName": "Gardener", "description": "Helps", "icon": "g", "color": "#00ff00",
     "capabilities": ["plan"], "systemPrompt": "You garden.\nGently."}
  ],
  "connectors": [
    {"name": "weather", "description": "", "inputSchema": {}, "type": "http", "http": {"url": "https://w.example"}},
    {"name": "pump", "description": "Pumps", "inputSchema": {"type": "object"}, "type": "shell", "shell": {}},
    {"name": "note", "description": "Notes", "inputSchema": {}, "type": "script", "script": {"file": "note.js"}}
  ]
})";

TEST_CASE("Every member of a manifest comes out where it belongs") {
  const auto parsed = parse_manifest(full_manifest, "/packs/garden/cowork.plugin.json");
  REQUIRE(parsed.has_value());
  CHECK(parsed->remarks.empty());
  CHECK(parsed->document == json_value(full_manifest));
  const PackManifest& manifest = parsed->manifest;
  CHECK(manifest.name == "garden");
  CHECK(manifest.display_name == "Garden");
  CHECK(manifest.version == "1.2.3-beta.1+5");
  CHECK(manifest.description == "Looks after plants\nand hedges");
  CHECK(manifest.type == PackType::integration);
  CHECK(manifest.main == "lib/garden");
  CHECK(manifest.author == "Ada");
  CHECK(manifest.license == "MIT");
  CHECK(manifest.homepage == "https://garden.example");
  CHECK(manifest.cowork_version == "0.9.0");
  CHECK(manifest.platforms == std::vector<std::string>{"linux", "darwin"});
  CHECK(manifest.keywords == std::vector<std::string>{"plants", "hedges"});
  CHECK(manifest.icon == "🌱");
  CHECK(manifest.category == "Nature");
  CHECK(manifest.persona_template_id == "gardener");
  CHECK(manifest.recommended_connectors == std::vector<std::string>{"weather"});
  CHECK(manifest.try_asking == std::vector<std::string>{"When do I prune roses?"});
  CHECK(manifest.best_fit_workflows == std::vector<std::string>{"spring"});
  CHECK(manifest.outcome_examples == json_value(R"(["A plan", {"title": "A calendar"}])"));
}

TEST_CASE("Every member of an entry comes out where it belongs") {
  const PackManifest manifest = parsed_manifest(std::string(full_manifest));
  REQUIRE(manifest.skills.size() == 1);
  const Skill& skill = manifest.skills[0];
  CHECK(skill.id == "water");
  CHECK(skill.name == "Water");
  CHECK(skill.description == "Waters");
  CHECK(skill.icon == "💧");
  CHECK(skill.category == "Care");
  CHECK(skill.prompt == "Water the {{plant}}\r\n\twith {{amount}}");
  CHECK_FALSE(skill.enabled);
  CHECK(skill.file.empty());

  REQUIRE(manifest.skill_directories.size() == 2);
  CHECK(manifest.skill_directories[0].id == "prune");
  CHECK(manifest.skill_directories[0].path == "skills/prune");
  CHECK(manifest.skill_directories[0].name.empty());
  CHECK(manifest.skill_directories[0].enabled);
  CHECK(manifest.skill_directories[0].place ==
        SourcePlace{"/packs/garden/cowork.plugin.json", 48, 29, "/skillDirectories/0/path"});
  CHECK(manifest.skill_directories[1].name == "Sow");
  CHECK(manifest.skill_directories[1].description == "Sows");
  CHECK_FALSE(manifest.skill_directories[1].enabled);

  REQUIRE(manifest.slash_commands.size() == 1);
  CHECK(manifest.slash_commands[0].name == "water");
  CHECK(manifest.slash_commands[0].description == "Waters now");
  CHECK(manifest.slash_commands[0].skill_id == "water");

  REQUIRE(manifest.agent_roles.size() == 1);
  const AgentRole& role = manifest.agent_roles[0];
  CHECK(role.name == "gardener");
  CHECK(role.display_name == "Gardener");
  CHECK(role.description == "Helps");
  CHECK(role.icon == "g");
  CHECK(role.color == "#00ff00");
  CHECK(role.capabilities == std::vector<std::string>{"plan"});
  CHECK(role.system_prompt == "You garden.\nGently.");

  REQUIRE(manifest.connectors.size() == 3);
  CHECK(manifest.connectors[0].name == "weather");
  CHECK(manifest.connectors[0].type == ConnectorType::http);
  CHECK(manifest.connectors[1].description == "Pumps");
  CHECK(manifest.connectors[1].type == ConnectorType::shell);
  CHECK(manifest.connectors[2].type == ConnectorType::script);
}

TEST_CASE("The default of a parameter keeps its spelling") {
  const PackManifest manifest = parsed_manifest(std::string(full_manifest));
  const std::vector<SkillParameter>& parameters = manifest.skills[0].parameters;
  REQUIRE(parameters.size() == 4);
  CHECK(parameters[0].name == "plant");
  CHECK(parameters[0].type == "string");
  CHECK(parameters[0].description == "Which");
  CHECK(parameters[0].required);
  CHECK_FALSE(parameters[0].default_value.has_value());
  CHECK(parameters[1].default_value == "1.50");
  CHECK_FALSE(parameters[1].required);
  CHECK(parameters[2].default_value == "true");
  CHECK(parameters[3].default_value == "now");
}

TEST_CASE("What a manifest leaves out has its default") {
  const PackManifest manifest = parsed_manifest(std::string(valid_manifest));
  CHECK(manifest.type == PackType::pack);
  CHECK(manifest.main.empty());
  CHECK(manifest.cowork_version.empty());
  CHECK(manifest.platforms.empty());
  CHECK(manifest.outcome_examples.is_null());
  REQUIRE(manifest.skills.size() == 1);
  CHECK(manifest.skills[0].enabled);
  CHECK(manifest.skills[0].description.empty());
}

TEST_CASE("These values of members are accepted") {
  const auto [member, value] = GENERATE(table<std::string, std::string>({
      {"name", R"("0")"},
      {"name", R"("a_b-c")"},
      {"name", '"' + std::string(128, 'a') + '"'},
      {"displayName", R"("Сад 🌱")"},
      {"description", R"("")"},
      {"description", R"("a\tb\r\nc\n")"},
      {"version", R"("0.0.0")"},
      {"type", R"("channel")"},
      {"platform", R"({})"},
      {"platform", R"({"os": "win32"})"},
      {"platform", R"({"os": []})"},
      {"author", R"("")"},
      {"keywords", "[]"},
      {"outcomeExamples", "[]"},
      {"configSchema", R"({"type": "object", "properties": {}})"},
      {"capabilities", "[]"},
      {"dependencies", "{}"},
      {"scope", R"("anything")"},
      {"main", R"("libgarden.so")"},
      {"connectors", "[]"},
  }));
  INFO(member << " " << value);
  parsed_manifest(with_member(member, value));
}

TEST_CASE("Any one kind of contribution is enough") {
  const auto [member, value] = GENERATE(table<std::string, std::string>({
      {"main", R"("libgarden.so")"},
      {"skills", R"([{"id": "a", "name": "A", "description": "", "prompt": ""}])"},
      {"skillDirectories", R"([{"id": "a", "path": "a"}])"},
      {"agentRoles", R"([{"name": "a", "displayName": "A", "icon": "", "color": ""}])"},
      {"connectors", R"([{"name": "a", "description": "", "inputSchema": {}, "type": "http", "http": {}}])"},
      {"slashCommands", R"([{"name": "a", "description": "", "skillId": "b"}])"},
  }));
  json::Value document = json_value(without_member("skills"));
  document.set(member, json_value(value));
  parsed_manifest(json::to_text(document));
}

}  // namespace
}  // namespace cowork::test
