// Builds a tape from the events of a parser, and knows where in the document the parser stands.
#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cowork/base/json_tape.h"
#include "json_scan.h"

namespace cowork::json {

/// Each event answers whether to go on; after a false one refusal() says why, unless the text alone does (see scan()).
/// `begin` and `end` are those of the token.
class TapeBuilder {
 public:
  TapeBuilder(std::string_view text, const Limits& limits, Rules rules, Tape& tape);

  bool null(std::size_t begin, std::size_t end) { return scalar(Kind::null, begin, end); }
  bool boolean(bool value, std::size_t begin, std::size_t end);
  bool number(std::size_t begin, std::size_t end);
  bool string(StringForm form, std::size_t begin, std::size_t end);
  bool key(StringForm form, std::size_t begin, std::size_t end);
  bool open(Kind kind, std::size_t begin);
  bool close(std::size_t end);

  const std::optional<Refusal>& refusal() const noexcept { return refusal_; }
  /// JSON pointer of the value that is being read, or of the array or object around it when none has begun.
  std::string pointer() const;
  /// The array or object around the place that was reached, and whether it is empty; Kind::null at the top.
  Kind innermost() const noexcept { return frames_.empty() ? Kind::null : node(frames_.back().node).kind; }
  bool innermost_is_empty() const noexcept { return !frames_.empty() && frames_.back().count == 0; }

 private:
  static constexpr std::size_t few_keys = 16;

  struct Frame {
    std::uint32_t node = 0;
    std::uint32_t count = 0;     ///< of an array its items, of an object its keys
    std::size_t first_key = 0;   ///< in keys_
    std::uint32_t last_key = 0;  ///< its node
    bool awaits_value = false;   ///< of an object: a key was read, its value was not
    std::uint64_t looks = 0;     ///< of its keys, a bit each: what no other looks like is no duplicate
    std::unordered_multimap<std::uint64_t, std::uint32_t> many_keys;
  };

  Tape::Node& node(std::uint32_t index) const noexcept { return tape_.nodes_[index]; }
  bool scalar(Kind kind, std::size_t begin, std::size_t end);
  bool begin_value(std::size_t begin);
  void end_value();
  Tape::Node& add(Kind kind, std::size_t begin, std::size_t end);
  bool check_escapes(StringForm& form, std::size_t begin, std::size_t end);
  bool is_duplicate(Frame& frame, std::uint32_t key);
  bool refuse(std::size_t offset, std::string message);
  std::string step_of(const Frame& frame) const;

  std::string_view text_;
  Limits limits_;
  Rules rules_;
  Tape& tape_;
  std::size_t values_ = 0;
  std::size_t last_end_ = 0;
  std::array<std::byte, 2048> space_;  ///< small documents need no more
  std::pmr::monotonic_buffer_resource memory_{space_.data(), space_.size()};
  std::pmr::vector<Frame> frames_{&memory_};
  std::pmr::vector<std::uint32_t> keys_{&memory_};  ///< nodes of the keys of all frames
  std::optional<Refusal> refusal_;
};

}  // namespace cowork::json
