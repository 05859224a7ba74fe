// A text that most objects of a kind don't have: a pointer's size where it is empty.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cowork {

/// Threads and ownership: as std::string.
class RareText {
 public:
  RareText() = default;
  RareText(const RareText& other) { *this = other.str(); }
  RareText(RareText&&) noexcept = default;
  RareText& operator=(const RareText& other) { return *this = other.str(); }
  RareText& operator=(RareText&&) noexcept = default;
  ~RareText() = default;
  RareText& operator=(std::string text) {
    text_ = text.empty() ? nullptr : std::make_unique<const std::string>(std::move(text));
    return *this;
  }

  bool empty() const noexcept { return !text_; }
  const std::string& str() const noexcept {
    static const std::string none;
    return text_ ? *text_ : none;
  }
  operator std::string_view() const noexcept { return str(); }

  friend bool operator==(const RareText& a, std::string_view b) noexcept { return a.str() == b; }

 private:
  std::unique_ptr<const std::string> text_;
};

}  // namespace cowork
