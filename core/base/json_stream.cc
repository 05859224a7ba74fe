#include "json_stream.h"

#include <algorithm>
#include <utility>

#include "plain_text.h"
#include "utf8.h"

namespace cowork::json {

bool is_tame_escape(char character) noexcept {
  return character == 'n' || character == '"' || character == 't' || character == '\\' || character == '/';
}

void TextStream::pass_white_space() {
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  token_ = at_;
}

bool TextStream::pass_text() {
  for (;;) {
    at_ = pass_plain(at_, end_);
    if (at_ == end_) return true;
    const auto byte = static_cast<unsigned char>(*at_);
    if (byte == '\\') {
      if (end_ - at_ < 2 || !is_tame_escape(at_[1])) {
        form_ = StringForm::unusual;
        return true;
      }
      form_ = std::max(form_, StringForm::tame);
      at_ += 2;
    } else if (byte == 0x7F) {
      form_ = StringForm::unusual;
      ++at_;
    } else if (byte >= 0x80) {
      const CodePoint point = code_point_at({at_, static_cast<std::size_t>(end_ - at_)}, 0);
      if (point.length == 0) return false;
      if (point.value < 0xA0) form_ = StringForm::unusual;
      at_ += point.length;
    } else {
      return true;
    }
  }
}

StringForm TextStream::take_form() {
  return std::exchange(form_, StringForm::plain);
}

}  // namespace cowork::json
