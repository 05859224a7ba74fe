#include "cowork/base/json.h"
#include "utf8.h"

namespace cowork::json {
namespace {

void append_escape(std::string& out, char character) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (character) {
    case '"':
    case '\\':
      out += {'\\', character};
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += digits[static_cast<unsigned char>(character) >> 4];
      out += digits[static_cast<unsigned char>(character) & 0xF];
  }
}

bool needs_escape(char32_t value) {
  return value < 0x20 || value == '"' || value == '\\';
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (point.length == 0)
      out += "\uFFFD";
    else if (needs_escape(point.value))
      append_escape(out, text[at]);
    else
      out += text.substr(at, point.length);
    at += point.length == 0 ? 1 : point.length;
  }
  out += '"';
}

class Writer {
 public:
  explicit Writer(bool pretty) : pretty_(pretty) {}

  void write(const Value& value) {
    if (const bool* boolean = value.as_bool())
      out_ += *boolean ? "true" : "false";
    else if (const std::string* lexeme = value.number_lexeme())
      out_ += *lexeme;
    else if (const std::string* string = value.as_string())
      append_string(out_, *string);
    else if (const Array* array = value.as_array())
      write_array(*array);
    else if (const Object* object = value.as_object())
      write_object(*object);
    else
      out_ += "null";
  }

  std::string take() { return std::move(out_); }

 private:
  void write_array(const Array& array) {
    begin('[');
    for (std::size_t i = 0; i < array.size(); ++i) {
      separate(i);
      write(array[i]);
    }
    end(']', array.empty());
  }

  void write_object(const Object& object) {
    begin('{');
    for (std::size_t i = 0; i < object.size(); ++i) {
      separate(i);
      append_string(out_, object[i].key);
      out_ += pretty_ ? ": " : ":";
      write(object[i].value);
    }
    end('}', object.empty());
  }

  void begin(char bracket) {
    out_ += bracket;
    ++depth_;
  }

  void separate(std::size_t position) {
    if (position > 0) out_ += ',';
    new_line();
  }

  void end(char bracket, bool empty) {
    --depth_;
    if (!empty) new_line();
    out_ += bracket;
  }

  void new_line() {
    if (!pretty_) return;
    out_ += '\n';
    out_.append(depth_ * 2, ' ');
  }

  std::string out_;
  std::size_t depth_ = 0;
  bool pretty_;
};

}  // namespace

std::string to_text(const Value& value) {
  Writer writer(false);
  writer.write(value);
  return writer.take();
}

std::string to_pretty_text(const Value& value) {
  Writer writer(true);
  writer.write(value);
  return writer.take() + '\n';
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
