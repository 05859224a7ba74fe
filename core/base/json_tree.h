// Builds the tree of values from the events of a parser, and knows where in the tree the parser stands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json.h"
#include "json_scan.h"
#include "key_index.h"

namespace cowork::json {

/// Each event answers whether to go on; after a false one, refusal() and pointer() say why and where.
/// Where tokens begin is worked out from where the one before ended: only white space, commas and colons lie between.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, std::size_t max_values, Rules rules)
      : text_(text), max_values_(max_values), rules_(rules) {
    frames_.reserve(usual_depth);
  }

  /// A null, boolean or string whose token ends before `end`.
  bool scalar(Value&& value, std::size_t end);
  /// A number whose token ends before `end`; its spelling is taken from the text.
  bool number(std::size_t end);
  /// `empty` is an array or an object.
  bool open(Value&& empty);
  bool key(std::string_view key, std::size_t end);
  bool close();

  const std::optional<Refusal>& refusal() const noexcept { return refusal_; }
  /// JSON pointer of the value that is being read, or of the array or object around it when none has begun.
  std::string pointer() const;
  /// The array or object around the place that was reached; null at the top.
  const Value* innermost() const noexcept { return frames_.empty() ? nullptr : &frames_.back().container; }
  Value take_root() { return std::move(root_); }

 private:
  static constexpr std::size_t usual_depth = 8;

  struct Frame {
    Value container;
    KeyIndex keys;
    bool awaits_value = false;  // of an object: a key was read, its value was not
  };

  std::size_t token_begin() const;
  bool begin_value(std::size_t begin);
  void place(Value&& value);
  bool refuse(std::size_t offset, std::string message);
  std::string step_of(const Frame& frame) const;

  std::string_view text_;
  std::size_t max_values_;
  Rules rules_;
  std::size_t values_ = 0;
  std::size_t last_end_ = 0;
  std::vector<Frame> frames_;
  Value root_;
  std::optional<Refusal> refusal_;
};

}  // namespace cowork::json
