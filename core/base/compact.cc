#include "cowork/base/compact.h"

#include <algorithm>

namespace cowork {
namespace {

std::size_t size_of_size(std::size_t size) {
  std::size_t bytes = 1;
  for (; size >= 0x80; size >>= 7) ++bytes;
  return bytes;
}

std::byte* write_size(std::byte* at, std::size_t size) {
  for (; size >= 0x80; size >>= 7) *at++ = static_cast<std::byte>((size & 0x7F) | 0x80);
  *at++ = static_cast<std::byte>(size);
  return at;
}

}  // namespace

std::byte* Arena::allocate(std::size_t bytes) {
  bytes = (bytes + 7) / 8 * 8;
  if (bytes > left_) {
    // A few packs take little; of many at most a chunk is left over.
    const std::size_t chunk = std::max(bytes, std::clamp(bytes_ / 4, least_chunk, most_chunk));
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(chunk));
    bytes_ += chunk;
    next_ = chunks_.back().get();
    left_ = chunk;
  }
  std::byte* const block = next_;
  next_ += bytes;
  left_ -= bytes;
  return block;
}

std::byte* BlockWriter::finish_bytes(Arena& arena, std::size_t* size_out) {
  // A text that stands there twice (a directory called as its pack) is kept once.
  std::stable_sort(texts_.begin(), texts_.end(),
                   [](const PendingText& a, const PendingText& b) { return a.text < b.text; });
  std::size_t size = bytes_.size();
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const std::string_view text = texts_[i].text;
    if (!text.empty() && (i == 0 || texts_[i - 1].text != text)) size += size_of_size(text.size()) + text.size();
  }
  std::byte* const block = arena.allocate(size);
  if (size_out != nullptr) *size_out = size;
  std::memcpy(block, bytes_.data(), bytes_.size());
  std::byte* next = block + bytes_.size();
  const std::byte* last = nullptr;
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const auto& [field, text] = texts_[i];
    if (text.empty()) continue;
    if (i == 0 || texts_[i - 1].text != text) {
      last = next;
      next = write_size(next, text.size());
      std::memcpy(next, text.data(), text.size());
      next += text.size();
    }
    const auto distance = static_cast<std::int32_t>(last - (block + field));
    std::memcpy(block + field, &distance, sizeof distance);
  }
  return block;
}

}  // namespace cowork
