// JSON values as the whole project sees them. Parsing is in json_reader.h, the only place that reads JSON text.
//
// Threads: a const Value may be read by many threads. Ownership: a Value owns everything below it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cowork::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

/// "a string", "an object"...: for messages.
std::string_view describe(Kind kind) noexcept;

struct Member;
class Value;
using Array = std::vector<Value>;
/// In the order of the text; the reader guarantees that keys are unique.
using Object = std::vector<Member>;

class Value {
 public:
  static constexpr std::uint32_t no_offset = UINT32_MAX;

  // Defined below Member, which has to be complete first.
  Value() noexcept;  // null
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  Value(std::nullptr_t) noexcept;
  Value(bool value);
  Value(int value);
  Value(unsigned value);
  Value(std::int64_t value);
  Value(std::uint64_t value);
  /// NaN and infinities become null: JSON has none.
  Value(double value);
  Value(std::string value);
  Value(std::string_view value);
  Value(const char* value);
  Value(Array items);
  Value(Object members);
  /// A value made of pointers would silently become a boolean.
  Value(const void*) = delete;

  static Value array(std::initializer_list<Value> items = {});
  static Value object(std::initializer_list<std::pair<std::string_view, Value>> members = {});
  /// An array of strings.
  static Value strings(const std::vector<std::string>& items);
  /// A number that keeps its spelling, so that what was read is written again to the letter. Null when `lexeme` is not
  /// RFC 8259's `number`, so that what is written is always JSON.
  static Value number_from_lexeme(std::string lexeme);

  Kind kind() const noexcept;
  bool is_null() const noexcept { return kind() == Kind::null; }
  bool is_object() const noexcept { return kind() == Kind::object; }
  bool is_array() const noexcept { return kind() == Kind::array; }
  bool is_string() const noexcept { return kind() == Kind::string; }

  /// Each accessor answers null (nullopt) when the value is of another kind: nothing is coerced.
  const bool* as_bool() const noexcept;
  const std::string* as_string() const noexcept;
  const Array* as_array() const noexcept;
  Array* as_array() noexcept;
  const Object* as_object() const noexcept;
  Object* as_object() noexcept;
  const std::string* number_lexeme() const noexcept;
  /// The number when it is an integer in value (1, 1.0, 1e2) and fits.
  std::optional<std::int64_t> as_int64() const noexcept;
  /// The nearest double; nullopt when the number is too large for one. What is too small is zero.
  std::optional<double> as_double() const noexcept;

  /// Member `key` of an object; null when there is none, or when this is no object. Linear: for small objects.
  const Value* find(std::string_view key) const noexcept;
  Value* find(std::string_view key) noexcept;
  /// Sets member `key`, keeping its place when it exists. A null value turns into an object first; calling it on any
  /// other kind is a programming error (asserted).
  Value& set(std::string_view key, Value value);
  /// Takes member `key` out; false when there was none.
  bool erase(std::string_view key);
  /// Appends to an array; a null value turns into an array first.
  void push_back(Value item);

  /// Byte offset in the text that it was read from, or no_offset.
  std::uint32_t offset() const noexcept { return offset_; }
  void set_offset(std::uint32_t offset) noexcept { offset_ = offset; }

  /// Equal in value: order of members does not count, numbers by exact decimal value (1 == 1.0 == 10e-1, and integers
  /// beyond 2^53 are told apart), offsets do not count.
  friend bool operator==(const Value& a, const Value& b);

 private:
  struct Number {
    std::string lexeme;
  };
  std::variant<std::monostate, bool, Number, std::string, Array, Object> data_;
  std::uint32_t offset_ = no_offset;
};

struct Member {
  std::string key;
  Value value;
  std::uint32_t key_offset = Value::no_offset;
};

inline Value::Value() noexcept = default;
inline Value::Value(const Value&) = default;
inline Value::Value(Value&&) noexcept = default;
inline Value& Value::operator=(const Value&) = default;
inline Value& Value::operator=(Value&&) noexcept = default;
inline Value::~Value() = default;
inline Value::Value(std::nullptr_t) noexcept {}
inline Value::Value(bool value) : data_(value) {}
inline Value::Value(int value) : Value(static_cast<std::int64_t>(value)) {}
inline Value::Value(unsigned value) : Value(static_cast<std::int64_t>(value)) {}
inline Value::Value(std::string value) : data_(std::move(value)) {}
inline Value::Value(std::string_view value) : data_(std::string(value)) {}
inline Value::Value(const char* value) : data_(std::string(value)) {}

/// Compact text, one line. Strings are escaped as RFC 8259 asks (control characters, quote, backslash), all else
/// verbatim but for bytes that are not UTF-8, each of which becomes U+FFFD.
std::string to_text(const Value& value);
/// Indented by two spaces, with a line feed at the end: what is written to files that people read.
std::string to_pretty_text(const Value& value);
/// One RFC 6901 step: "/" and `key` with "~" and "/" escaped.
std::string pointer_step(std::string_view key);

/// RFC 7396: `patch` onto `target`. Members keep their places, new ones follow in the order of the patch. Offsets in
/// the result are those of the text that each part came from.
Value merge_patch(Value target, const Value& patch);

}  // namespace cowork::json
