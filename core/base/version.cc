#include <algorithm>
#include <array>

#include "cowork/base/text.h"

namespace cowork {
namespace {

bool is_numeric(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Takes what stands before `separator`, and the separator, off `text`; all of it when there is none.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t length = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return part;
}

bool is_number_without_leading_zero(std::string_view text) {
  return !text.empty() && is_numeric(text) && (text.size() == 1 || text.front() != '0');
}

bool is_identifier(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

bool all_identifiers(std::string_view text, bool leading_zeros_allowed) {
  // A trailing dot would leave an empty identifier that splitting does not show.
  if (text.empty() || text.back() == '.') return false;
  while (!text.empty()) {
    const std::string_view part = take_until(text, '.');
    if (!is_identifier(part)) return false;
    if (!leading_zeros_allowed && is_numeric(part) && !is_number_without_leading_zero(part)) return false;
  }
  return true;
}

struct Parts {
  std::string_view core;
  std::string_view prerelease;
  std::string_view build;
  bool has_prerelease;
  bool has_build;
};

Parts split(std::string_view text) {
  Parts parts{};
  const std::size_t plus = text.find('+');
  parts.has_build = plus != std::string_view::npos;
  if (parts.has_build) parts.build = text.substr(plus + 1);
  text = text.substr(0, plus);
  const std::size_t dash = text.find('-');
  parts.has_prerelease = dash != std::string_view::npos;
  if (parts.has_prerelease) parts.prerelease = text.substr(dash + 1);
  parts.core = text.substr(0, dash);
  return parts;
}

/// Of digit strings of any length without leading zeros.
int compare_numbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

int compare_identifiers(std::string_view a, std::string_view b) {
  if (is_numeric(a) != is_numeric(b)) return is_numeric(a) ? -1 : 1;
  return is_numeric(a) ? compare_numbers(a, b) : a.compare(b);
}

int compare_lists(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view first = take_until(a, '.');
    const std::string_view second = take_until(b, '.');
    if (const int order = compare_identifiers(first, second); order != 0) return order;
  }
  return static_cast<int>(!a.empty()) - static_cast<int>(!b.empty());
}

}  // namespace

bool is_semantic_version(std::string_view text) noexcept {
  const Parts parts = split(text);
  if (std::count(parts.core.begin(), parts.core.end(), '.') != 2) return false;
  std::string_view core = parts.core;
  for (int i = 0; i < 3; ++i) {
    if (!is_number_without_leading_zero(take_until(core, '.'))) return false;
  }
  return (!parts.has_prerelease || all_identifiers(parts.prerelease, false)) &&
         (!parts.has_build || all_identifiers(parts.build, true));
}

int compare_versions(std::string_view a, std::string_view b) noexcept {
  const Parts first = split(a);
  const Parts second = split(b);
  if (const int order = compare_lists(first.core, second.core); order != 0) return order;
  // A version with a pre-release comes before the one without.
  if (first.has_prerelease != second.has_prerelease) return first.has_prerelease ? -1 : 1;
  return compare_lists(first.prerelease, second.prerelease);
}

}  // namespace cowork
