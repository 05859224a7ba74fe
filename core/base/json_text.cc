#include <algorithm>

#include "cowork/base/json_tape.h"
#include "cowork/base/json_writer.h"
#include "plain_text.h"
#include "utf8.h"

namespace cowork::json {
namespace {

constexpr std::size_t most_plain = 1024;

Value value_of(std::string_view compact) {
  Tape tape;
  constexpr Limits none{UINT32_MAX - 1, SIZE_MAX, 1000};
  return tape.read(compact, {}, none, ErrorCode::internal) ? tape.root().to_value() : Value();
}

}  // namespace

void Writer::flush() {
  out_.append(buffer_.data(), next_);
  next_ = buffer_.data();
}

void Writer::put(std::string_view text) {
  if (text.size() > buffer_.size()) {
    flush();
    out_ += text;
    return;
  }
  char* const to = room(text.size());
  std::copy_n(text.data(), text.size(), to);
  next_ = to + text.size();
}

/// What stands for itself from `at` on: copied block by block as it is looked at. Where it stopped.
const char* Writer::put_plain(const char* at, const char* end) {
  while (at != end) {
    const auto left = static_cast<std::size_t>(end - at);
    char* const to = room(std::min(left, most_plain));
    const std::size_t copied = copy_plain(at, std::min(left, most_plain), to);
    next_ += copied;
    at += copied;
    if (copied < std::min(left, most_plain)) break;
  }
  return at;
}

void Writer::put_escape(char character) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (character) {
    case '"':
    case '\\':
      put('\\');
      return put(character);
    case '\b':
      return put("\\b");
    case '\f':
      return put("\\f");
    case '\n':
      return put("\\n");
    case '\r':
      return put("\\r");
    case '\t':
      return put("\\t");
    default:
      put("\\u00");
      put(digits[static_cast<unsigned char>(character) >> 4]);
      put(digits[static_cast<unsigned char>(character) & 0xF]);
  }
}

void Writer::put_string(std::string_view text) {
  put('"');
  put_text(text);
  put('"');
}

void Writer::put_text(std::string_view text) {
  if (text.size() > most_plain) return put_long_text(text);
  // Nearly always this is all.
  const std::size_t copied = copy_plain(text.data(), text.size(), room(text.size()));
  next_ += copied;
  if (copied != text.size()) put_long_text(text.substr(copied));
}

void Writer::put_long_text(std::string_view text) {
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    const char* const stop = put_plain(at, end);
    if (stop == end) break;
    at = stop + 1;
    if (*stop == 0x7F) {
      put(*stop);
    } else if (static_cast<unsigned char>(*stop) < 0x80) {
      put_escape(*stop);
    } else if (const CodePoint point = code_point_at({stop, static_cast<std::size_t>(end - stop)}, 0);
               point.length == 0) {
      put("\uFFFD");
    } else {
      put({stop, point.length});
      at = stop + point.length;
    }
  }
}

void Writer::begin(char bracket) {
  separate();
  put(bracket);
  ++depth_;
  first_ = true;
}

void Writer::end(char bracket) {
  --depth_;
  if (!first_ && pretty_) new_line();
  put(bracket);
  first_ = false;
  end_value();
}

void Writer::new_line() {
  put('\n');
  for (std::size_t i = 0; i < depth_; ++i) put("  ");
}

void Writer::key(std::string_view key) {
  separate();
  put_string(key);
  put(pretty_ ? ": " : ":");
  after_key_ = true;
}

void Writer::string(std::initializer_list<std::string_view> parts) {
  separate();
  put('"');
  for (const std::string_view part : parts) put_text(part);
  put('"');
  end_value();
}

void Writer::boolean(bool value) {
  separate();
  put(value ? "true" : "false");
  end_value();
}

void Writer::raw(std::string_view compact) {
  if (pretty_) return value(value_of(compact));
  separate();
  put(compact);
  end_value();
}

void Writer::value(const Value& value) {
  if (const bool* flag = value.as_bool()) return boolean(*flag);
  if (const std::string* text = value.as_string()) return string(*text);
  if (const Array* array = value.as_array()) {
    begin_array();
    for (const Value& item : *array) this->value(item);
    return end_array();
  }
  if (const Object* object = value.as_object()) {
    begin_object();
    for (const Member& member : *object) {
      key(member.key);
      this->value(member.value);
    }
    return end_object();
  }
  separate();
  const std::string* lexeme = value.number_lexeme();
  put(lexeme ? std::string_view(*lexeme) : "null");
  end_value();
}

void ValueWriter::value(Value value) {
  if (open_.empty()) {
    root_ = std::move(value);
  } else if (open_.back().is_array()) {
    open_.back().push_back(std::move(value));
  } else {
    open_.back().as_object()->push_back({std::move(keys_.back()), std::move(value)});
    keys_.pop_back();
  }
}

void ValueWriter::string(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  value(Value(text));
}

void ValueWriter::close() {
  Value closed = std::move(open_.back());
  open_.pop_back();
  value(std::move(closed));
}

void ValueWriter::raw(std::string_view compact) {
  value(value_of(compact));
}

std::string to_text(const Value& value) {
  std::string text;
  Writer(text).value(value);
  return text;
}

std::string to_pretty_text(const Value& value) {
  std::string text;
  Writer(text, Style::pretty).value(value);
  return text + '\n';
}

std::string pointer_step(std::string_view key) {
  std::string step = "/";
  for (const char character : key) {
    if (character == '~')
      step += "~0";
    else if (character == '/')
      step += "~1";
    else
      step += character;
  }
  return step;
}

}  // namespace cowork::json
