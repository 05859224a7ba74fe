#include "cowork/base/json_tape.h"

#include <algorithm>

#include "json_place.h"

namespace cowork::json {
namespace {

unsigned code_unit(std::string_view digits) {
  unsigned unit = 0;
  for (const char digit : digits)
    unit = unit * 16 + static_cast<unsigned>(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
  return unit;
}

void append_utf8(std::string& text, unsigned point) {
  const auto add = [&](unsigned byte) { text += static_cast<char>(byte); };
  if (point < 0x80) return add(point);
  if (point < 0x800) {
    add(0xC0 | (point >> 6));
  } else {
    if (point < 0x10000) {
      add(0xE0 | (point >> 12));
    } else {
      add(0xF0 | (point >> 18));
      add(0x80 | ((point >> 12) & 0x3F));
    }
    add(0x80 | ((point >> 6) & 0x3F));
  }
  add(0x80 | (point & 0x3F));
}

/// `escape` begins behind the backslash; what belongs to it is taken off.
void append_escaped(std::string& text, std::string_view& escape) {
  constexpr std::string_view letters = "nbfrt";
  constexpr std::string_view controls = "\n\b\f\r\t";
  const char letter = escape.front();
  escape.remove_prefix(1);
  if (letter != 'u') {
    const std::size_t control = letters.find(letter);
    text += control == std::string_view::npos ? letter : controls[control];
    return;
  }
  unsigned point = code_unit(escape.substr(0, 4));
  escape.remove_prefix(4);
  if (point >= 0xD800 && point <= 0xDBFF) {
    point = 0x10000 + ((point - 0xD800) << 10) + (code_unit(escape.substr(2, 4)) - 0xDC00);
    escape.remove_prefix(6);
  }
  append_utf8(text, point);
}

/// `raw` has been read without a fault.
std::string decode(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  for (;;) {
    const std::size_t backslash = std::min(raw.find('\\'), raw.size());
    text += raw.substr(0, backslash);
    if (backslash == raw.size()) return text;
    raw.remove_prefix(backslash + 1);
    append_escaped(text, raw);
  }
}

}  // namespace

SourcePlace place_in(std::string_view text, std::size_t offset, std::string_view file, std::string pointer) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_feed = before.rfind('\n');
  const std::size_t line_start = line_feed == std::string_view::npos ? 0 : line_feed + 1;
  return {std::string(file), static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1),
          static_cast<std::uint32_t>(before.size() - line_start + 1), std::move(pointer)};
}

SourcePlace Tape::place(std::uint32_t offset, std::string pointer) const {
  if (!lines_) lines_.emplace(text_);
  const TextPosition position = lines_->position(text_, offset);
  return {file_, position.line, position.column, std::move(pointer)};
}

std::string_view Tape::decoded(Node& node) const {
  if (node.flag) return (*strings_)[node.extra];
  const std::string_view raw = text_.substr(node.begin, node.end - node.begin);
  // Unusual characters may stand for themselves as well.
  if (raw.find('\\') == std::string_view::npos) return raw;
  if (!strings_) strings_.emplace();
  node.extra = static_cast<std::uint32_t>(strings_->size());
  node.flag = true;
  return strings_->emplace_back(decode(raw));
}

Element Tape::root() const noexcept {
  return {*this, 0};
}

std::optional<bool> Element::as_bool() const noexcept {
  if (kind() != Kind::boolean) return std::nullopt;
  return node().flag;
}

std::optional<std::string_view> Element::number_lexeme() const noexcept {
  if (kind() != Kind::number) return std::nullopt;
  return tape_->text_.substr(node().begin, node().end - node().begin);
}

std::uint32_t Element::offset() const noexcept {
  return kind() == Kind::string ? node().begin - 1 : node().begin;
}

std::size_t Element::size() const noexcept {
  return is_array() || is_object() ? node().extra : 0;
}

std::optional<Element> Element::find(std::string_view key) const {
  for (const TapeMember& member : members())
    if (*member.key.as_string() == key) return member.value;
  return std::nullopt;
}

Element::Items Element::items() const noexcept {
  return {*tape_, index_ + 1, is_array() ? node().next : index_ + 1};
}

Element::Members Element::members() const noexcept {
  return {*tape_, index_ + 1, is_object() ? node().next : index_ + 1};
}

Value Element::to_value() const {
  const auto made = [&]() -> Value {
    switch (kind()) {
      case Kind::null:
        break;
      case Kind::boolean:
        return *as_bool();
      case Kind::number:
        return Value::number_from_lexeme(std::string(*number_lexeme()));
      case Kind::string:
        return *as_string();
      case Kind::array: {
        Array array;
        array.reserve(size());
        for (const Element item : items()) array.push_back(item.to_value());
        return array;
      }
      case Kind::object: {
        Object object;
        object.reserve(size());
        for (const TapeMember& member : members())
          object.push_back({std::string(*member.key.as_string()), member.value.to_value(), member.key.offset()});
        return object;
      }
    }
    return {};
  };
  Value value = made();
  value.set_offset(offset());
  return value;
}

}  // namespace cowork::json
