#include "text_functions.h"

namespace text_tools {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool belongs(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string slug(std::string_view text, char separator, std::size_t most) {
  std::string made;
  std::string word;
  const auto take_word = [&] {
    const std::size_t size = made.size() + word.size() + (made.empty() ? 0 : 1);
    const bool fits = !word.empty() && size <= most;
    if (fits && !made.empty()) made += separator;
    if (fits) made += word;
    if (made.empty()) made = word.substr(0, most);
    const bool go_on = word.empty() || fits;
    word.clear();
    return go_on;
  };
  for (const char c : text) {
    if (belongs(lower(c))) {
      word += lower(c);
    } else if (c != '\'' && !take_word()) {
      return made;
    }
  }
  take_word();
  return made;
}

}  // namespace text_tools
