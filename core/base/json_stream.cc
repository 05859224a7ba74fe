#include "json_stream.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "plain_text.h"
#include "text_blocks.h"
#include "utf8.h"

namespace cowork::json {

namespace {

constexpr auto tame_escapes = [] {
  std::array<bool, 256> tame{};
  for (const char character : {'n', '"', 't', '\\', '/'}) tame[static_cast<unsigned char>(character)] = true;
  return tame;
}();

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80;
}

/// Of the character beyond ASCII at `at`: how many bytes it has; 0 where it is not well-formed. The two shapes that
/// most texts are made of are told at once.
std::size_t length_of(const char* at, const char* end, StringForm& form) {
  const auto first = static_cast<unsigned char>(*at);
  if (first >= 0xC3 && first < 0xE0 && end - at >= 2 && is_continuation(at[1])) return 2;
  if (first > 0xE0 && first < 0xED && end - at >= 3 && is_continuation(at[1]) && is_continuation(at[2])) return 3;
  const CodePoint point = code_point_at({at, static_cast<std::size_t>(end - at)}, 0);
  if (point.length != 0 && point.value < 0xA0) form = StringForm::unusual;
  return point.length;
}

}  // namespace

bool is_tame_escape(char character) noexcept {
  return tame_escapes[static_cast<unsigned char>(character)];
}

void TextStream::pass_white_space() {
  constexpr std::uint64_t white = 1ULL << ' ' | 1ULL << '\n' | 1ULL << '\r' | 1ULL << '\t';
  while (at_ != end_ && static_cast<unsigned char>(*at_) <= ' ' && (white >> *at_ & 1U) != 0) ++at_;
  token_ = at_;
}

/// What does not stand for itself at at_: true when it was passed; false leaves at_ where the text ends, or goes on as
/// somebody else has to see to.
bool TextStream::pass_special() {
  const auto byte = static_cast<unsigned char>(*at_);
  if (byte == '\\') {
    if (end_ - at_ < 2 || !is_tame_escape(at_[1])) {
      form_ = StringForm::unusual;
      return false;
    }
    form_ = std::max(form_, StringForm::tame);
    at_ += 2;
    return true;
  }
  if (byte == 0x7F) {
    form_ = StringForm::unusual;
    ++at_;
    return true;
  }
  if (byte < 0x80) return false;
  const std::size_t length = length_of(at_, end_, form_);
  well_formed_ = length != 0;
  at_ += length;
  return well_formed_;
}

/// At least one block, whatever is in it: false as pass_special(). Looked at once, however much of it is special.
bool TextStream::pass_block() {
  const char* const block = at_;
  std::uint64_t specials = specials_of_block(block);
  at_ = block + text_block;
  while (specials != 0) {
    at_ = block + std::countr_zero(specials);
    if (!pass_special()) return false;
    if (at_ - block >= text_block) break;
    specials &= ~std::uint64_t{0} << (at_ - block);
    if (specials == 0) at_ = block + text_block;
  }
  return true;
}

bool TextStream::pass_text() {
  well_formed_ = true;
  // Most strings are short: names.
  const char* const first = pass_plain_blocks(at_, end_ - at_ > 16 ? at_ + 16 : end_);
  if (first != end_ && *first == '"') {
    at_ = first;
    return true;
  }
  while (end_ - at_ >= text_block) {
    bool escaped = false;
    at_ = pass_usual_blocks(at_, end_, escaped);
    if (escaped) form_ = std::max(form_, StringForm::tame);
    if (at_ != end_ && *at_ == '"') return true;
    if (end_ - at_ >= text_block && !pass_block()) return well_formed_;
  }
  for (;;) {
    at_ = pass_plain(at_, end_);
    if (at_ == end_ || !pass_special()) return well_formed_;
  }
}

StringForm TextStream::take_form() {
  return std::exchange(form_, StringForm::plain);
}

}  // namespace cowork::json
