#include "json_tree.h"

#include <algorithm>

#include "cowork/base/text.h"

namespace cowork::json {
namespace {
/// Room for what most objects hold, so that they do not move while they grow.
constexpr std::size_t usual_members = 4;
}  // namespace

std::size_t TreeBuilder::token_begin() const {
  return std::min(text_.find_first_not_of(" \t\r\n,:", last_end_), text_.size());
}

bool TreeBuilder::refuse(std::size_t offset, std::string message) {
  refusal_ = Refusal{offset, std::move(message)};
  return false;
}

bool TreeBuilder::begin_value(std::size_t begin) {
  if (++values_ <= max_values_) return true;
  return refuse(begin, "more than " + std::to_string(max_values_) + " values");
}

void TreeBuilder::place(Value&& value) {
  if (frames_.empty()) {
    root_ = std::move(value);
    return;
  }
  Frame& frame = frames_.back();
  if (Array* array = frame.container.as_array()) {
    array->push_back(std::move(value));
    return;
  }
  frame.container.as_object()->back().value = std::move(value);
  frame.awaits_value = false;
}

bool TreeBuilder::scalar(Value&& value, std::size_t end) {
  const std::size_t begin = token_begin();
  if (!begin_value(begin)) return false;
  value.set_offset(static_cast<std::uint32_t>(begin));
  place(std::move(value));
  last_end_ = end;
  return true;
}

bool TreeBuilder::number(std::size_t end) {
  const std::size_t begin = token_begin();
  const std::string_view lexeme = text_.substr(begin, end - begin);
  Value value = Value::number_from_lexeme(std::string(lexeme));
  // No double is too small for that many digits; only an exponent could make more of them.
  const bool surely_in_range = lexeme.size() < 300 && lexeme.find_first_of("eE") == std::string_view::npos;
  if (!surely_in_range && !value.as_double()) return refuse(begin, "number out of range");
  return scalar(std::move(value), end);
}

bool TreeBuilder::open(Value&& empty) {
  const std::size_t begin = token_begin();
  if (!begin_value(begin)) return false;
  empty.set_offset(static_cast<std::uint32_t>(begin));
  frames_.emplace_back().container = std::move(empty);
  last_end_ = begin + 1;
  return true;
}

bool TreeBuilder::key(std::string_view key, std::size_t end) {
  const std::size_t begin = token_begin();
  Frame& frame = frames_.back();
  Object& object = *frame.container.as_object();
  const bool duplicate = rules_ == Rules::profile && frame.keys.find(object, key) != KeyIndex::none;
  if (object.empty()) object.reserve(usual_members);
  object.push_back({std::string(key), Value(), static_cast<std::uint32_t>(begin)});
  frame.awaits_value = true;
  if (duplicate) return refuse(begin, "duplicate key " + quoted(key));
  frame.keys.appended(object);
  last_end_ = end;
  return true;
}

bool TreeBuilder::close() {
  const std::size_t begin = token_begin();
  Value value = std::move(frames_.back().container);
  frames_.pop_back();
  place(std::move(value));
  last_end_ = begin + 1;
  return true;
}

std::string TreeBuilder::step_of(const Frame& frame) const {
  if (const Array* array = frame.container.as_array()) return '/' + std::to_string(array->size());
  return pointer_step(frame.container.as_object()->back().key);
}

std::string TreeBuilder::pointer() const {
  std::string pointer;
  for (std::size_t i = 0; i + 1 < frames_.size(); ++i) pointer += step_of(frames_[i]);
  if (frames_.empty()) return pointer;
  const Frame& top = frames_.back();
  bool in_value = top.awaits_value;
  if (const Array* array = top.container.as_array()) {
    const std::size_t next = text_.find_first_not_of(" \t\r\n", last_end_);
    in_value = array->empty() || (next != std::string_view::npos && text_[next] == ',');
  }
  return in_value ? pointer + step_of(top) : pointer;
}

}  // namespace cowork::json
