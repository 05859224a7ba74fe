// The YAML at the head of a SKILL.md.
#pragma once

#include <string>
#include <string_view>

#include "cowork/base/result.h"

namespace cowork::loaders {

inline constexpr std::size_t max_front_matter_bytes = 64U * 1024U;
inline constexpr unsigned max_front_matter_depth = 16;

struct FrontMatter {
  std::string name;
  std::string description;
};

/// `yaml` is valid UTF-8 that stands in `file` from line `first_line` on. Errors: invalid-manifest.
Result<FrontMatter> parse_front_matter(std::string_view yaml, std::string_view file, std::uint32_t first_line);

}  // namespace cowork::loaders
