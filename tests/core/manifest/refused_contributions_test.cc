#include "edited_manifest.h"

namespace cowork::test {
namespace {

struct Entry {
  std::string array;
  std::string text;  ///< a valid entry with every member that is required, and some that are not
  std::vector<std::string> required;
  std::string id;
  std::string what;  ///< the id's name in messages
};

const std::vector<Entry> entries{
    {"skills",
     R"({"id": "a", "name": "A", "description": "", "prompt": "p", "icon": "i", "category": "c"})",
     {"id", "name", "description", "prompt"},
     "id",
     "skill id"},
    {"skillDirectories",
     R"({"id": "a", "path": "skills/a", "name": "A", "description": "d", "icon": "i", "category": "c"})",
     {"id", "path"},
     "id",
     "skill id"},
    {"slashCommands",
     R"({"name": "a", "description": "", "skillId": "s"})",
     {"name", "description", "skillId"},
     "name",
     "slash command"},
    {"agentRoles",
     R"({"name": "a", "displayName": "A", "icon": "i", "color": "c", "description": "d", "systemPrompt": "s"})",
     {"name", "displayName", "icon", "color"},
     "name",
     "agent role"},
    {"connectors",
     R"({"name": "a", "description": "", "inputSchema": {}, "type": "shell", "shell": {}})",
     {"name", "description", "inputSchema", "type", "shell"},
     "name",
     "connector"},
};

std::string with_entry(const Entry& entry, const json::Value& value) {
  return with_member(entry.array, '[' + json::to_text(value) + ']');
}

TEST_CASE("An entry without a required member is refused") {
  for (const Entry& entry : entries) {
    parsed_manifest(with_entry(entry, json_value(entry.text)));
    for (const std::string& member : entry.required) {
      json::Value value = json_value(entry.text);
      value.erase(member);
      check_refused(with_entry(entry, value), {"missing member \"" + member + '"', '/' + entry.array + "/0"});
    }
  }
}

TEST_CASE("A member of an entry that is of the wrong type is refused") {
  for (const Entry& entry : entries) {
    const json::Value valid = json_value(entry.text);
    for (const json::Member& member : *valid.as_object()) {
      json::Value value = json_value(entry.text);
      value.set(member.key, json_value("7"));
      const std::string wanted = member.value.is_string() ? "a string" : "an object";
      check_refused(with_entry(entry, value),
                    {"expected " + wanted + ", found a number", '/' + entry.array + "/0/" + member.key});
    }
  }
}

TEST_CASE("An id that is empty or taken is refused") {
  for (const Entry& entry : entries) {
    json::Value value = json_value(entry.text);
    value.set(entry.id, "");
    check_refused(with_entry(entry, value), {entry.id + " must not be empty", '/' + entry.array + "/0/" + entry.id});
    const std::string first = '/' + entry.array + "/0/" + entry.id;
    check_refused(with_member(entry.array, '[' + entry.text + ',' + entry.text + ']'),
                  {"duplicate " + entry.what + " \"a\", first used at " + first, '/' + entry.array + "/1/" + entry.id});
  }
}

TEST_CASE("Inline skills and those of directories share their ids") {
  check_refused(with_member("skillDirectories", R"([{"id": "prune", "path": "a"}, {"id": "water", "path": "b"}])"),
                {R"(duplicate skill id "water", first used at /skills/0/id)", "/skillDirectories/1/id"});
}

TEST_CASE("Ids of different kinds do not meet") {
  parsed_manifest(with_member("slashCommands", R"([{"name": "water", "description": "", "skillId": "water"}])"));
}

TEST_CASE("These entries are refused") {
  const auto [array, entry, message, pointer] = GENERATE(table<std::string, std::string, std::string, std::string>({
      {"skills", R"({"id": "a", "name": "A", "description": "", "prompt": "", "enabled": "true"})",
       "expected a boolean, found a string", "/enabled"},
      {"skills", R"({"id": "a", "name": "A", "description": "", "prompt": "", "enabled": 1})",
       "expected a boolean, found a number", "/enabled"},
      {"skills", R"({"id": "a", "name": "A", "description": "", "prompt": "", "parameters": {}})",
       "expected an array, found an object", "/parameters"},
      {"skills", R"({"id": "a", "name": "A", "description": "", "prompt": "", "parameters": [{}]})",
       R"(missing member "name")", "/parameters/0"},
      {"skills", R"({"id": "a", "name": "A", "description": "", "prompt": "", "parameters": [{"name": ""}]})",
       "name must not be empty", "/parameters/0/name"},
      {"skills",
       R"({"id": "a", "name": "A", "description": "", "prompt": "", "parameters": [{"name": "p", "required": 0}]})",
       "expected a boolean, found a number", "/parameters/0/required"},
      {"skills",
       R"({"id": "a", "name": "A", "description": "", "prompt": "", "parameters": [{"name": "p", "default": []}]})",
       "expected a string, a number or a boolean, found an array", "/parameters/0/default"},
      {"skills", R"({"id": "a", "name": "A", "description": "", "prompt": "\u001b[2J"})",
       R"(prompt must hold no control characters but tabs and line ends, found "\x1b[2J")", "/prompt"},
      {"skills", R"({"id": "a\nb", "name": "A", "description": "", "prompt": ""})",
       R"(id must hold no control characters, found "a\x0ab")", "/id"},
      {"skillDirectories", R"({"id": "a", "path": "/etc"})", R"(path must be relative, found "/etc")", "/path"},
      {"skillDirectories", R"({"id": "a", "path": "../outside"})",
       R"(path must stay inside the pack, found "../outside")", "/path"},
      {"skillDirectories", R"({"id": "a", "path": "skills/../a"})",
       R"(path must stay inside the pack, found "skills/../a")", "/path"},
      {"skillDirectories", R"({"id": "a", "path": ""})", "path must not be empty", "/path"},
      {"agentRoles", R"({"name": "a", "displayName": "A", "icon": "", "color": "", "capabilities": [true]})",
       "expected a string, found a boolean", "/capabilities/0"},
      {"connectors", R"({"name": "a", "description": "", "inputSchema": [], "type": "http", "http": {}})",
       "expected an object, found an array", "/inputSchema"},
      {"connectors", R"({"name": "a", "description": "", "inputSchema": {}, "type": "ftp", "ftp": {}})",
       R"(type must be one of http, shell, script; found "ftp")", "/type"},
      {"connectors", R"({"name": "a", "description": "", "inputSchema": {}, "type": "http", "shell": {}})",
       R"(missing member "http")", ""},
      {"connectors", R"({"name": "a", "description": "", "inputSchema": {}, "type": "script", "script": "x"})",
       "expected an object, found a string", "/script"},
  }));
  check_refused(with_member(array, '[' + entry + ']'), {message, '/' + array + "/0" + pointer});
}

}  // namespace
}  // namespace cowork::test
