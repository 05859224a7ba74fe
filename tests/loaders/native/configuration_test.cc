#include "configuration.h"

#include "native_world.h"

using namespace cowork;
using test::NativeWorld;

namespace {

const char* const schema_members = R"(, "configSchema": {"type": "object", "required": ["key"], "properties": {
  "key": {"type": "string"}, "limit": {"type": "integer", "default": 5}}})";

Result<json::Value> checked(const std::string& text, const std::string& schema) {
  const auto document = json::parse(text, "c.json", json::request_limits, ErrorCode::invalid_argument);
  REQUIRE(document);
  const auto parsed = json::parse(schema, "s.json", json::request_limits, ErrorCode::internal);
  REQUIRE(parsed);
  return loaders::checked_configuration(*document, &parsed->root);
}

}  // namespace

TEST_CASE("a configuration that its schema allows comes back with the defaults") {
  const struct {
    const char* text;
    const char* schema;
    const char* result;
  } cases[] = {
      {"{}", "{}", "{}"},
      {R"({"a":1})", "{}", R"({"a":1})"},
      {R"({"a":1})", R"({"properties": {"a": {"type": "integer"}}})", R"({"a":1})"},
      {R"({"a":1.0})", R"({"properties": {"a": {"type": "integer"}}})", R"({"a":1.0})"},
      {R"({"a":null})", R"({"properties": {"a": {"type": ["string", "null"]}}})", R"({"a":null})"},
      {"{}", R"({"properties": {"a": {"default": [1, 2]}, "b": {}}})", R"({"a":[1,2]})"},
      {R"({"a":"x"})", R"({"properties": {"a": {"default": "y"}}})", R"({"a":"x"})"},
      {"{}", R"({"required": ["a"], "properties": {"a": {"default": 1}}})", R"({"a":1})"},
      {R"({"a":{}})", R"({"properties": {"a": {"properties": {"b": {"default": true}}}}})", R"({"a":{"b":true}})"},
      {R"({"a":"äöü"})", R"({"properties": {"a": {"maxLength": 3, "minLength": 3}}})", R"({"a":"äöü"})"},
      {R"({"a":2})", R"({"properties": {"a": {"minimum": 2, "maximum": 2}}})", R"({"a":2})"},
      {R"({"a":"y"})", R"({"properties": {"a": {"enum": ["x", "y"]}}})", R"({"a":"y"})"},
      {R"({"a":["x"]})", R"({"properties": {"a": {"items": {"type": "string"}}}})", R"({"a":["x"]})"},
      {R"({"a":1})", R"({"additionalProperties": true, "properties": {}})", R"({"a":1})"},
      {R"({"a":"x"})", R"({"properties": {"a": {"pattern": "^y$", "format": "uri"}}})", R"({"a":"x"})"},
  };
  for (const auto& each : cases) {
    INFO(each.text << " by " << each.schema);
    const auto value = checked(each.text, each.schema);
    if (!value) FAIL(value.error().message());
    CHECK(json::to_text(*value) == each.result);
  }
}

TEST_CASE("a configuration that its schema does not allow is refused at its place") {
  const struct {
    const char* text;
    const char* schema;
    const char* message;
    const char* why;
  } cases[] = {
      {"[1]", "{}", "a configuration must be an object; found an array", "c.json:1:1"},
      {R"({"a":"1"})", R"({"properties": {"a": {"type": "integer"}}})",
       "\"/a\" must be of type integer; found a string", "c.json:1:6 (/a)"},
      {R"({"a":1.5})", R"({"properties": {"a": {"type": "integer"}}})", "\"/a\" must be of type integer; found 1.5",
       "c.json:1:6 (/a)"},
      {R"({"a":1})", R"({"properties": {"a": {"type": ["string", "null"]}}})",
       "\"/a\" must be of type string or null; found 1", "c.json:1:6 (/a)"},
      {"{\n  \"a\": 1}", R"({"properties": {"a": {"minimum": 2}}})", "\"/a\" must be at least 2; found 1",
       "c.json:2:8 (/a)"},
      {R"({"a":3})", R"({"properties": {"a": {"maximum": 2.5}}})", "\"/a\" must be at most 2.5; found 3",
       "c.json:1:6 (/a)"},
      {R"({"a":""})", R"({"properties": {"a": {"minLength": 1}}})", "\"/a\" must have at least 1 characters; it has 0",
       "c.json:1:6 (/a)"},
      {R"({"a":"äöü"})", R"({"properties": {"a": {"maxLength": 2}}})",
       "\"/a\" must have at most 2 characters; it has 3", "c.json:1:6 (/a)"},
      {R"({"a":"z"})", R"({"properties": {"a": {"enum": ["x", 1]}}})", "\"/a\" must be one of \"x\", 1; found \"z\"",
       "c.json:1:6 (/a)"},
      {R"({"a":["x",1]})", R"({"properties": {"a": {"items": {"type": "string"}}}})",
       "\"/a/1\" must be of type string; found 1", "c.json:1:11 (/a/1)"},
      {R"({"a":{}})", R"({"properties": {"a": {"required": ["b"]}}})", "\"/a\" needs a member \"b\"",
       "c.json:1:6 (/a)"},
      {R"({"a/b":1})", R"({"additionalProperties": false, "properties": {"a": {}}})",
       "\"/a~1b\" is not known to the pack", "c.json:1:8 (/a~1b)"},
      {"{}", R"({"required": ["a"]})", "the configuration needs a member \"a\"", "c.json:1:1"},
      {"{}", R"({"properties": {"a": {"type": "string", "default": 1}}})", "\"/a\" must be of type string; found 1",
       "c.json (/a)"},
  };
  for (const auto& each : cases) {
    INFO(each.text << " by " << each.schema);
    const auto value = checked(each.text, each.schema);
    REQUIRE_FALSE(value);
    CHECK(value.error().code() == ErrorCode::invalid_argument);
    CHECK(value.error().message() == each.message);
    CHECK(value.error().why() == each.why);
  }
}

TEST_CASE("a pack is started with its checked configuration") {
  NativeWorld world;
  world.files.write("home/config/good.json", R"({"key": "k", "more": [1]})");
  const auto pack = world.good(schema_members);
  CHECK(json::to_text(*pack->call("about", {}, {}).value().find("configuration")) ==
        R"({"key":"k","more":[1],"limit":5})");
}

TEST_CASE("a pack whose configuration is missing or wrong is not loaded, and the file to write is named") {
  NativeWorld world;
  const PackRecord& record = world.pack("x", test::fixture("good"), schema_members);
  const std::string file = world.files.path("home/config/x.json");

  const Error missing = world.refused(record);
  CHECK(missing.code() == ErrorCode::invalid_argument);
  CHECK(missing.message() == "pack \"x\": the configuration needs a member \"key\"");
  CHECK(missing.why() == file);
  CHECK(missing.remedy() == "write " + file);

  world.files.write("home/config/x.json", "{\"key\": \"k\",\n \"limit\": \"5\"}");
  const Error wrong = world.refused(record);
  CHECK(wrong.code() == ErrorCode::invalid_argument);
  CHECK(wrong.message() == "pack \"x\": \"/limit\" must be of type integer; found a string");
  CHECK(wrong.why() == file + ":2:11 (/limit)");

  world.files.write("home/config/x.json", "{\"key\": \"k\",}");
  const Error no_json = world.refused(record);
  CHECK(no_json.code() == ErrorCode::invalid_argument);
  CHECK(no_json.why().starts_with(file + ":1:13"));

  std::filesystem::remove(file);
  world.files.link("home/config/x.json", "/etc/hostname");
  CHECK(world.refused(record).code() == ErrorCode::invalid_argument);
  CHECK_FALSE(world.code_ran());
}
