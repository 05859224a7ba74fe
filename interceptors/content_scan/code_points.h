// The characters of a text, as whoever reads the text gets them.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace cowork::content_scan {

/// How a text may spell a character by its number.
enum class Spelling : unsigned char {
  plain,         ///< not at all
  escapes,       ///< `\uXXXX`, in pairs of surrogates too, `\UXXXXXXXX` and `\xXX`: JSON and YAML
  front_matter,  ///< in YAML between two lines `---` at the beginning, and not behind it
};

class CodePoints {
 public:
  struct Item {
    char32_t value = 0;
    std::size_t offset = 0;  ///< of its first byte
  };
  /// What stands for bytes that are no UTF-8.
  static constexpr char32_t malformed = 0xFFFD;

  CodePoints(std::string_view text, Spelling spelling);
  std::optional<Item> next();

 private:
  char32_t decode();
  std::optional<char32_t> escape();
  std::optional<char32_t> hex(std::size_t at, std::size_t digits) const;

  std::string_view text_;
  std::size_t escapes_end_;  ///< in bytes
  std::size_t at_ = 0;
};

}  // namespace cowork::content_scan
