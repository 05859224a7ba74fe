#include "cowork/loaders/fetch_errors.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/text.h"
#include "cowork/operation/install_operations.h"

namespace cowork::loaders {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Where the next address begins, or the end.
std::size_t next_address(std::string_view words) {
  std::size_t first = words.size();
  for (const std::string_view scheme : {std::string_view("https://"), std::string_view("http://")}) {
    const auto found = std::search(words.begin(), words.end(), scheme.begin(), scheme.end(),
                                   [](char word, char wanted) { return lower(word) == wanted; });
    first = std::min(first, static_cast<std::size_t>(found - words.begin()));
  }
  return first;
}

}  // namespace

Error wrong_hash(const FetchRequest& request, std::string_view found) {
  return Error(ErrorCode::integrity,
               fmt::format("what came from {} is not what was asked for", quoted(masked_address(request.address))))
      .with_why(fmt::format("its SHA-256 is {}, asked for was {}", found, request.sha256))
      .with_remedy("compare the hash with the one that the author of the pack has published");
}

std::string masked_words(std::string_view words) {
  constexpr std::string_view spaces = " \t\r\n";
  constexpr std::string_view punctuation = "'\"`:;,.)>";
  std::string masked;
  while (!words.empty()) {
    const std::size_t begin = next_address(words);
    masked += words.substr(0, begin);
    words.remove_prefix(begin);
    const std::string_view word = words.substr(0, words.find_first_of(spaces));
    const std::size_t address_bytes = word.find_last_not_of(punctuation) + 1;
    masked += masked_address(word.substr(0, address_bytes));
    masked += word.substr(address_bytes);
    words.remove_prefix(word.size());
  }
  return masked;
}

}  // namespace cowork::loaders
