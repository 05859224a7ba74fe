#include "request_parameters.h"

#include "fake_client.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::cli;

TEST_CASE("parameters on a command line") {
  struct Case {
    std::vector<std::string> words;
    std::string json;
  };
  const std::vector<Case> cases{
      {{}, "null"},
      {{"sales-crm", "true"}, R"(["sales-crm",true])"},
      {{"sales-crm", "false"}, R"(["sales-crm",false])"},
      {{"123"}, R"(["123"])"},
      {{""}, R"([""])"},
      {{"https://a.example/?b=c"}, R"(["https://a.example/?b=c"])"},
      {{"https://a.example", R"({"ref":"v1"})"}, R"(["https://a.example",{"ref":"v1"}])"},
      {{R"(["a",true])"}, R"(["a",true])"},
      {{R"({"name":"a"})"}, R"({"name":"a"})"},
      {{"name=a", "enabled=true"}, R"({"name":"a","enabled":true})"},
      {{"name="}, R"({"name":""})"},
      {{"options:={\"limit\":5}"}, R"({"options":{"limit":5}})"},
  };
  for (const Case& expected : cases) {
    const Result<json::Value> params = read_parameters(expected.words);
    REQUIRE(params);
    CHECK(json::to_text(*params) == expected.json);
  }
}

TEST_CASE("parameters that can't be read") {
  CHECK(read_parameters({"a", "b=c"}).error().message() == "parameters are given both by position and by name");
  CHECK(read_parameters({"b=c", "a"}).error().why() == "\"a\" is of the other kind than the words before it");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"{"}, {"[1,]"}, {R"({"a":1,"a":2})"}, {"a", "{"}, {"a:=nope"}}) {
    const Result<json::Value> params = read_parameters(words);
    REQUIRE_FALSE(params);
    CHECK(params.error().code() == ErrorCode::invalid_argument);
  }
}
