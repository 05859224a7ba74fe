// SKILL.md: what is taken from it is text that can be shown, and means the same when it is written down again.
#include <algorithm>

#include "cowork/base/json_reader.h"
#include "cowork/loaders/skill_file.h"
#include "expectations.h"
#include "front_matter.h"
#include "targets.h"

namespace cowork::fuzz {
namespace {

using loaders::SkillFile;

bool is_blank_around(std::string_view text) {
  return !text.empty() &&
         (std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos || text.front() == '\n');
}

void expect_head(std::string_view text, std::string_view what) {
  expect(!text.empty(), what);
  expect(json::is_valid_utf8(text), "name and description are UTF-8");
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == '\x7f';
  });
  expect(plain, "name and description hold no control characters");
  expect(std::string_view(" \t\n").find(text.back()) == std::string_view::npos,
         "nothing blank ends a name or description");
}

/// JSON strings are YAML's: the same file, spelt by us.
void expect_same_when_written(const SkillFile& skill) {
  const std::string head = "name: " + json::to_text(skill.name) + "\ndescription: " + json::to_text(skill.description);
  if (head.size() + 1 > loaders::max_front_matter_bytes) return;
  const std::string text = "---\n" + head + "\n---\n" + skill.prompt + "\n";
  if (text.size() > loaders::max_skill_file_bytes) return;
  const auto again = loaders::parse_skill_file(text, "SKILL.md");
  expect(again.has_value(), "a skill that was written can be read");
  expect(again->name == skill.name, "the name is kept");
  expect(again->description == skill.description, "the description is kept");
  expect(again->prompt == skill.prompt, "the prompt is kept");
}

}  // namespace

void skill_target(std::string_view input) {
  const ExactBytes bytes(input);
  const std::string_view text = bytes.view();
  const auto skill = loaders::parse_skill_file(text, "SKILL.md");
  if (!skill) return expect_placed(skill.error(), ErrorCode::invalid_manifest, text, "SKILL.md");
  expect(text.starts_with("---"), "a skill begins with its front matter");
  expect(text.size() <= loaders::max_skill_file_bytes, "a skill is not too large");
  expect(text.find('\0') == std::string_view::npos && json::is_valid_utf8(text), "a skill is text");
  expect_head(skill->name, "a skill has a name");
  expect_head(skill->description, "a skill has a description");
  expect(text.find(skill->prompt) != std::string_view::npos, "the prompt stands in the file");
  expect(!is_blank_around(skill->prompt), "the prompt has no blank lines around it");
  expect_same_when_written(*skill);
}

}  // namespace cowork::fuzz
