#include "cowork/base/compact.h"

#include <algorithm>

#include "cowork/base/flat_index.h"

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

constexpr std::size_t few_texts = 24;

/// The first of those before `position` with this text.
template <class TextAt>
std::optional<std::uint32_t> find_before(std::uint32_t position, std::string_view text, TextAt text_at) {
  for (std::uint32_t i = 0; i < position; ++i)
    if (text_at(i) == text) return i;
  return std::nullopt;
}

/// Where it begins in `bytes`.
std::size_t append_text(std::vector<std::byte>& bytes, std::string_view text) {
  const std::size_t begin = bytes.size();
  bytes.resize(begin + size_of_size(text.size()) + text.size());
  std::memcpy(write_size(bytes.data() + begin, text.size()), text.data(), text.size());
  return begin;
}

}  // namespace

std::byte* Arena::allocate(std::size_t bytes) {
  bytes = (bytes + 7) / 8 * 8;
  if (bytes > left_) {
    // What is left over is small beside what is used, be it little or much.
    const std::size_t chunk = std::max(bytes, std::clamp(bytes_ / 32, least_chunk, most_chunk));
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
  std::erase_if(texts_, [](const PendingText& pending) { return pending.text.empty(); });
  FlatIndex index;
  if (texts_.size() > few_texts) index.start(texts_.size());
  const auto text_at = [this](std::size_t position) { return texts_[position].text; };
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const auto& [field, text] = texts_[i];
    const auto position = static_cast<std::uint32_t>(i);
    const auto first =
        texts_.size() > few_texts ? index.add(text, position, text_at) : find_before(position, text, text_at);
    std::int32_t distance = 0;
    if (first) {
      const std::size_t first_field = texts_[*first].field;
      std::memcpy(&distance, bytes_.data() + first_field, sizeof distance);
      distance += static_cast<std::int32_t>(first_field) - static_cast<std::int32_t>(field);
    } else {
      distance = static_cast<std::int32_t>(append_text(bytes_, text)) - static_cast<std::int32_t>(field);
    }
    std::memcpy(bytes_.data() + field, &distance, sizeof distance);
  }
  std::byte* const block = arena.allocate(bytes_.size());
  std::memcpy(block, bytes_.data(), bytes_.size());
  if (size_out != nullptr) *size_out = bytes_.size();
  return block;
}

}  // namespace cowork
