#include "tape_builder.h"

#include <algorithm>
#include <charconv>

#include "cowork/base/flat_index.h"
#include "cowork/base/text.h"
#include "json_stream.h"

namespace cowork::json {
namespace {

constexpr std::size_t usual_depth = 8, usual_keys = 32;

/// One bit of 64, by the key's length and ends.
std::uint64_t look_of(std::string_view key) {
  if (key.empty()) return 1;
  const auto first = static_cast<unsigned char>(key.front());
  const auto last = static_cast<unsigned char>(key.back());
  return std::uint64_t{1} << ((key.size() * 7 + first + last * std::size_t{3}) % 64);
}

/// Of what a string begins with: RapidJSON reads escapes itself until the first character that stands for itself.
StringForm form_of_beginning(std::string_view string) {
  StringForm form = StringForm::plain;
  while (string.size() > 1 && string.front() == '\\') {
    if (!is_tame_escape(string[1])) return StringForm::unusual;
    form = StringForm::tame;
    string.remove_prefix(2);
  }
  return form;
}

}  // namespace

TapeBuilder::TapeBuilder(std::string_view text, const Limits& limits, Rules rules, Tape& tape)
    : text_(text), limits_(limits), rules_(rules), tape_(tape) {
  frames_.reserve(usual_depth);
  keys_.reserve(usual_keys);
}

bool TapeBuilder::refuse(std::size_t offset, std::string message) {
  refusal_ = Refusal{offset, std::move(message)};
  return false;
}

bool TapeBuilder::begin_value(std::size_t begin) {
  if (++values_ <= limits_.max_values) return true;
  return refuse(begin, "more than " + std::to_string(limits_.max_values) + " values");
}

void TapeBuilder::end_value() {
  if (frames_.empty()) return;
  Frame& frame = frames_.back();
  if (node(frame.node).kind == Kind::array) ++frame.count;
  frame.awaits_value = false;
}

Tape::Node& TapeBuilder::add(Kind kind, std::size_t begin, std::size_t end) {
  Tape::Node& added = tape_.nodes_.emplace_back();
  added.begin = static_cast<std::uint32_t>(begin);
  added.end = static_cast<std::uint32_t>(end);
  added.next = static_cast<std::uint32_t>(tape_.nodes_.size());
  added.kind = kind;
  return added;
}

bool TapeBuilder::scalar(Kind kind, std::size_t begin, std::size_t end) {
  if (!begin_value(begin)) return false;
  add(kind, begin, end);
  end_value();
  last_end_ = end;
  return true;
}

bool TapeBuilder::boolean(bool value, std::size_t begin, std::size_t end) {
  if (!scalar(Kind::boolean, begin, end)) return false;
  tape_.nodes_.back().flag = value;
  return true;
}

bool TapeBuilder::number(std::size_t begin, std::size_t end) {
  if (is_refused_number(text_, begin)) return false;
  const std::string_view lexeme = text_.substr(begin, end - begin);
  // No double is too small for that many digits; only an exponent could make more of them.
  const bool surely_in_range = lexeme.size() < 300 && lexeme.find_first_of("eE") == std::string_view::npos;
  if (!surely_in_range && !Value::number_from_lexeme(std::string(lexeme)).as_double()) {
    if (!begin_value(begin)) return false;
    return refuse(begin, "number out of range");
  }
  return scalar(Kind::number, begin, end);
}

/// Completes `form`. False: an escape breaks a rule that scan() tells.
bool TapeBuilder::check_escapes(StringForm& form, std::size_t begin, std::size_t end) {
  const std::string_view string(text_.data() + begin, end - begin);
  if (text_[begin] == '\\') form = std::max(form, form_of_beginning(string));
  return form != StringForm::unusual || !has_refused_escape(string, rules_);
}

bool TapeBuilder::string(StringForm form, std::size_t begin, std::size_t end) {
  if (!check_escapes(form, begin + 1, end - 1)) return false;
  if (!scalar(Kind::string, begin + 1, end - 1)) return false;
  tape_.nodes_.back().form = form;
  last_end_ = end;
  return true;
}

bool TapeBuilder::key(StringForm form, std::size_t begin, std::size_t end) {
  if (!check_escapes(form, begin + 1, end - 1)) return false;
  const auto index = static_cast<std::uint32_t>(tape_.nodes_.size());
  add(Kind::string, begin + 1, end - 1).form = form;
  Frame& frame = frames_.back();
  ++frame.count;
  frame.last_key = index;
  frame.awaits_value = true;
  if (rules_ == Rules::profile && is_duplicate(frame, index))
    return refuse(begin, "duplicate key " + quoted(tape_.string(node(index))));
  last_end_ = end;
  return true;
}

bool TapeBuilder::is_duplicate(Frame& frame, std::uint32_t key) {
  const std::string_view text = tape_.string(node(key));
  keys_.push_back(key);
  const std::size_t before = keys_.size() - 1 - frame.first_key;
  const auto is_same = [&](std::uint32_t other) { return tape_.string(node(other)) == text; };
  const std::uint64_t look = look_of(text);
  const bool looks_new = (frame.looks & look) == 0;
  frame.looks |= look;
  if (before < few_keys)
    return !looks_new && std::any_of(keys_.end() - 1 - static_cast<std::ptrdiff_t>(before), keys_.end() - 1, is_same);
  if (before == few_keys)
    for (std::size_t i = frame.first_key; i + 1 < keys_.size(); ++i)
      frame.many_keys.emplace(keyed_hash(tape_.string(node(keys_[i]))), keys_[i]);
  const std::uint64_t hash = keyed_hash(text);
  const auto [begin, end] = frame.many_keys.equal_range(hash);
  const bool duplicate = std::any_of(begin, end, [&](const auto& entry) { return is_same(entry.second); });
  frame.many_keys.emplace(hash, key);
  return duplicate;
}

bool TapeBuilder::open(Kind kind, std::size_t begin) {
  if (frames_.size() >= limits_.max_depth || !begin_value(begin)) return false;
  Frame& frame = frames_.emplace_back();
  frame.node = static_cast<std::uint32_t>(tape_.nodes_.size());
  frame.first_key = keys_.size();
  add(kind, begin, begin);
  last_end_ = begin + 1;
  return true;
}

bool TapeBuilder::close(std::size_t end) {
  const Frame& frame = frames_.back();
  Tape::Node& closed = node(frame.node);
  closed.end = static_cast<std::uint32_t>(end);
  closed.next = static_cast<std::uint32_t>(tape_.nodes_.size());
  closed.extra = frame.count;
  keys_.resize(frame.first_key);
  frames_.pop_back();
  end_value();
  last_end_ = end;
  return true;
}

std::string TapeBuilder::step_of(const Frame& frame) const {
  if (node(frame.node).kind == Kind::array) return '/' + std::to_string(frame.count);
  return pointer_step(tape_.string(node(frame.last_key)));
}

std::string TapeBuilder::pointer() const {
  std::string pointer;
  for (std::size_t i = 0; i + 1 < frames_.size(); ++i) pointer += step_of(frames_[i]);
  if (frames_.empty()) return pointer;
  const Frame& top = frames_.back();
  bool in_value = top.awaits_value;
  if (node(top.node).kind == Kind::array) {
    const std::size_t next = text_.find_first_not_of(" \t\r\n", last_end_);
    in_value = top.count == 0 || (next != std::string_view::npos && text_[next] == ',');
  }
  return in_value ? pointer + step_of(top) : pointer;
}

}  // namespace cowork::json
