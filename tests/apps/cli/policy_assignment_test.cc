#include "policy_assignment.h"

#include "fake_client.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::cli;
using cowork::cli::test::value;

namespace {

Result<json::Value> patch(const std::vector<std::string>& words, const std::string& current = "{}") {
  std::vector<Assignment> assignments;
  for (const std::string& word : words) {
    COWORK_ASSIGN(Assignment assignment, parse_assignment(word));
    assignments.push_back(std::move(assignment));
  }
  return to_patch(assignments, value(current));
}

}  // namespace

TEST_CASE("assignments become a partial document") {
  struct Case {
    std::vector<std::string> words;
    std::string current, json;
  };
  const std::string listed = R"({"packs":{"blocked":["a","b"]}})";
  const std::vector<Case> cases{
      {{"packs.blocked+=c"}, listed, R"({"packs":{"blocked":["a","b","c"]}})"},
      {{"packs.blocked+=a"}, listed, R"({"packs":{"blocked":["a","b"]}})"},
      {{"packs.blocked+=c,d"}, listed, R"({"packs":{"blocked":["a","b","c","d"]}})"},
      {{"packs.blocked+=c", "packs.blocked-=a"}, listed, R"({"packs":{"blocked":["b","c"]}})"},
      {{"packs.blocked-=a"}, listed, R"({"packs":{"blocked":["b"]}})"},
      {{"packs.blocked-=z"}, listed, R"({"packs":{"blocked":["a","b"]}})"},
      {{"packs.required+=c"}, listed, R"({"packs":{"required":["c"]}})"},
      {{"packs.allowed=a, b,"}, "{}", R"({"packs":{"allowed":["a","b"]}})"},
      {{"packs.allowed=[\"a,b\"]"}, "{}", R"({"packs":{"allowed":["a,b"]}})"},
      {{"packs.allowed="}, listed, R"({"packs":{"allowed":[]}})"},
      {{"general.allowGitInstall=false"}, "{}", R"({"general":{"allowGitInstall":false}})"},
      {{"general.orgName=Acme = Co"}, "{}", R"({"general":{"orgName":"Acme = Co"}})"},
      {{"general.orgName=true"}, "{}", R"({"general":{"orgName":"true"}})"},
      {{"general.orgName="}, "{}", R"({"general":{"orgName":null}})"},
      {{"agents.maxConcurrentAgents=5"}, "{}", R"({"agents":{"maxConcurrentAgents":5}})"},
      {{"agents.maxHeartbeatFrequencySec=60.5"}, "{}", R"({"agents":{"maxHeartbeatFrequencySec":60.5}})"},
      {{"connectors.blocked+=x"}, "{}", R"({"connectors":{"blocked":["x"]}})"},
  };
  for (const Case& expected : cases) {
    const Result<json::Value> made = patch(expected.words, expected.current);
    REQUIRE(made);
    CHECK(json::to_text(*made) == expected.json);
  }
}

TEST_CASE("assignments that can't be made") {
  struct Case {
    std::string word, message;
  };
  const std::vector<Case> cases{
      {"packs.bloked+=x", "the policy has no member \"packs.bloked\""},
      {"blocked=x", "the policy has no member \"blocked\""},
      {"general.allowGitInstall+=x",
       "general.allowGitInstall is not a list, so nothing can be added to it or taken from it"},
      {"general.allowGitInstall=no", "general.allowGitInstall takes true or false, not \"no\""},
      {"general.allowGitInstall=", "general.allowGitInstall takes true or false, not \"\""},
      {"agents.maxConcurrentAgents=many", "agents.maxConcurrentAgents takes a number, not \"many\""},
      {"agents.maxConcurrentAgents=\"5\"", "agents.maxConcurrentAgents takes a number, not \"\\\"5\\\"\""},
      {"packs.allowed=[1]", "packs.allowed takes a list of strings, not \"[1]\""},
      {"nonsense", "\"nonsense\" is no assignment"},
  };
  for (const Case& wrong : cases) {
    const Result<json::Value> made = patch({wrong.word});
    REQUIRE_FALSE(made);
    CHECK(made.error().code() == ErrorCode::invalid_argument);
    CHECK(made.error().message() == wrong.message);
  }
  CHECK(patch({"packs.bloked+=x"}).error().remedy() == "did you mean packs.blocked?");
}

TEST_CASE("what is no assignment is a file") {
  for (const char* word : {"packs.blocked+=x", "packs.blocked-=x", "a=b", "general.orgName="})
    CHECK(looks_like_assignment(word));
  for (const char* word : {"policy.json", "./a=b.json", "-", "", "=x", "/etc/a=b"})
    CHECK_FALSE(looks_like_assignment(word));
}

TEST_CASE("dotted paths") {
  const json::Value document = value(R"({"packs":{"blocked":["a"]}})");
  CHECK(*at_path(document, "packs.blocked") == value(R"(["a"])"));
  CHECK(*at_path(document, "") == document);
  CHECK(at_path(document, "packs.allowed") == nullptr);
  CHECK(at_path(document, "packs.blocked.0") == nullptr);
}
