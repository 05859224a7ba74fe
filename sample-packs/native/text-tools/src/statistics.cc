#include <algorithm>

#include "text_functions.h"

namespace text_tools {
namespace {

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), &begins_character));
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Statistics statistics(std::string_view text) {
  Statistics found;
  found.bytes = text.size();
  found.characters = characters_of(text);
  bool in_word = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank && !in_word) ++found.words;
    in_word = !blank;
  }
  for (const std::string_view line : lines_of(text)) {
    ++found.lines;
    found.longest_line = std::max(found.longest_line, characters_of(line));
  }
  return found;
}

}  // namespace text_tools
