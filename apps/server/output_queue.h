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
  /// A line that is written where it will lie. The queue must not be used otherwise until end() was called.
  class Line {
   public:
    explicit Line(OutputQueue& queue) : queue_(queue), text_(queue.gathering()), before_(text_.size()) {}
    std::string& text() noexcept { return text_; }
    /// Adds the line feed; nothing when nothing was written.
    void end() {
      if (text_.size() == before_) return;
      text_ += '\n';
      queue_.bytes_ += text_.size() - before_;
    }

   private:
    OutputQueue& queue_;
    std::string& text_;
    const std::size_t before_;
  };

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
  bool has_waiting() const noexcept { return waiting_.size() > 1 || (!waiting_.empty() && !waiting_.front().empty()); }

  /// All that waits, to be written now: valid until written().
  std::vector<boost::asio::const_buffer> take() {
    writing_.swap(waiting_);
    std::vector<boost::asio::const_buffer> buffers;
    buffers.reserve(writing_.size());
    for (const std::string& text : writing_) buffers.emplace_back(text.data(), text.size());
    return buffers;
  }
  void written() {
    for (std::string& text : writing_) {
      bytes_ -= text.size();
      if (text.capacity() <= kept_bytes && text.capacity() > spare_.capacity()) spare_.swap(text);
    }
    writing_.clear();
  }

 private:
  static constexpr std::size_t gathered_bytes = 64u << 10;
  static constexpr std::size_t kept_bytes = 256u << 10;  // of a text that was written, for the next one

  std::string& gathering() {
    if (waiting_.empty() || waiting_.back().size() >= gathered_bytes) {
      spare_.clear();
      waiting_.push_back(std::move(spare_));
      spare_ = std::string();
    }
    return waiting_.back();
  }

  std::vector<std::string> waiting_;
  std::vector<std::string> writing_;
  std::string spare_;
  std::size_t bytes_ = 0;
};

}  // namespace cowork::server
