// What waits to be written to one peer: small texts are gathered, big ones kept as they are.
//
// Threads: one.
#pragma once

#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace cowork::server {

class OutputQueue {
 public:
  /// `text` and a line feed.
  void add_line(std::string text) {
    text += '\n';
    bytes_ += text.size();
    if (!waiting_.empty() && waiting_.back().size() + text.size() <= gathered_bytes)
      waiting_.back() += text;
    else
      waiting_.push_back(std::move(text));
  }
  bool empty() const noexcept { return bytes_ == 0; }
  /// Of what waits and what is being written.
  std::size_t bytes() const noexcept { return bytes_; }
  bool has_waiting() const noexcept { return !waiting_.empty(); }

  /// All that waits, to be written now: valid until written().
  std::vector<boost::asio::const_buffer> take() {
    writing_.swap(waiting_);
    std::vector<boost::asio::const_buffer> buffers;
    buffers.reserve(writing_.size());
    for (const std::string& text : writing_) buffers.emplace_back(text.data(), text.size());
    return buffers;
  }
  void written() {
    for (const std::string& text : writing_) bytes_ -= text.size();
    writing_.clear();
  }

 private:
  static constexpr std::size_t gathered_bytes = 64u << 10;
  std::vector<std::string> waiting_;
  std::vector<std::string> writing_;
  std::size_t bytes_ = 0;
};

}  // namespace cowork::server
