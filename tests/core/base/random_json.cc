#include "random_json.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace cowork::json {
namespace {

using namespace std::string_view_literals;

/// Each is one character of a string's text, as it may be spelt.
constexpr std::string_view characters[] = {
    "\\\""sv,
    "\\\\"sv,
    "\\/"sv,
    "\\b"sv,
    "\\f"sv,
    "\\n"sv,
    "\\u0041"sv,
    "\\u00e9"sv,
    "\\uFFFF"sv,
    "\\u2028"sv,
    "\\u001F"sv,
    "\\uD83D\\uDE00"sv,
    "\xc3\xa9"sv,
    "\xe4\xb8\xad"sv,
    "\xf0\x9f\x98\x80"sv,
    "\x7f"sv,
    "\xef\xbb\xbf"sv,
    "\xf4\x8f\xbf\xbf"sv,
    "'"sv,
    "{"sv,
    "]"sv,
    ","sv,
    "-1e5"sv,
    "/*"sv,
};

/// What is worth putting into the middle of a text.
constexpr std::string_view shards[] = {
    "\0"sv,
    "\\u0000"sv,
    "\\ud800"sv,
    "\\udc00"sv,
    "\xef\xbb\xbf"sv,
    "\xff"sv,
    "\xc0\xaf"sv,
    "\xed\xa0\x80"sv,
    "\""sv,
    "\\"sv,
    ","sv,
    ":"sv,
    "["sv,
    "]"sv,
    "{"sv,
    "}"sv,
    "null"sv,
    "tru"sv,
    "1e309"sv,
    "e400"sv,
    "0"sv,
    "-"sv,
    "."sv,
    "e"sv,
    "\x1f"sv,
    "\x1a"sv,
    "\n"sv,
    " "sv,
    "\"a\":1,"sv,
    "//"sv,
    "\\u"sv,
    "[[[[[[[[[["sv,
    "NaN"sv,
    "Infinity"sv,
    "\x0c"sv,
    "+"sv,
    "99999"sv,
    "\\x"sv,
    "\xc2\xa0"sv,
    "'"sv,
};

}  // namespace

std::string RandomJson::digits(std::size_t most) {
  std::string text;
  for (std::size_t i = 1 + below(most); i > 0; --i) text += static_cast<char>('0' + below(10));
  return text;
}

std::string RandomJson::space() {
  if (!once_in(6)) return "";
  constexpr std::string_view kinds = " \t\r\n";
  std::string text;
  for (std::size_t i = below(3); i > 0; --i) text += kinds[below(kinds.size())];
  return text;
}

std::string RandomJson::number() {
  std::string text = once_in(3) ? "-" : "";
  const std::string first(1, static_cast<char>('1' + below(9)));
  if (once_in(5))
    text += '0';
  else
    text += first + digits(once_in(40) ? 320 : 20);
  if (once_in(3)) text += '.' + digits(once_in(40) ? 600 : 20);
  if (once_in(4)) {
    constexpr std::array<std::string_view, 3> signs = {"", "+", "-"};
    text += once_in(2) ? 'e' : 'E';
    text += signs[below(3)];
    text += digits(once_in(10) ? 6 : 3);
  }
  return text;
}

std::string RandomJson::character() {
  if (once_in(400)) return "\\u0000";
  if (once_in(3)) return std::string(characters[below(std::size(characters))]);
  return std::string(1, static_cast<char>('a' + below(26)));
}

std::string RandomJson::string() {
  std::string text = "\"";
  for (std::size_t i = below(once_in(20) ? 100 : 8); i > 0; --i) text += character();
  return text + '"';
}

std::string RandomJson::key() {
  if (once_in(2)) return string();
  // Few enough that some come twice, and some of them spelt differently.
  std::string letter(1, static_cast<char>('a' + below(26)));
  if (once_in(2)) letter += static_cast<char>('a' + below(26));
  return once_in(30) ? "\"\\u0061\"" : '"' + letter + '"';
}

// One draw a statement below: the order in which operands are evaluated differs from compiler to compiler, and a seed
// must mean the same texts everywhere.
std::string RandomJson::array(unsigned depth) {
  std::string text = "[";
  const std::size_t count = below(once_in(30) ? 40 : 5);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ',';
    text += space();
    text += value(depth + 1);
    text += space();
  }
  text += space();
  return text + ']';
}

std::string RandomJson::object(unsigned depth) {
  std::string text = "{";
  const std::size_t count = below(once_in(30) ? 40 : 5);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ',';
    text += space();
    text += key();
    text += space();
    text += ':';
    text += space();
    text += value(depth + 1);
    text += space();
  }
  text += space();
  return text + '}';
}

std::string RandomJson::leaf() {
  constexpr std::string_view literals[] = {"null", "true", "false", "[]", "{}"};
  const std::size_t choice = below(3);
  if (choice == 0) return std::string(literals[below(std::size(literals))]);
  return choice == 1 ? string() : number();
}

std::string RandomJson::value(unsigned depth) {
  const bool exhausted = budget_ == 0;
  if (!exhausted) --budget_;
  if (exhausted || once_in(depth == 0 ? 20 : 3)) return leaf();
  return once_in(2) ? array(depth) : object(depth);
}

std::string RandomJson::document() {
  budget_ = 1 + below(once_in(30) ? 300 : 30);
  std::string text = space();
  text += value(0);
  text += space();
  if (once_in(100)) text = "\xef\xbb\xbf" + text;
  if (once_in(50)) {
    const std::size_t depth = 1 + below(20);
    text = std::string(depth, '[') + text + std::string(depth, ']');
  }
  return text;
}

void RandomJson::damage(std::string& text) {
  const std::size_t at = below(text.size() + 1);
  const std::size_t length = below(std::min<std::size_t>(text.size() - at, 8) + 1);
  switch (below(7)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
      return;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(below(256));
      return;
    case 2:
      text.resize(at);
      return;
    case 3:
      text.erase(at, length);
      return;
    case 4:
      text.insert(at, text.substr(at, length));
      return;
    case 5:
      text.insert(at, text.substr(below(text.size() + 1), length));
      return;
    default:
      text.insert(at, shards[below(std::size(shards))]);
  }
}

std::string RandomJson::damaged(std::string text) {
  for (std::size_t i = 1 + below(3); i > 0; --i) damage(text);
  return text;
}

}  // namespace cowork::json
