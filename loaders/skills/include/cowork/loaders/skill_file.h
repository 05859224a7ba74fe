// SKILL.md: YAML front matter between two lines "---", then the prompt.
//
// Threads: any. Ownership: values.
#pragma once

#include <string>
#include <string_view>

#include "cowork/base/result.h"

namespace cowork::loaders {

/// The name of the file in every skill directory.
inline constexpr std::string_view skill_file_name = "SKILL.md";
inline constexpr std::size_t max_skill_file_bytes = 1U << 20U;

struct SkillFile {
  std::string name;
  std::string description;
  std::string prompt;  ///< the text below the front matter, without blank lines around it
};

/// Reads the text of a SKILL.md. The front matter is a YAML mapping with the strings `name` and `description`; other
/// keys are left alone. Anchors, aliases, a second document, nesting deeper than 16, more than 64 KiB, and control
/// characters are refused. Errors: invalid-manifest, whose place is `file` and the line.
Result<SkillFile> parse_skill_file(std::string_view text, std::string_view file);

}  // namespace cowork::loaders
