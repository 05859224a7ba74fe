#include "json_number.h"

#include <algorithm>

namespace cowork::json {
namespace {

std::string_view take_digits(std::string_view& text) noexcept {
  const std::size_t length = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

bool take(std::string_view& text, std::string_view one_of) noexcept {
  if (text.empty() || one_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Beyond any length of text that fits into memory, yet so small that ten times as much does not overflow.
constexpr std::int64_t largest_exponent = std::int64_t{1} << 58;

/// Nullopt when there are no digits.
std::optional<std::int64_t> take_exponent(std::string_view& text) noexcept {
  const bool negative = !text.empty() && text.front() == '-';
  take(text, "+-");
  const std::string_view digits = take_digits(text);
  if (digits.empty()) return std::nullopt;
  std::int64_t exponent = 0;
  for (const char digit : digits) exponent = std::min(largest_exponent, exponent * 10 + (digit - '0'));
  return negative ? -exponent : exponent;
}

}  // namespace

std::optional<Decimal> Decimal::from_lexeme(std::string_view lexeme) noexcept {
  Decimal decimal;
  decimal.negative_ = take(lexeme, "-");
  decimal.whole_ = take_digits(lexeme);
  if (decimal.whole_.empty() || (decimal.whole_.size() > 1 && decimal.whole_.front() == '0')) return std::nullopt;
  if (take(lexeme, ".")) {
    decimal.fraction_ = take_digits(lexeme);
    if (decimal.fraction_.empty()) return std::nullopt;
  }
  std::int64_t exponent = 0;
  if (take(lexeme, "eE")) {
    const auto written = take_exponent(lexeme);
    if (!written) return std::nullopt;
    exponent = *written;
  }
  if (!lexeme.empty()) return std::nullopt;
  decimal.normalize(exponent);
  return decimal;
}

void Decimal::normalize(std::int64_t exponent) noexcept {
  end_ = whole_.size() + fraction_.size();
  while (begin_ < end_ && digit(begin_) == '0') ++begin_;
  while (end_ > begin_ && digit(end_ - 1) == '0') --end_;
  scale_ = exponent + static_cast<std::int64_t>(whole_.size()) - static_cast<std::int64_t>(end_);
}

std::optional<std::int64_t> Decimal::to_int64() const noexcept {
  if (is_zero()) return 0;
  // Nineteen digits always fit into 64 bits without sign, and no int64_t has more.
  if (scale_ < 0 || magnitude() > 19) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = begin_; i < end_; ++i) value = value * 10 + static_cast<unsigned>(digit(i) - '0');
  for (std::int64_t i = 0; i < scale_; ++i) value *= 10;
  const std::uint64_t largest = static_cast<std::uint64_t>(INT64_MAX) + (negative_ ? 1 : 0);
  if (value > largest) return std::nullopt;
  return static_cast<std::int64_t>(negative_ ? 0 - value : value);
}

bool operator==(const Decimal& a, const Decimal& b) noexcept {
  if (a.is_zero() || b.is_zero()) return a.is_zero() && b.is_zero();
  if (a.negative_ != b.negative_ || a.scale_ != b.scale_ || a.end_ - a.begin_ != b.end_ - b.begin_) return false;
  for (std::size_t i = 0; i < a.end_ - a.begin_; ++i) {
    if (a.digit(a.begin_ + i) != b.digit(b.begin_ + i)) return false;
  }
  return true;
}

}  // namespace cowork::json
