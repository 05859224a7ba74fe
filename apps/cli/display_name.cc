#include "display_name.h"

#include <cctype>

namespace cowork::cli {

std::string display_name_for(std::string_view pack_name) {
  std::string result;
  bool word_begins = true;
  for (const char letter : pack_name) {
    const bool between = letter == '-' || letter == '_';
    if (between && !result.empty() && result.back() != ' ') result += ' ';
    if (!between) result += word_begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(letter))) : letter;
    word_begins = between;
  }
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

}  // namespace cowork::cli
