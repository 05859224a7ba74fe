#include <chrono>

#include "cowork/base/json_reader.h"
#include "edited_manifest.h"

namespace cowork::test {
namespace {

TEST_CASE("Control characters are refused in every text, line ends and tabs in those of one line") {
  const std::vector<std::pair<std::string, std::string>> control{
      {R"(\u0001)", R"(\x01)"},     {R"(\u0008)", R"(\x08)"},     {R"(\u001b)", R"(\x1b)"}, {R"(\u007f)", R"(\x7f)"},
      {R"(\u0080)", R"(\u{0080})"}, {R"(\u009b)", R"(\u{009b})"}, {R"(\r)", R"(\x0d)"},
  };
  for (const auto& [escape, shown] : control) {
    const std::string value = "\"a" + escape + "b\"";
    const std::string found = ", found \"a" + shown + "b\"";
    for (const std::string member :
         {"displayName", "author", "license", "homepage", "icon", "category", "scope", "personaTemplateId"}) {
      check_refused(with_member(member, value), {member + " must hold no control characters" + found, '/' + member});
    }
    check_refused(with_member("description", value),
                  {"description must hold no control characters but tabs and line ends" + found, "/description"});
    check_refused(with_member("keywords", '[' + value + ']'),
                  {"keywords must hold no control characters" + found, "/keywords/0"});
  }
  check_refused(with_member("displayName", R"("a\tb")"),
                {R"(displayName must hold no control characters, found "a\x09b")", "/displayName"});
  parsed_manifest(with_member("displayName", "\"a\u00a0b\""));
}

TEST_CASE("What is remarked about a manifest of one long line is found in no time") {
  const auto took = [](const std::string& text) {
    REQUIRE(text.size() < json::manifest_limits.max_bytes);
    const auto begin = std::chrono::steady_clock::now();
    const auto parsed = parse_manifest(text, "m.json");
    REQUIRE(parsed);
    return std::chrono::steady_clock::now() - begin;
  };
  std::string fields, directories, commands;
  for (int i = 0; i < 60'000; ++i) fields += ",\"zz" + std::to_string(i) + "\":0";
  const auto add = [](std::string& list, const std::string& item) { list += (list.empty() ? "{" : ",{") + item + '}'; };
  for (int i = 0; i < 20'000; ++i) add(directories, R"("id":"d)" + std::to_string(i) + R"(","path":"s")");
  for (int i = 0; i < 12'000; ++i) {
    const std::string number = std::to_string(i);
    add(commands, R"("name":"/c)" + number + R"(","description":"c","skillId":"no)" + number + '"');
  }
  const std::chrono::seconds most(3);  // a sanitizer's build included; counting lines for each took seven
  std::string with_fields = with_member("zz", "0");
  with_fields.insert(with_fields.size() - 1, fields);
  CHECK(took(with_fields) < most);
  CHECK(took(with_member("skillDirectories", '[' + directories + ']')) < most);
  CHECK(took(with_member("slashCommands", '[' + commands + ']')) < most);
}

TEST_CASE("What the strict reader refuses is an invalid manifest") {
  const auto [text, message, pointer] = GENERATE(table<std::string, std::string, std::string>({
      {R"({"name": "a", "na\u006de": "b"})", R"(duplicate key "name")", ""},
      {R"({"name": "a\u0000"})", "", "/name"},
      {R"({"name": "a"} x)", "unexpected text after the document", ""},
  }));
  const auto parsed = parse_manifest(text, "m.json");
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().code() == ErrorCode::invalid_manifest);
  if (!message.empty()) CHECK(parsed.error().message() == message);
  CHECK(parsed.error().place()->line == 1);
}

TEST_CASE("A manifest of more than a mebibyte is refused") {
  const std::string padding((1u << 20) - valid_manifest.size(), ' ');
  parsed_manifest(std::string(valid_manifest) + padding);
  const auto parsed = parse_manifest(std::string(valid_manifest) + padding + ' ', "m.json");
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().message() == "larger than 1048576 bytes");
}

TEST_CASE("A manifest of very many entries is read in one go") {
  std::string skills;
  std::string commands;
  for (int i = 0; i < 5000; ++i) {
    const std::string id = std::to_string(i);
    skills += (i ? "," : "") + std::string(R"({"id":")") + id + R"(","name":"n","description":"","prompt":""})";
    commands += (i ? "," : "") + std::string(R"({"name":")") + id + R"(","description":"","skillId":")" + id + "\"}";
  }
  json::Value document = json_value(with_member("skills", '[' + skills + ']'));
  document.set("slashCommands", json_value('[' + commands + ']'));
  const auto parsed = parse_manifest(json::to_text(document), "m.json");
  REQUIRE(parsed.has_value());
  CHECK(parsed->manifest.skills.size() == 5000);
  CHECK(parsed->remarks.empty());
}

TEST_CASE("A manifest cut at any byte is refused with a place") {
  for (std::size_t size = 0; size < valid_manifest.size(); ++size) {
    const auto parsed = parse_manifest(valid_manifest.substr(0, size), "m.json");
    INFO(size);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().place()->line > 0);
  }
}

TEST_CASE("A manifest with any single bit flipped is read or refused with a place") {
  std::string text(valid_manifest);
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      text[at] = static_cast<char>(text[at] ^ (1 << bit));
      const auto parsed = parse_manifest(text, "m.json");
      if (!parsed) {
        CHECK(parsed.error().code() == ErrorCode::invalid_manifest);
        CHECK(parsed.error().place()->line > 0);
      } else {
        CHECK(!parsed->manifest.display_name.empty());
      }
      text[at] = static_cast<char>(text[at] ^ (1 << bit));
    }
  }
}

}  // namespace
}  // namespace cowork::test
