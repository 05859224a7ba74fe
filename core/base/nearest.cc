#include <algorithm>
#include <utility>

#include "cowork/base/text.h"

namespace cowork {
namespace {

/// Longer words are no misspellings, and the distance costs the product of both lengths.
constexpr std::size_t longest_word = 64;
/// A suggestion is a courtesy: it looks at no more candidates than a person would have.
constexpr std::size_t most_candidates = 20'000;

/// Damerau-Levenshtein distance in bytes (optimal string alignment); anything above `limit` comes back as limit + 1.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > limit) return limit + 1;
  std::vector<std::size_t> before_last, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substituted});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    if (*std::min_element(row.begin(), row.end()) > limit + 1) return limit + 1;
    before_last = last;
    last = row;
  }
  return std::min(last[b.size()], limit + 1);
}

}  // namespace

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates, std::size_t most) {
  if (word.size() > longest_word) return {};
  const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  std::vector<std::pair<std::size_t, std::string_view>> found;
  for (std::size_t i = 0; i < std::min(candidates.size(), most_candidates); ++i) {
    const std::size_t apart = distance(word, candidates[i], limit);
    if (apart <= limit) found.emplace_back(apart, candidates[i]);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  for (const auto& [apart, name] : found) {
    if (names.size() == most) break;
    names.emplace_back(name);
  }
  return names;
}

}  // namespace cowork
