// What the tools do, without a host: text in, text out. All text is UTF-8.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace text_tools {

struct Statistics {
  std::size_t bytes = 0;
  std::size_t characters = 0;  // code points
  std::size_t words = 0;       // what stands between blanks
  std::size_t lines = 0;
  std::size_t longest_line = 0;  // in characters
};
Statistics statistics(std::string_view text);

/// Words in small ASCII letters and digits, joined by `separator`; cut after a whole word to `most` bytes.
std::string slug(std::string_view text, char separator, std::size_t most);

struct Redaction {
  std::string text;
  std::size_t count = 0;
};
/// Mail addresses, numbers of eight digits or more, and `secret_words` become "[redacted]".
Redaction redact(std::string_view text, const std::vector<std::string>& secret_words);

/// The difference of two texts in unified form, with three lines around each change; empty when they are equal. Throws
/// std::length_error beyond 5,000 lines that differ, and std::runtime_error once `cancelled`.
std::string unified_difference(std::string_view before, std::string_view after, const std::function<bool()>& cancelled);

std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace text_tools
