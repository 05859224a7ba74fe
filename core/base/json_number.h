// Numbers as they are written: exact comparison and conversion without going through double.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cowork::json {

/// A view of a number's lexeme, whose text must outlive it. Its value is the digits [begin, end) times ten to the power
/// of `scale`; `begin == end` is zero. Neither the first nor the last of these digits is 0.
class Decimal {
 public:
  /// Nullopt when `lexeme` is not RFC 8259's `number`.
  static std::optional<Decimal> from_lexeme(std::string_view lexeme) noexcept;

  bool is_zero() const noexcept { return begin_ == end_; }
  /// The power of ten of the digit before the first: 0.00123 is 0.123 * 10^-2, so -2.
  std::int64_t magnitude() const noexcept { return scale_ + static_cast<std::int64_t>(end_ - begin_); }
  std::optional<std::int64_t> to_int64() const noexcept;
  friend bool operator==(const Decimal& a, const Decimal& b) noexcept;

 private:
  void normalize(std::int64_t exponent) noexcept;
  char digit(std::size_t index) const noexcept {
    return index < whole_.size() ? whole_[index] : fraction_[index - whole_.size()];
  }

  bool negative_ = false;
  std::string_view whole_;
  std::string_view fraction_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::int64_t scale_ = 0;
};

}  // namespace cowork::json
