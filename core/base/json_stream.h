// The text as RapidJSON reads it: white space and what stands for itself in a string are passed over in blocks.
#pragma once

#include <cstddef>
#include <string_view>

#include "cowork/base/json_tape.h"

namespace cowork::json {

/// Whether it may stand behind the backslash in a string of StringForm::tame.
bool is_tame_escape(char character) noexcept;

/// A RapidJSON stream that ends where the text ends, whether or not a NUL stands there. RapidJSON passes white space
/// right before every token, and only there: so the stream knows where tokens begin.
class TextStream {
 public:
  using Ch = char;

  explicit TextStream(std::string_view text) : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

  Ch Peek() const { return at_ != end_ ? *at_ : '\0'; }
  Ch Take() { return at_ != end_ ? *at_++ : '\0'; }
  std::size_t Tell() const { return static_cast<std::size_t>(at_ - begin_); }

  // Only for parsing in place, which is not used.
  Ch* PutBegin() { return nullptr; }
  void Put(Ch) {}
  std::size_t PutEnd(Ch*) { return 0; }

  /// Where the token begins that is being read.
  std::size_t token() const { return static_cast<std::size_t>(token_ - begin_); }

  void pass_white_space();
  /// Within a string: up to its end, to something that is wrong there, or to an escape other than \n \t \" \\ \/.
  /// False at bytes that are not UTF-8.
  bool pass_text();
  /// Of what pass_text() has passed, or stopped at, since this was asked last.
  StringForm take_form();

 private:
  bool pass_special();
  bool pass_block();

  const char* begin_;
  const char* at_;
  const char* end_;
  const char* token_ = nullptr;
  bool well_formed_ = true;
  StringForm form_ = StringForm::plain;
};

}  // namespace cowork::json
