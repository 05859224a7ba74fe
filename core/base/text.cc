#include "cowork/base/text.h"

#include <algorithm>
#include <chrono>

#include "utf8.h"

namespace cowork {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// What a terminal would act on, or show as nothing. Not U+200D and U+FE0F: emoji are made of them.
constexpr Range hidden[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},      {0x061C, 0x061C}, {0x180E, 0x180E},
                            {0x200B, 0x200B}, {0x200E, 0x200F}, {0x2028, 0x202E},  {0x2060, 0x2060}, {0x2066, 0x2069},
                            {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};

bool is_hidden(char32_t value) {
  return std::any_of(std::begin(hidden), std::end(hidden),
                     [&](const Range& range) { return value >= range.first && value <= range.last; });
}

void append_hex(std::string& out, unsigned value, int digits) {
  constexpr std::string_view alphabet = "0123456789abcdef";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += alphabet[(value >> shift) & 0xF];
}

void append_byte(std::string& out, char byte) {
  out += "\\x";
  append_hex(out, static_cast<unsigned char>(byte), 2);
}

/// Appends the character at `at` so that a terminal may show it; returns how many bytes it had.
std::size_t append_printable(std::string& out, std::string_view text, std::size_t at) {
  const CodePoint point = code_point_at(text, at);
  if (point.length == 0) {
    append_byte(out, text[at]);
    return 1;
  }
  if (!is_hidden(point.value)) {
    out += text.substr(at, point.length);
  } else if (point.length == 1) {
    append_byte(out, text[at]);
  } else {
    out += "\\u{";
    append_hex(out, point.value, 4);
    out += '}';
  }
  return point.length;
}

void append_number(std::string& out, long long value, std::size_t width) {
  const std::string digits = std::to_string(value);
  out.append(width - std::min(width, digits.size()), '0');
  out += digits;
}

}  // namespace

bool is_pack_name(std::string_view text) noexcept {
  const auto first = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (text.empty() || text.size() > 128 || !first(text.front())) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) { return first(c) || c == '_' || c == '-'; });
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) at += append_printable(out, text, at);
  return out;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string out = "\"";
  std::size_t at = 0;
  while (at < text.size() && out.size() <= longest) {
    if (text[at] == '"' || text[at] == '\\') out += '\\';
    at += append_printable(out, text, at);
  }
  if (at < text.size()) out += "…";
  return out + '"';
}

std::string utc_timestamp(std::int64_t milliseconds) {
  using namespace std::chrono;
  // Years 0 to 9999, which is what four digits can say.
  constexpr std::int64_t earliest = -62'167'219'200'000;
  constexpr std::int64_t latest = 253'402'300'799'999;
  const sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(std::clamp(milliseconds, earliest, latest))};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  std::string out;
  append_number(out, static_cast<int>(date.year()), 4);
  append_number(out += '-', static_cast<unsigned>(date.month()), 2);
  append_number(out += '-', static_cast<unsigned>(date.day()), 2);
  append_number(out += 'T', clock.hours().count(), 2);
  append_number(out += ':', clock.minutes().count(), 2);
  append_number(out += ':', clock.seconds().count(), 2);
  return out += 'Z';
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,";
  if (!text.empty() && text.find_first_not_of(safe) == std::string_view::npos) return std::string(text);
  std::string word = "'";
  for (const char character : text) {
    if (character == '\'')
      word += "'\\''";
    else
      word += character;
  }
  return word + '\'';
}

}  // namespace cowork
