#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

#include "cowork/base/json.h"
#include "json_number.h"
#include "key_index.h"

namespace cowork::json {
namespace {

template <class Number>
std::string lexeme_of(Number value) {
  // The longest double in its shortest form that reads back has 24 characters.
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return std::string(text.data(), end.ptr);
}

bool same_members(const Object& a, const Object& b) {
  if (a.size() != b.size()) return false;
  const KeyIndex index(b);
  return std::all_of(a.begin(), a.end(), [&](const Member& member) {
    const std::size_t position = index.find(b, member.key);
    return position != KeyIndex::none && b[position].value == member.value;
  });
}

}  // namespace

std::string_view describe(Kind kind) noexcept {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "a boolean";
    case Kind::number:
      return "a number";
    case Kind::string:
      return "a string";
    case Kind::array:
      return "an array";
    case Kind::object:
      return "an object";
  }
  return "null";
}

Value::Value(std::int64_t value) : data_(Number{lexeme_of(value)}) {}
Value::Value(std::uint64_t value) : data_(Number{lexeme_of(value)}) {}
Value::Value(double value) {
  if (std::isfinite(value)) data_ = Number{lexeme_of(value)};
}
Value::Value(Array items) : data_(std::move(items)) {}
Value::Value(Object members) : data_(std::move(members)) {}

Value Value::array(std::initializer_list<Value> items) {
  return Array(items);
}

Value Value::object(std::initializer_list<std::pair<std::string_view, Value>> members) {
  Value object{Object{}};
  for (const auto& [key, value] : members) object.set(key, value);
  return object;
}

Value Value::strings(const std::vector<std::string>& items) {
  return Array(items.begin(), items.end());
}

Value Value::number_from_lexeme(std::string lexeme) {
  Value value;
  if (Decimal::from_lexeme(lexeme)) value.data_ = Number{std::move(lexeme)};
  return value;
}

Kind Value::kind() const noexcept {
  static_assert(static_cast<std::size_t>(Kind::object) + 1 == std::variant_size_v<decltype(data_)>);
  return static_cast<Kind>(data_.index());
}

const bool* Value::as_bool() const noexcept {
  return std::get_if<bool>(&data_);
}
const std::string* Value::as_string() const noexcept {
  return std::get_if<std::string>(&data_);
}
const Array* Value::as_array() const noexcept {
  return std::get_if<Array>(&data_);
}
Array* Value::as_array() noexcept {
  return std::get_if<Array>(&data_);
}
const Object* Value::as_object() const noexcept {
  return std::get_if<Object>(&data_);
}
Object* Value::as_object() noexcept {
  return std::get_if<Object>(&data_);
}

const std::string* Value::number_lexeme() const noexcept {
  const Number* number = std::get_if<Number>(&data_);
  return number ? &number->lexeme : nullptr;
}

std::optional<std::int64_t> Value::as_int64() const noexcept {
  const std::string* lexeme = number_lexeme();
  if (!lexeme) return std::nullopt;
  const auto decimal = Decimal::from_lexeme(*lexeme);
  return decimal ? decimal->to_int64() : std::nullopt;
}

std::optional<double> Value::as_double() const noexcept {
  const std::string* lexeme = number_lexeme();
  if (!lexeme) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(lexeme->data(), lexeme->data() + lexeme->size(), value);
  if (error == std::errc()) return value;
  // from_chars says "out of range" for too large and too small alike; what is too small is zero.
  const auto decimal = Decimal::from_lexeme(*lexeme);
  if (!decimal || decimal->magnitude() > 0) return std::nullopt;
  return lexeme->front() == '-' ? -0.0 : 0.0;
}

const Value* Value::find(std::string_view key) const noexcept {
  const Object* object = as_object();
  if (!object) return nullptr;
  const auto it = std::find_if(object->begin(), object->end(), [&](const Member& member) { return member.key == key; });
  return it == object->end() ? nullptr : &it->value;
}

Value* Value::find(std::string_view key) noexcept {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

Value& Value::set(std::string_view key, Value value) {
  if (is_null()) data_ = Object{};
  assert(is_object());
  if (Value* existing = find(key)) return *existing = std::move(value);
  return std::get<Object>(data_).emplace_back(Member{std::string(key), std::move(value)}).value;
}

bool Value::erase(std::string_view key) {
  Object* object = as_object();
  return object && std::erase_if(*object, [&](const Member& member) { return member.key == key; }) > 0;
}

void Value::push_back(Value item) {
  if (is_null()) data_ = Array{};
  assert(is_array());
  std::get<Array>(data_).push_back(std::move(item));
}

bool operator==(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  if (const std::string* lexeme = a.number_lexeme()) {
    return Decimal::from_lexeme(*lexeme) == Decimal::from_lexeme(*b.number_lexeme());
  }
  if (const bool* boolean = a.as_bool()) return *boolean == *b.as_bool();
  if (const std::string* string = a.as_string()) return *string == *b.as_string();
  if (const Array* array = a.as_array()) return *array == *b.as_array();
  if (const Object* object = a.as_object()) return same_members(*object, *b.as_object());
  return true;
}

}  // namespace cowork::json
