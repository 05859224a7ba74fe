#include "json_scan.h"

#include <algorithm>

#include "plain_text.h"
#include "utf8.h"

namespace cowork::json {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t max_number_length = 512;
constexpr std::size_t max_exponent_digits = 4;
// RapidJSON refuses what lies above these while it parses, also where the value would fit (0e400, 1000…0e-300); as a
// rule of ours the bound is exact and its message is the same for all.
constexpr std::size_t max_whole_digits = 308;
constexpr unsigned max_exponent = 308;

const char* byte_order_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF"sv)) return "byte order mark is not allowed";
  if (text.starts_with("\xFF\xFE\0\0"sv) || text.starts_with("\0\0\xFE\xFF"sv))
    return "byte order mark is not allowed: the text must be UTF-8, not UTF-32";
  if (text.starts_with("\xFF\xFE"sv) || text.starts_with("\xFE\xFF"sv))
    return "byte order mark is not allowed: the text must be UTF-8, not UTF-16";
  return nullptr;
}

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

std::string_view leading_digits(std::string_view text) {
  return text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
}

/// What is wrong with the number that `lexeme` begins with; null when nothing is. Its grammar is RapidJSON's business.
const char* fault_of_number(std::string_view lexeme) {
  if (lexeme.size() > max_number_length) return "number longer than 512 bytes";
  if (leading_digits(lexeme.substr(lexeme.front() == '-' ? 1 : 0)).size() > max_whole_digits)
    return "number out of range";
  const std::size_t mark = lexeme.find_first_of("eE");
  if (mark == std::string_view::npos) return nullptr;
  std::string_view exponent = lexeme.substr(mark + 1);
  const bool negative = exponent.starts_with('-');
  if (negative || exponent.starts_with('+')) exponent.remove_prefix(1);
  exponent = leading_digits(exponent);
  if (exponent.size() > max_exponent_digits) return "number with an exponent of more than 4 digits";
  unsigned value = 0;
  for (const char digit : exponent) value = value * 10 + static_cast<unsigned>(digit - '0');
  return !negative && value > max_exponent ? "number out of range" : nullptr;
}

/// All that could belong to a number that begins there.
std::string_view number_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  return rest.substr(0, std::min(rest.find_first_not_of("0123456789+-.eE"), rest.size()));
}

/// The code unit of `\uXXXX` at the start of `text`; nullopt when it is none.
std::optional<unsigned> unicode_escape(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  for (const char character : text.substr(2, 4)) {
    constexpr std::string_view digits = "0123456789abcdef";
    const std::size_t digit = digits.find(is_digit(character) ? character : static_cast<char>(character | 0x20));
    if (digit == std::string_view::npos) return std::nullopt;
    unit = unit * 16 + static_cast<unsigned>(digit);
  }
  return unit;
}

class Scanner {
 public:
  Scanner(std::string_view text, unsigned max_depth, Rules rules) : text_(text), max_depth_(max_depth), rules_(rules) {}

  std::optional<Refusal> run() {
    if (const char* mark = byte_order_mark(text_)) return Refusal{0, mark};
    while (at_ < text_.size()) {
      const char* fault = in_string_ ? step_in_string() : step_outside();
      if (fault) return Refusal{at_, fault};
      if (too_deep_) return Refusal{at_, "nested deeper than " + std::to_string(max_depth_) + " levels"};
    }
    return std::nullopt;
  }

 private:
  const char* step_outside() {
    const char character = text_[at_];
    if (is_digit(character) || character == '-') return step_over_number();
    if (character == '"') in_string_ = true;
    if (character == '{' || character == '[') {
      too_deep_ = ++depth_ > max_depth_;
      if (too_deep_) return nullptr;
    }
    if ((character == '}' || character == ']') && depth_ > 0) --depth_;
    return step_over_character();
  }

  const char* step_in_string() {
    while (is_plain(text_[at_])) {
      if (++at_ == text_.size()) return nullptr;
    }
    const char character = text_[at_];
    if (character == '\\') return step_over_escape();
    if (character == '"') in_string_ = false;
    if (character != '\0' && static_cast<unsigned char>(character) < 0x20)
      return "control character in a string must be escaped";
    return step_over_character();
  }

  const char* step_over_character() {
    if (text_[at_] == '\0') return "NUL is not allowed";
    if (static_cast<unsigned char>(text_[at_]) < 0x80) {
      ++at_;
      return nullptr;
    }
    const CodePoint point = code_point_at(text_, at_);
    if (point.length == 0) return "invalid UTF-8";
    at_ += point.length;
    return nullptr;
  }

  const char* step_over_number() {
    const std::string_view lexeme = number_at(text_, at_);
    if (const char* fault = fault_of_number(lexeme)) return fault;
    at_ += lexeme.size();
    return nullptr;
  }

  const char* step_over_escape() {
    const auto unit = unicode_escape(text_.substr(at_));
    if (!unit) {
      // Only `\"` and `\\` matter here; any other character is looked at as if it stood alone.
      const bool hides_next = at_ + 1 < text_.size() && (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\');
      at_ += hides_next ? 2 : 1;
      return nullptr;
    }
    if (*unit == 0 && rules_ == Rules::profile) return "NUL is not allowed";
    const bool high = *unit >= 0xD800 && *unit <= 0xDBFF;
    const bool low = *unit >= 0xDC00 && *unit <= 0xDFFF;
    const unsigned next = high ? unicode_escape(text_.substr(at_ + 6)).value_or(0) : 0;
    if (low || (high && (next < 0xDC00 || next > 0xDFFF))) return "lone surrogate in a string";
    at_ += high ? 12 : 6;
    return nullptr;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
  unsigned max_depth_;
  Rules rules_;
  bool in_string_ = false;
  bool too_deep_ = false;
};

}  // namespace

bool is_refused_number(std::string_view text, std::size_t at) {
  return fault_of_number(number_at(text, at)) != nullptr;
}

bool has_refused_escape(std::string_view string, Rules rules) {
  for (std::size_t at = string.find('\\'); at != std::string_view::npos; at = string.find('\\', at)) {
    const auto unit = unicode_escape(string.substr(at));
    if (!unit) {
      at += 2;
      continue;
    }
    if (*unit == 0 && rules == Rules::profile) return true;
    const bool high = *unit >= 0xD800 && *unit <= 0xDBFF;
    const unsigned next = high ? unicode_escape(string.substr(at + 6)).value_or(0) : 0;
    if ((*unit >= 0xDC00 && *unit <= 0xDFFF) || (high && (next < 0xDC00 || next > 0xDFFF))) return true;
    at += high ? 12 : 6;
  }
  return false;
}

std::optional<Refusal> scan(std::string_view text, unsigned max_depth, Rules rules) {
  return Scanner(text, max_depth, rules).run();
}

}  // namespace cowork::json
