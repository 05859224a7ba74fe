// Bytes that came in, as lines.
//
// Threads: one.
#pragma once

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace cowork::server {

class InputLines {
 public:
  explicit InputLines(std::size_t longest) : longest_(longest) {}

  /// Where the next bytes go.
  boost::asio::mutable_buffer space() {
    if (begin_ == end_) {
      begin_ = end_ = scanned_ = 0;
      // A long line's memory is not kept for the short ones that follow.
      if (bytes_.size() > usual_bytes) std::vector<char>().swap(bytes_);
    } else if (end_ == bytes_.size() && begin_ > 0) {
      std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      scanned_ -= begin_;
      begin_ = 0;
    }
    if (end_ == bytes_.size()) bytes_.resize(std::max(first_bytes, bytes_.size() * 2));
    return {bytes_.data() + end_, bytes_.size() - end_};
  }
  void came(std::size_t count) noexcept { end_ += count; }

  /// The next whole line without its line feed; valid until space().
  std::optional<std::string_view> next() noexcept {
    const void* found = end_ > scanned_ ? std::memchr(bytes_.data() + scanned_, '\n', end_ - scanned_) : nullptr;
    if (!found) {
      scanned_ = end_;
      return std::nullopt;
    }
    const auto line_end = static_cast<std::size_t>(static_cast<const char*>(found) - bytes_.data());
    const std::string_view line(bytes_.data() + begin_, line_end - begin_);
    begin_ = scanned_ = line_end + 1;
    return line;
  }
  /// What stands after the last line feed, when nothing more comes.
  std::string_view rest() noexcept {
    const std::string_view line(bytes_.data() + begin_, end_ - begin_);
    begin_ = scanned_ = end_;
    return line;
  }
  /// Bytes of a line that has not ended yet, or of lines that wait.
  std::size_t size() const noexcept { return end_ - begin_; }
  /// The line that has not ended yet is longer than may be; to be asked when next() found none.
  bool too_long() const noexcept { return size() > longest_; }
  std::size_t longest() const noexcept { return longest_; }

 private:
  static constexpr std::size_t first_bytes = 32u << 10;
  static constexpr std::size_t usual_bytes = 128u << 10;

  const std::size_t longest_;
  std::vector<char> bytes_;
  std::size_t begin_ = 0;    // of the first line that was not taken
  std::size_t scanned_ = 0;  // no line feed between begin_ and here
  std::size_t end_ = 0;
};

}  // namespace cowork::server
