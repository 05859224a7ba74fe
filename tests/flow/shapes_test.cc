// SPEC §7: what operations answer, as `cowork call` prints it, and §9: the documents of the verbs.
#include <set>

#include "four_packs.h"
#include "refusal.h"

namespace cowork::test {
namespace {

std::set<std::string> members(const json::Value& object) {
  std::set<std::string> names;
  if (object.as_object())
    for (const json::Member& member : *object.as_object()) names.insert(member.key);
  return names;
}

void check_has(const json::Value& object, const std::vector<std::string>& wanted) {
  INFO(json::to_text(object));
  const std::set<std::string> there = members(object);
  for (const std::string& name : wanted) {
    INFO(name);
    CHECK(there.contains(name));
  }
}

/// A world with one pack that has everything.
class Rich : public CommandLine {
 public:
  Rich() {
    mini_pack("builtin/full", "full-pack", R"({
      "icon": "F", "category": "Testing", "author": "somebody", "personaTemplateId": "tester",
      "recommendedConnectors": ["crm"], "tryAsking": ["What?"], "bestFitWorkflows": ["work"], "outcomeExamples": ["done"],
      "skills": [{"id": "greet", "name": "Greet", "description": "d", "icon": "G",
                  "prompt": "Hello {{who}}, from {{from}}!",
                  "parameters": [{"name": "who", "type": "string", "description": "w", "required": true},
                                 {"name": "from", "type": "string", "description": "f", "default": "us"}]}],
      "skillDirectories": [{"id": "long", "path": "skills/long"}],
      "slashCommands": [{"name": "hi", "description": "d", "skillId": "greet"}],
      "agentRoles": [{"name": "greeter", "displayName": "Greeter", "icon": "R", "color": "#fff",
                      "systemPrompt": "Be kind"}],
      "connectors": [{"name": "crm", "description": "d", "inputSchema": {"type": "object"}, "type": "http",
                      "http": {"url": "https://crm.example"}}]})");
    write("builtin/full/skills/long/SKILL.md", "---\nname: Long\ndescription: A long one\n---\n\nDo it well.\n");
  }
};

TEST_CASE("A pack as it is listed", "[shapes]") {
  const Rich cli;
  const json::Value pack = cli.pack("full-pack");
  CHECK(members(pack) == std::set<std::string>{"name",
                                               "displayName",
                                               "version",
                                               "description",
                                               "type",
                                               "icon",
                                               "category",
                                               "author",
                                               "scope",
                                               "path",
                                               "alias",
                                               "personaTemplateId",
                                               "recommendedConnectors",
                                               "tryAsking",
                                               "bestFitWorkflows",
                                               "outcomeExamples",
                                               "skills",
                                               "slashCommands",
                                               "agentRoles",
                                               "connectors",
                                               "state",
                                               "enabled",
                                               "policyBlocked",
                                               "policyRequired"});
  CHECK(text_at(pack, "/alias") == "full");
  CHECK(text_at(pack, "/path") == cli.path("builtin/full"));
  CHECK(each(at(pack, "/skills"), "id") == std::vector<std::string>{"greet", "long"});
  CHECK(at(pack, "/skills/0") == parsed(R"({"id": "greet", "name": "Greet", "description": "d", "icon": "G",
                                            "enabled": true})",
                                        "skill"));
  CHECK(at(pack, "/slashCommands") ==
        parsed(R"([{"name": "hi", "description": "d", "skillId": "greet"}])", "commands"));
  CHECK(at(pack, "/agentRoles") ==
        parsed(R"([{"name": "greeter", "displayName": "Greeter", "icon": "R", "color": "#fff"}])", "roles"));
  CHECK(at(pack, "/connectors") ==
        parsed(R"([{"name": "crm", "description": "d", "type": "http", "policyBlocked": false}])", "connectors"));
}

TEST_CASE("What active packs contribute", "[shapes]") {
  const Rich cli;
  const json::Value context = cli.call("pluginPack:getContext").document;
  CHECK(members(context) == std::set<std::string>{"connectors", "skills", "slashCommands", "agentRoles"});
  CHECK(members(at(context, "/connectors/0")) == std::set<std::string>{"id", "name", "icon", "status", "tools"});
  CHECK(at(context, "/skills/0") ==
        parsed(R"({"id": "greet", "name": "Greet", "icon": "G", "packName": "full-pack"})", "skill"));
}

TEST_CASE("A skill with its prompt, and its prompt filled in", "[shapes]") {
  const Rich cli;
  const json::Value greet = cli.call("skill:get", R"(["greet"])").document;
  CHECK(text_at(greet, "/prompt") == "Hello {{who}}, from {{from}}!");
  CHECK(at(greet, "/parameters").as_array()->size() == 2);
  CHECK(text_at(cli.call("skill:get", R"(["long"])").document, "/prompt") == "Do it well.");
  CHECK(cli.call("skill:render", R"(["greet", {"who": "Ann"}])").document == json::Value("Hello Ann, from us!"));
  CHECK(cli.call("skill:render", R"(["greet", {"who": "{{from}}", "from": "me"}])").document ==
        json::Value("Hello {{from}}, from me!"));
  CHECK(cli.run({"skill", "render", "greet", "who=Ann", "from=Bob"}).out == "Hello Ann, from Bob!\n");
  check_refused(cli, {"skill", "render", "greet"}, {2, "invalid-argument", ""});
}

TEST_CASE("Whole entries of roles and connectors", "[shapes]") {
  const Rich cli;
  const json::Value role = cli.call("agentRole:get", R"(["greeter"])").document;
  CHECK(text_at(role, "/systemPrompt") == "Be kind");
  const json::Value connector = cli.call("connector:get", R"(["crm"])").document;
  CHECK(text_at(connector, "/http/url") == "https://crm.example");
  CHECK(at(connector, "/inputSchema/type") == json::Value("object"));
}

TEST_CASE("A file that changed since it was scanned is not taken for what was scanned", "[shapes]") {
  const Rich cli;
  CHECK(text_at(cli.call("skill:get", R"(["long"])").document, "/prompt") == "Do it well.");
  cli.write("builtin/full/skills/long/SKILL.md", "---\nname: Long\ndescription: Another\n---\n\nDo it badly.\n");
  CHECK(text_at(cli.call("skill:get", R"(["long"])").document, "/prompt") == "Do it badly.");
  std::filesystem::remove(cli.path("builtin/full/skills/long/SKILL.md"));
  const JsonRan listed = cli.json({"pack", "list"});
  CHECK(listed.status == 0);
  CHECK(text_at(listed.document, "/diagnostics/0/code") == "invalid-manifest");
}

TEST_CASE("The host's status", "[shapes]") {
  const Rich cli;
  const json::Value status = cli.call("host:status").document;
  check_has(status, {"version", "home", "tiers", "layers", "counts", "diagnostics"});
  CHECK(text_at(status, "/home") == cli.path("home"));
  CHECK(each(at(status, "/tiers"), "scope") == std::vector<std::string>{"builtin", "organization", "user"});
  check_has(at(status, "/tiers/0"), {"scope", "path", "trusted", "packs"});
  CHECK(at(status, "/tiers/0/packs") == json::Value(1));
  CHECK(each(at(status, "/layers"), "state") == std::vector<std::string>{"absent", "absent"});
}

TEST_CASE("The chain, whole and for one operation", "[shapes]") {
  const Rich cli;
  const json::Value chain = cli.call("host:chain").document;
  CHECK(each(chain, "phase") == std::vector<std::string>{"observe", "policy", "policy"});
  for (const json::Value& member : *chain.as_array()) check_has(member, {"name", "phase", "operations", "source"});
  const json::Value of_toggle = cli.call("host:chain", R"(["pluginPack:toggle"])").document;
  CHECK(each(of_toggle, "phase") == std::vector<std::string>{"observe", "policy", "policy"});
  CHECK_THAT(cli.run({"chain"}).out, Catch::Contains("pluginPack:toggle"));
}

TEST_CASE("A rescan tells what came, went and changed", "[shapes]") {
  const Rich cli;
  const json::Value rescan = cli.call("host:rescan").document;
  check_has(rescan, {"added", "removed", "changed", "diagnostics"});
}

TEST_CASE("Of two packs that claim an id, the higher tier's wins and the other is a diagnostic", "[shapes]") {
  const FourPacks cli;
  cli.mini_pack("home/extensions/thief", "thief", R"({
    "skills": [{"id": "alpha-pack-s", "name": "Stolen", "description": "d", "prompt": "Stolen"},
               {"id": "own", "name": "Own", "description": "d", "prompt": "Own"}],
    "slashCommands": [{"name": "alpha", "description": "stolen", "skillId": "own"}]})");
  CHECK(text_at(cli.call("skill:get", R"(["alpha-pack-s"])").document, "/packName") == "alpha-pack");
  const json::Value context = cli.call("pluginPack:getContext").document;
  CHECK(text_at(entry_with(at(context, "/skills"), "id", "alpha-pack-s"), "/packName") == "alpha-pack");
  CHECK(text_at(entry_with(at(context, "/slashCommands"), "name", "alpha"), "/skillId") == "alpha-pack-s");
  const json::Value diagnostics = at(cli.json({"pack", "list"}).document, "/diagnostics");
  CHECK(diagnostics.as_array()->size() == 2);
  for (const json::Value& diagnostic : *diagnostics.as_array()) {
    check_has(diagnostic, {"severity", "code", "path", "message"});
    CHECK_THAT(text_at(diagnostic, "/message"), Catch::Contains("thief"));
  }
}

TEST_CASE("Parameters by position and by name mean the same", "[shapes]") {
  const FourPacks cli;
  CHECK(cli.call("pluginPack:get", R"(["beta"])").document ==
        cli.call("pluginPack:get", R"({"name": "beta"})").document);
  CHECK(cli.call("pluginPack:toggle", R"({"name": "beta", "enabled": false})").status == 0);
  CHECK(cli.run({"call", "pluginPack:toggle", "beta", "true"}).status == 0);
  CHECK(cli.run({"call", "pluginPack:toggle", "name=beta", "enabled=false"}).status == 0);
  CHECK(cli.run({"call", "pluginPack:toggle", "-"}, {}, R"(["beta", true])").status == 0);
  CHECK(at(cli.pack("beta"), "/enabled") == json::Value(true));
  CHECK(cli.call("pluginPack:get", R"(["nobody"])").document.is_null());
}

TEST_CASE("`--json`: one document with `format_version` and the result under its natural name", "[shapes]") {
  const FourPacks cli;
  struct Row {
    Arguments command;
    std::vector<std::string> names;
  };
  for (const Row& row : {Row{{"pack", "list"}, {"packs", "diagnostics"}},
                         {{"pack", "info", "beta"}, {"pack"}},
                         {{"policy", "show"}, {"policy"}},
                         {{"policy", "get"}, {"policy"}},
                         {{"policy", "check", "beta"}, {"check"}},
                         {{"policy", "validate"}, {"status"}}}) {
    const JsonRan ran = cli.json(row.command);
    INFO(row.command[0] << " " << row.command[1]);
    CHECK(ran.status == 0);
    CHECK(ran.err == "");
    CHECK(text_at(ran.document, "/format_version") == "1.0");
    check_has(ran.document, row.names);
  }
}

TEST_CASE("Data goes to stdout, words go to stderr, and -q silences words but errors", "[shapes]") {
  const FourPacks cli;
  const Ran made = cli.run({"pack", "new", "made"});
  CHECK(made.out == cli.path("home/extensions/made") + "\n");
  CHECK_THAT(made.err, Catch::Contains("made"));
  const Ran quiet = cli.run({"pack", "disable", "made", "-q"});
  CHECK(quiet.out + quiet.err == "");
  CHECK_THAT(cli.run({"pack", "enable", "nobody", "-q"}).err, Catch::StartsWith("error[not-found]: "));
  const Ran colored = cli.run({"pack", "list", "--color", "always"}, {{"NO_COLOR", "1"}});
  CHECK_THAT(colored.out, Catch::Contains("\x1b["));
  CHECK_THAT(cli.run({"pack", "list"}).out, !Catch::Contains("\x1b["));
}

TEST_CASE("Text from manifests can't steer a terminal", "[shapes]") {
  const CommandLine cli;
  cli.mini_pack("builtin/a", "a", R"({"displayName": "\u001b[31mred\u202e", "description": "x\r\ny\u0007"})");
  for (const Arguments& command : {Arguments{"pack", "list"}, {"pack", "info", "a"}, {"doctor"}}) {
    const Ran ran = cli.run(command);
    CHECK_THAT(ran.out + ran.err, !Catch::Contains("\x1b") && !Catch::Contains("\x07") && !Catch::Contains("\r") &&
                                      !Catch::Contains("\xE2\x80\xAE"));
  }
}

}  // namespace
}  // namespace cowork::test
