#include "code_points.h"

#include <algorithm>

namespace cowork::content_scan {
namespace {

constexpr char32_t first_supplementary = 0x10000;

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// How many bytes follow this first one; 0 for ASCII and for what begins nothing.
std::size_t following(unsigned char first) {
  if (first >= 0xF0 && first <= 0xF4) return 3;
  if (first >= 0xE0) return first <= 0xEF ? 2 : 0;
  return first >= 0xC2 ? 1 : 0;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_fence(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t\r");
  return last != std::string_view::npos && line.substr(0, last + 1) == "---";
}

/// Where the front matter ends; the whole text when nothing ends it.
std::size_t front_matter_end(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  std::size_t at = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  for (bool opened = false; at < text.size(); opened = true) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const bool fence = is_fence(text.substr(at, end - at));
    if (opened == fence) return opened ? at : 0;
    at = end + 1;
  }
  return text.size();
}

/// How many digits follow `\x`, `\u`, `\U`; 0 for any other escape.
std::size_t digits_of(char kind) {
  if (kind == 'x') return 2;
  if (kind == 'u') return 4;
  return kind == 'U' ? 8 : 0;
}

}  // namespace

CodePoints::CodePoints(std::string_view text, Spelling spelling) : text_(text), escapes_end_(0) {
  if (spelling == Spelling::escapes) escapes_end_ = text.size();
  if (spelling == Spelling::front_matter) escapes_end_ = front_matter_end(text);
}

std::optional<CodePoints::Item> CodePoints::next() {
  if (at_ >= text_.size()) return std::nullopt;
  const std::size_t offset = at_;
  if (at_ < escapes_end_ && text_[at_] == '\\') {
    if (const auto escaped = escape()) return Item{*escaped, offset};
  }
  return Item{decode(), offset};
}

char32_t CodePoints::decode() {
  const auto first = static_cast<unsigned char>(text_[at_++]);
  if (first < 0x80) return first;
  const std::size_t more = following(first);
  if (more == 0 || text_.size() - at_ < more) return malformed;
  char32_t value = first & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if (!is_continuation(text_[at_ + i])) return malformed;
    value = (value << 6U) | (static_cast<unsigned char>(text_[at_ + i]) & 0x3FU);
  }
  at_ += more;
  return value;
}

std::optional<char32_t> CodePoints::hex(std::size_t at, std::size_t digits) const {
  if (text_.size() < at + digits) return std::nullopt;
  char32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = hex_digit(text_[at + i]);
    if (digit < 0) return std::nullopt;
    value = (value << 4U) | static_cast<char32_t>(digit);
  }
  return value;
}

std::optional<char32_t> CodePoints::escape() {
  if (at_ + 1 >= text_.size()) return std::nullopt;
  const char kind = text_[at_ + 1];
  if (kind == '\\') {
    at_ += 2;
    return U'\\';
  }
  const std::size_t digits = digits_of(kind);
  if (digits == 0) return std::nullopt;
  const auto value = hex(at_ + 2, digits);
  if (!value) return std::nullopt;
  at_ += 2 + digits;
  const bool high = *value >= 0xD800 && *value <= 0xDBFF;
  if (!high || text_.substr(at_, 2) != "\\u") return value;
  const auto low = hex(at_ + 2, 4);
  if (!low || *low < 0xDC00 || *low > 0xDFFF) return value;
  at_ += 6;
  return first_supplementary + ((*value - 0xD800) << 10U) + (*low - 0xDC00);
}

}  // namespace cowork::content_scan
