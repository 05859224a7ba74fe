// One UTF-8 code point at a time, by Unicode's table 3-7: the reader, the writer and the terminal rules share it.
#pragma once

#include <cstddef>
#include <string_view>

namespace cowork {

struct CodePoint {
  char32_t value = 0;
  /// Bytes taken; 0 when the bytes at the place asked are not well-formed UTF-8.
  std::size_t length = 0;
};

/// The code point that begins at `text[at]`; `at` must be inside `text`.
CodePoint code_point_at(std::string_view text, std::size_t at) noexcept;

}  // namespace cowork
