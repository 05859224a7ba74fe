// A JSON document as it lies in its text: for readers that look at it once and keep little of it. Nothing is copied but
// strings with escapes, and those only when somebody asks for them; a tape that is used again needs no memory anew.
//
// Threads: one at a time, also for const access (strings are decoded when they are asked for). Ownership: a Tape refers
// to the text that it was read from, and Elements refer to the Tape; both have to stay.
#pragma once

#include <cstdint>
#include <deque>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/base/json_reader.h"
#include "cowork/base/line_index.h"
#include "cowork/base/result.h"

namespace cowork::json {

class Element;

/// What is known of a string without decoding it.
enum class StringForm : std::uint8_t {
  plain,   ///< stands for itself: no escape, no control character
  tame,    ///< of escapes only \n \t \" \\ \/, no other control character
  unusual  ///< anything else
};

class Tape {
 public:
  /// Reads `text` by the rules of parse(), with the same errors. What the tape held before is gone, also after an
  /// error.
  Result<void> read(std::string_view text, std::string_view file, const Limits& limits, ErrorCode code);

  /// Of what was read last; read() must have succeeded.
  Element root() const noexcept;
  std::string_view text() const noexcept { return text_; }
  const std::string& file() const noexcept { return file_; }
  /// The place of a byte offset, as Document::place(). The first question looks at the whole text.
  SourcePlace place(std::uint32_t offset, std::string pointer = {}) const;

 private:
  friend class Element;
  friend class TapeBuilder;
  friend std::optional<struct Refusal> syntax_fault(std::string_view, const Limits&);

  struct Node {
    std::uint32_t begin = 0;  ///< of a string behind its quotation mark
    std::uint32_t end = 0;
    std::uint32_t next = 0;  ///< behind this node and all that is in it
    Kind kind = Kind::null;
    StringForm form = StringForm::plain;
    bool flag = false;        ///< of a boolean its value; of a string whether it was decoded
    std::uint32_t extra = 0;  ///< of an array or object how much is in it; of a string that was decoded which one
  };

  std::string_view string(Node& node) const {
    if (node.form != StringForm::plain || node.flag) return decoded(node);
    return {text_.data() + node.begin, node.end - node.begin};
  }
  std::string_view decoded(Node& node) const;

  std::string_view text_;
  std::string file_;
  mutable std::vector<Node> nodes_;                         ///< an object's children are keys and values in turn
  mutable std::optional<std::deque<std::string>> strings_;  ///< most documents have no use for one
  mutable std::optional<LineIndex> lines_;                  ///< once somebody asks for a place
};

/// A value of a tape. Cheap to copy. Accessors are nullopt (empty) when the value is of another kind.
class Element {
 public:
  Kind kind() const noexcept { return node().kind; }
  bool is_null() const noexcept { return kind() == Kind::null; }
  bool is_object() const noexcept { return kind() == Kind::object; }
  bool is_array() const noexcept { return kind() == Kind::array; }
  bool is_string() const noexcept { return kind() == Kind::string; }

  std::optional<bool> as_bool() const noexcept;
  std::optional<std::string_view> number_lexeme() const noexcept;
  /// Decoded.
  std::optional<std::string_view> as_string() const {
    if (kind() != Kind::string) return std::nullopt;
    return tape_->string(node());
  }
  /// Of a string.
  StringForm form() const noexcept { return node().form; }

  /// Byte offset in the text; of a string that of its quotation mark.
  std::uint32_t offset() const noexcept;
  /// Of an array its items, of an object its members; 0 for all else. Counts.
  std::size_t size() const noexcept;
  /// Member `key` of an object. Linear.
  std::optional<Element> find(std::string_view key) const;
  /// A tree of its own, with offsets.
  Value to_value() const;

  class Items;
  class Members;
  /// Of an array; empty for all else.
  Items items() const noexcept;
  /// Of an object, in the order of the text; empty for all else.
  Members members() const noexcept;

 private:
  friend class Tape;
  Element(const Tape& tape, std::uint32_t index) noexcept : tape_(&tape), index_(index) {}
  Tape::Node& node() const noexcept { return tape_->nodes_[index_]; }

  const Tape* tape_;
  std::uint32_t index_;
};

struct TapeMember {
  Element key;
  Element value;
};

class Element::Items {
 public:
  class Iterator {
   public:
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    Element operator*() const noexcept { return {*tape_, index_}; }
    Iterator& operator++() noexcept {
      index_ = tape_->nodes_[index_].next;
      return *this;
    }
    bool operator==(const Iterator& other) const noexcept { return index_ == other.index_; }

   private:
    friend class Items;
    Iterator(const Tape& tape, std::uint32_t index) noexcept : tape_(&tape), index_(index) {}
    const Tape* tape_;
    std::uint32_t index_;
  };
  Iterator begin() const noexcept { return {*tape_, begin_}; }
  Iterator end() const noexcept { return {*tape_, end_}; }

 private:
  friend class Element;
  Items(const Tape& tape, std::uint32_t begin, std::uint32_t end) noexcept : tape_(&tape), begin_(begin), end_(end) {}
  const Tape* tape_;
  std::uint32_t begin_;
  std::uint32_t end_;
};

class Element::Members {
 public:
  class Iterator {
   public:
    using value_type = TapeMember;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    TapeMember operator*() const noexcept { return {Element(*tape_, index_), Element(*tape_, index_ + 1)}; }
    Iterator& operator++() noexcept {
      index_ = tape_->nodes_[index_ + 1].next;
      return *this;
    }
    bool operator==(const Iterator& other) const noexcept { return index_ == other.index_; }

   private:
    friend class Members;
    Iterator(const Tape& tape, std::uint32_t index) noexcept : tape_(&tape), index_(index) {}
    const Tape* tape_;
    std::uint32_t index_;
  };
  Iterator begin() const noexcept { return {*tape_, begin_}; }
  Iterator end() const noexcept { return {*tape_, end_}; }

 private:
  friend class Element;
  Members(const Tape& tape, std::uint32_t begin, std::uint32_t end) noexcept : tape_(&tape), begin_(begin), end_(end) {}
  const Tape* tape_;
  std::uint32_t begin_;
  std::uint32_t end_;
};

}  // namespace cowork::json
