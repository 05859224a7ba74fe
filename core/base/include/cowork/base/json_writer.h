// JSON as it is written, part by part: straight to text, or to a Value, by the same calls.
//
//     Writer json(text);
//     json.begin_object();
//     json.key("name");
//     json.string(pack.name());
//     json.end_object();
//
// Threads: one. The calls have to make one well-formed value; nothing checks it.
#pragma once

#include <array>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json.h"

namespace cowork::json {

enum class Style : std::uint8_t { compact, pretty };

/// A member's name that is known when it is compiled, and needs no escape: written in one piece.
class Key {
 public:
  template <std::size_t size>
  consteval Key(const char (&name)[size]) : size_(size - 1) {
    static_assert(size <= most + 1);
    text_[0] = '"';
    for (std::size_t i = 0; i < size_; ++i) {
      if (name[i] < ' ' || name[i] > '~' || name[i] == '"' || name[i] == '\\') throw "not plain";
      text_[i + 1] = name[i];
    }
    text_[size_ + 1] = '"';
    text_[size_ + 2] = ':';
  }
  constexpr std::string_view name() const noexcept { return {text_.data() + 1, size_}; }
  /// `"name":`
  constexpr std::string_view quoted() const noexcept { return {text_.data(), size_ + 3}; }
  /// Behind quoted() may be read up to so many bytes in all.
  static constexpr std::size_t room = 32;

 private:
  static constexpr std::size_t most = room - 3;
  std::array<char, room> text_{};
  std::size_t size_;
};

/// Appends to a text: the same as to_text() and to_pretty_text() make of the same value (the latter's last line feed
/// aside). The text is complete once the outermost value is.
class Writer {
 public:
  /// `out` has to stay.
  explicit Writer(std::string& out, Style style = Style::compact) : out_(out), pretty_(style == Style::pretty) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  void key(std::string_view key);
  void key(const Key& key) {
    separate();
    const std::string_view quoted = key.quoted();
    std::memcpy(room(Key::room), quoted.data(), Key::room);  // of a size that is known
    next_ += quoted.size();
    if (pretty_) put(' ');
    after_key_ = true;
  }
  void string(std::string_view text) {
    separate();
    put_string(text);
    end_value();
  }
  /// One string of several texts.
  void string(std::initializer_list<std::string_view> parts);
  void boolean(bool value);
  void value(const Value& value);
  /// A value that stands in compact JSON already, as to_text() makes it.
  void raw(std::string_view compact);

 private:
  /// Room for so many bytes at next_.
  char* room(std::size_t bytes) {
    if (static_cast<std::size_t>(buffer_.data() + buffer_.size() - next_) < bytes) flush();
    return next_;
  }
  void flush();
  void put(char character) { *room(1) = character, ++next_; }
  void put(std::string_view text);
  void put_string(std::string_view text);
  void put_text(std::string_view text);
  void put_long_text(std::string_view text);
  const char* put_plain(const char* at, const char* end);
  void put_escape(char character);
  void begin(char bracket);
  void end(char bracket);
  /// Before every value and every key.
  void separate() {
    if (after_key_) {
      after_key_ = false;
      return;
    }
    if (depth_ == 0) return;
    if (!first_) put(',');
    first_ = false;
    if (pretty_) new_line();
  }
  void new_line();
  void end_value() {
    if (depth_ == 0) flush();
  }

  std::string& out_;
  std::array<char, 4096> buffer_;  ///< what is not yet in out_
  char* next_ = buffer_.data();
  std::size_t depth_ = 0;
  bool pretty_;
  bool first_ = true;  ///< nothing has been written yet in the innermost array or object
  bool after_key_ = false;
};

/// Makes a Value of the same calls.
class ValueWriter {
 public:
  void begin_object() { open_.push_back(Value::object()); }
  void end_object() { close(); }
  void begin_array() { open_.push_back(Value::array()); }
  void end_array() { close(); }
  void key(std::string_view key) { keys_.emplace_back(key); }
  void key(const Key& key) { keys_.emplace_back(key.name()); }
  void string(std::string_view text) { value(Value(text)); }
  void string(std::initializer_list<std::string_view> parts);
  void boolean(bool value) { this->value(Value(value)); }
  void value(Value value);
  void raw(std::string_view compact);

  Value take() { return std::move(root_); }

 private:
  void close();

  std::vector<Value> open_;
  std::vector<std::string> keys_;
  Value root_;
};

}  // namespace cowork::json
