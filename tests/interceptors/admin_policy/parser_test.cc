#include "parser.h"

#include "policies.h"

namespace cowork::admin_policy {
namespace {

using test::Lines;

Lines faults(const std::string& text) {
  const auto parsed = parse_policy(text, "p.json");
  if (parsed) return {"accepted"};
  Lines lines;
  for (const Error& error : parsed.error()) {
    CHECK(error.code() == ErrorCode::invalid_policy);
    REQUIRE(error.place());
    lines.push_back(error.place()->to_string() + ": " + error.message());
  }
  return lines;
}

TEST_CASE("A policy is accepted when it keeps every rule") {
  const std::vector<std::string> accepted{
      "{}",
      R"({"version":1})",
      R"({"version":1.0})",
      R"({"version":2,"everydayAgent":{"blocked":true},"runtime":null})",
      R"({"version":2})",
      R"({"updatedAt":"yesterday"})",
      R"({"packs":{}})",
      R"({"packs":{"allowed":[],"blocked":[],"required":["a"]}})",
      R"({"packs":{"allowed":["a","b"],"required":["a"]}})",
      R"({"packs":{"blocked":["a","a"," "]}})",
      R"({"connectors":{"blocked":["x"]}})",
      R"({"agents":{"maxHeartbeatFrequencySec":60,"maxConcurrentAgents":1}})",
      R"({"agents":{"maxHeartbeatFrequencySec":60.5,"maxConcurrentAgents":1e2}})",
      R"({"general":{"allowCustomPacks":false,"allowGitInstall":true,"allowUrlInstall":false}})",
      R"({"general":{"orgName":"","orgPluginDir":"/opt/acme/..cowork"}})",
  };
  for (const std::string& text : accepted) {
    CAPTURE(text);
    CHECK(faults(text) == Lines{"accepted"});
  }
}

TEST_CASE("A policy that breaks a rule is refused, with the place and what was expected") {
  const std::vector<std::pair<std::string, std::string>> refused{
      {"[]", "p.json:1:1: the policy must be an object, not an array"},
      {"null", "p.json:1:1: the policy must be an object, not null"},
      {R"({"packs":[]})", "p.json:1:10 (/packs): packs must be an object, not an array"},
      {R"({"packs":null})", "p.json:1:10 (/packs): packs must be an object, not null"},
      {R"({"packs":{"blocked":"bbb"}})",
       "p.json:1:21 (/packs/blocked): packs.blocked must be an array of strings, not the string \"bbb\""},
      {R"({"packs":{"blocked":["bbb",1]}})",
       "p.json:1:28 (/packs/blocked/1): each entry of packs.blocked must be a non-empty string, not 1"},
      {R"({"packs":{"allowed":[""]}})",
       "p.json:1:22 (/packs/allowed/0): each entry of packs.allowed must be a non-empty string, not the string \"\""},
      {R"({"connectors":{"blocked":[null]}})",
       "p.json:1:27 (/connectors/blocked/0): each entry of connectors.blocked must be a non-empty string, not null"},
      {R"({"general":{"allowGitInstall":"false"}})",
       "p.json:1:31 (/general/allowGitInstall): general.allowGitInstall must be true or false, not the string "
       "\"false\""},
      {R"({"general":{"allowCustomPacks":null}})",
       "p.json:1:32 (/general/allowCustomPacks): general.allowCustomPacks must be true or false, not null"},
      {R"({"general":{"allowUrlInstall":0}})",
       "p.json:1:31 (/general/allowUrlInstall): general.allowUrlInstall must be true or false, not 0"},
      {R"({"pakcs":{}})", "p.json:1:2 (/pakcs): unknown member \"pakcs\", did you mean \"packs\"?"},
      {R"({"general":{"x":1}})",
       "p.json:1:13 (/general/x): unknown member \"x\"; known are allowCustomPacks, allowGitInstall, allowUrlInstall, "
       "orgName, orgPluginDir"},
      {R"({"agents":{"maxHeartbeatFrequencySec":59}})",
       "p.json:1:39 (/agents/maxHeartbeatFrequencySec): agents.maxHeartbeatFrequencySec must be a number of at least "
       "60, not 59"},
      {R"({"agents":{"maxHeartbeatFrequencySec":"60"}})",
       "p.json:1:39 (/agents/maxHeartbeatFrequencySec): agents.maxHeartbeatFrequencySec must be a number of at least "
       "60, not the string \"60\""},
      {R"({"agents":{"maxConcurrentAgents":0}})",
       "p.json:1:34 (/agents/maxConcurrentAgents): agents.maxConcurrentAgents must be an integer of at least 1, not 0"},
      {R"({"agents":{"maxConcurrentAgents":1.5}})",
       "p.json:1:34 (/agents/maxConcurrentAgents): agents.maxConcurrentAgents must be an integer of at least 1, not "
       "1.5"},
      {R"({"agents":{"maxConcurrentAgents":true}})",
       "p.json:1:34 (/agents/maxConcurrentAgents): agents.maxConcurrentAgents must be an integer of at least 1, not "
       "true"},
      {R"({"packs":{"blocked":["a"],"required":["a"]}})",
       "p.json:1:39 (/packs/required/0): packs.required has \"a\", which packs.blocked has too"},
      {R"({"packs":{"allowed":["a"],"required":["b"]}})",
       "p.json:1:39 (/packs/required/0): packs.required has \"b\", which packs.allowed does not have"},
      {R"({"general":{"orgPluginDir":"relative/dir"}})",
       "p.json:1:28 (/general/orgPluginDir): general.orgPluginDir must be an absolute path, not the string "
       "\"relative/dir\""},
      {R"({"general":{"orgPluginDir":""}})",
       "p.json:1:28 (/general/orgPluginDir): general.orgPluginDir must be an absolute path, not the string \"\""},
      {R"({"general":{"orgPluginDir":"/opt/../etc"}})",
       "p.json:1:28 (/general/orgPluginDir): general.orgPluginDir must be a path without \"..\", not the string "
       "\"/opt/../etc\""},
      {R"({"general":{"orgName":1}})", "p.json:1:23 (/general/orgName): general.orgName must be a string, not 1"},
      {R"({"updatedAt":5})", "p.json:1:14 (/updatedAt): updatedAt must be a string, not 5"},
      {R"({"version":3})", "p.json:1:12 (/version): version must be 1 or 2, not 3"},
      {R"({"version":"1"})", "p.json:1:12 (/version): version must be 1 or 2, not the string \"1\""},
      {R"({"version":1.5})", "p.json:1:12 (/version): version must be 1 or 2, not 1.5"},
      {R"({"runtime":{}})", "p.json:1:2 (/runtime): runtime needs \"version\": 2"},
      {R"({"everydayAgent":{},"version":1})", "p.json:1:2 (/everydayAgent): everydayAgent needs \"version\": 2"},
  };
  for (const auto& [text, fault] : refused) {
    CAPTURE(text);
    CHECK(faults(text) == Lines{fault});
  }
}

TEST_CASE("What is no JSON by the strict reader is no policy") {
  for (const std::string text :
       {"", "{", "\xEF\xBB\xBF{}", "{} x", R"({"packs":{"blocked":["bbb"]},"packs":{"blocked":[]}})",
        R"({"p\u0061cks":{"blocked":[]},"packs":{"blocked":["bbb"]}})", "{\"general\":{\"orgName\":\"\\u0000\"}}"}) {
    CAPTURE(text);
    const Lines found = faults(text);
    CHECK(found.size() == 1);
    CHECK(found.front() != "accepted");
  }
}

TEST_CASE("Every fault of a file is told, in the order of the text") {
  CHECK(faults("{\n \"version\": 7,\n \"general\": {\"allowGitInstall\": 1, \"orgNmae\": \"x\"},\n \"packs\": "
               "{\"blocked\": [1, 2]}\n}") ==
        Lines{"p.json:2:13 (/version): version must be 1 or 2, not 7",
              "p.json:3:33 (/general/allowGitInstall): general.allowGitInstall must be true or false, not 1",
              "p.json:3:36 (/general/orgNmae): unknown member \"orgNmae\", did you mean \"orgName\"?",
              "p.json:4:24 (/packs/blocked/0): each entry of packs.blocked must be a non-empty string, not 1",
              "p.json:4:27 (/packs/blocked/1): each entry of packs.blocked must be a non-empty string, not 2"});
}

TEST_CASE("A hundred thousand faults are not told one by one") {
  std::string text = R"({"packs":{"blocked":[1)";
  for (int i = 0; i < 100'000; ++i) text += ",1";
  CHECK(faults(text + "]}}").size() == most_parse_errors);
}

TEST_CASE("A document keeps values, their places, and the text's spelling of numbers") {
  const auto parsed = parse_policy(
      "{\"version\": 2, \"runtime\": [1.50],\n \"packs\": {\"blocked\": [\"a\",\n  \"b\"]}, "
      "\"agents\": {\"maxConcurrentAgents\": 1e1}}",
      "p.json");
  REQUIRE(parsed);
  CHECK(parsed->version == 2);
  CHECK(parsed->kept_sections == Lines{"runtime"});
  const auto& blocked = parsed->list(List::blocked);
  CHECK(blocked.at.line == 2);
  CHECK(blocked.at.column == 23);
  REQUIRE(blocked.entries.size() == 2);
  CHECK(blocked.entries[1].value == "b");
  CHECK(parsed->position(blocked.entries[1]).line == 3);
  CHECK(parsed->position(blocked.entries[1]).column == 3);
  CHECK(parsed->concurrent_agents->value == 10);
  CHECK_FALSE(parsed->heartbeat_sec);
  CHECK(json::to_text(*parsed->json().find("runtime")) == "[1.50]");
  CHECK(json::to_text(*parsed->json().find("agents")) == R"({"maxConcurrentAgents":1e1})");
}

std::string_view first(const PolicyDocument& document, List list, std::string_view id) {
  const Entry* entry = document.list(list).find(HashedText(id));
  return entry ? entry->value : "none";
}

TEST_CASE("Ids are found however they are spelt, by their bytes alone") {
  const std::string long_id(100'000, 'x');
  auto parsed = parse_policy(
      "{\"packs\":{\"blocked\":[\"te\\u0061\",\n \"tea\",\"\\u00e9\",\"e\\u0301\", \"" + long_id + "\"]}}", "p");
  REQUIRE(parsed);
  const PolicyDocument moved = std::move(*parsed);
  const auto& blocked = moved.list(List::blocked);
  CHECK(first(moved, List::blocked, "tea") == "tea");
  // Of two spellings of one id the first counts.
  CHECK(blocked.find(HashedText("tea")) == &blocked.entries[0]);
  CHECK(first(moved, List::blocked, "\u00e9") == "\u00e9");
  CHECK(first(moved, List::blocked, "e\u0301") == "e\u0301");
  CHECK(first(moved, List::blocked, "e") == "none");
  CHECK(first(moved, List::blocked, long_id) == long_id);
  CHECK(first(moved, List::blocked, long_id + 'x') == "none");
  CHECK(first(moved, List::allowed, "tea") == "none");
  CHECK(moved.position(blocked.entries[4]).line == 2);
  CHECK(moved.position(blocked.entries[4]).column == 28);
}

TEST_CASE("A hundred thousand ids are kept, each with its place") {
  std::string text = "{\"packs\":{\"required\":[\n\"p0\"";
  for (int i = 1; i < 100'000; ++i) text += ",\n\"p" + std::to_string(i) + '"';
  const auto parsed = parse_policy(text + "]}}", "p");
  REQUIRE(parsed);
  const Entry* last = parsed->list(List::required).find(HashedText("p99999"));
  REQUIRE(last);
  CHECK(parsed->position(*last).line == 100'001);
  CHECK(parsed->position(*last).column == 1);
  CHECK(first(*parsed, List::required, "p100000") == "none");
}

TEST_CASE("Contradictions of lists in any order are told, up to the most that are told") {
  CHECK(faults("{\"packs\":{\"required\":[\"\\u0061\"],\n\"blocked\":[\"a\"],\"allowed\":[\"b\"]}}") ==
        Lines{"p.json:1:23 (/packs/required/0): packs.required has \"a\", which packs.blocked has too",
              "p.json:1:23 (/packs/required/0): packs.required has \"a\", which packs.allowed does not have"});
  std::string required = "\"p0\"";
  for (int i = 1; i < 100'000; ++i) required += ",\"p" + std::to_string(i) + '"';
  CHECK(faults("{\"packs\":{\"allowed\":[\"b\"],\"required\":[" + required + "]}}").size() == most_parse_errors);
}

TEST_CASE("A hundred thousand unknown members are not looked at one by one") {
  std::string text = "{\"m0\":1";
  for (int i = 1; i < 100'000; ++i) text += ",\"m" + std::to_string(i) + "\":1";
  CHECK(faults(text + "}").size() == most_parse_errors);
}

}  // namespace
}  // namespace cowork::admin_policy
