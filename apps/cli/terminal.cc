#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "cowork/base/text.h"

namespace cowork::cli {
namespace {

constexpr std::size_t default_width = 80;
constexpr std::size_t narrowest = 40;

bool set_and_not_empty(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool terminal_without_colors() {
  const char* term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) == "dumb";
}

std::size_t window_width() {
  winsize size{};
  std::size_t width = default_width;
  if (const char* columns = std::getenv("COLUMNS"); columns != nullptr && std::atoi(columns) > 0)
    width = static_cast<std::size_t>(std::atoi(columns));
  else if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    width = size.ws_col;
  return width < narrowest ? narrowest : width;
}

/// Length of the UTF-8 sequence that begins here, and its code point; malformed bytes are one each, U+FFFD.
struct CodePoint {
  char32_t value = 0xFFFD;
  std::size_t length = 1;
};

CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 0;
  if (length == 0 || text.size() < length) return {};
  char32_t value = first & (0xFFU >> (length + 1));
  for (std::size_t index = 1; index < length; ++index) {
    if ((byte(index) & 0xC0U) != 0x80U) return {};
    value = (value << 6U) | (byte(index) & 0x3FU);
  }
  return {value, length};
}

std::size_t width_of(char32_t point) {
  const int width = ::wcwidth(static_cast<wchar_t>(point));
  return width > 0 ? static_cast<std::size_t>(width) : 0;
}

/// As cowork::printable decides; the characters that emoji are made of stay.
bool steers_terminals(char32_t point) {
  return (point >= 0x7F && point <= 0x9F) || point == 0x61C || point == 0x200B || point == 0x200E || point == 0x200F ||
         (point >= 0x2028 && point <= 0x202E) || point == 0x2060 || (point >= 0x2066 && point <= 0x2069) ||
         point == 0xFEFF;
}

/// How many bytes stand before the first one that is not ASCII, or is DEL. Eight at a time: nearly all of them do.
std::size_t plain_bytes(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t high_bits = 0x80 * ones;
  std::size_t count = 0;
  for (std::uint64_t eight = 0; count + sizeof eight <= text.size(); count += sizeof eight) {
    std::memcpy(&eight, text.data() + count, sizeof eight);
    if (((eight | (eight + ones)) & high_bits) != 0) break;
  }
  while (count < text.size() && static_cast<unsigned char>(text[count]) < 0x7F) ++count;
  return count;
}

}  // namespace

Terminal process_terminal() {
  Terminal terminal{std::cin, std::cout, std::cerr};
  terminal.in_is_terminal = ::isatty(STDIN_FILENO) == 1;
  terminal.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  terminal.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  terminal.colors_unwanted = set_and_not_empty("NO_COLOR") || terminal_without_colors();
  terminal.width = window_width();
  return terminal;
}

std::string_view style_sequence(Style style) noexcept {
  static constexpr std::array<std::string_view, 9> sequences{"",         "\033[1m",  "\033[2m",  "\033[31m", "\033[32m",
                                                             "\033[33m", "\033[94m", "\033[35m", "\033[36m"};
  return sequences[static_cast<std::size_t>(style)];
}

std::string Styler::operator()(Style style, std::string_view text) const {
  if (!colors_ || style == Style::plain || text.empty()) return std::string(text);
  return std::string(style_sequence(style)).append(text).append("\033[0m");
}

bool wants_color(const GlobalOptions& options, const Terminal& terminal, bool stream_is_terminal) noexcept {
  if (options.color == "always") return true;
  if (options.color == "never" || terminal.colors_unwanted) return false;
  return stream_is_terminal;
}

std::string printable_block(std::string_view text) {
  std::string result;
  std::size_t start = 0;
  for (std::size_t index = 0; index <= text.size(); ++index) {
    if (index < text.size() && text[index] != '\n' && text[index] != '\t') continue;
    result += printable(text.substr(start, index - start));
    if (index < text.size()) result += text[index];
    start = index + 1;
  }
  return result;
}

std::string json_for_terminal(std::string_view json_text) {
  std::string result;
  result.reserve(json_text.size());
  for (std::size_t index = 0; index < json_text.size();) {
    const std::size_t plain = plain_bytes(json_text.substr(index));
    result.append(json_text.substr(index, plain));
    index += plain;
    if (index == json_text.size()) break;
    const CodePoint point = decode(json_text.substr(index));
    if (steers_terminals(point.value)) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(point.value));
      result += escaped;
    } else {
      result.append(json_text.substr(index, point.length));
    }
    index += point.length;
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t index = 0; index < text.size();) {
    const CodePoint point = decode(text.substr(index));
    width += width_of(point.value);
    index += point.length;
  }
  return width;
}

std::string cut_to_width(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::string result;
  std::size_t used = 0;
  for (std::size_t index = 0; index < text.size();) {
    const CodePoint point = decode(text.substr(index));
    if (used + width_of(point.value) > width - 1) break;
    used += width_of(point.value);
    result.append(text.substr(index, point.length));
    index += point.length;
  }
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result + "\u2026";
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    const std::string_view word = text.substr(start, end - start);
    start = end + 1;
    if (word.empty()) continue;
    const std::size_t word_width = display_width(word);
    if (column > indent && column + 1 + word_width > width) {
      result.append("\n").append(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result.append(word);
    column += word_width;
  }
  return result;
}

}  // namespace cowork::cli
