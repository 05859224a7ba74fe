// Finds entries of a vector by a text of theirs: four bytes a slot, no allocation for an entry.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cowork {

/// SipHash-1-3 under a key that is drawn once per process: nobody can choose texts that collide. Threads: any.
std::uint64_t keyed_hash(std::string_view bytes);

/// A text with its keyed_hash(), to be looked for in several indexes. Borrows the text.
struct HashedText {
  HashedText(std::string_view given) : text(given), hash(keyed_hash(given)) {}
  std::string_view text;
  std::uint64_t hash;
};

/// Holds positions in a vector that stays the caller's, who compares. What a position leaves of a slot's 32 bits is of
/// the hash, so that entries are hardly ever looked at in vain. Threads: as a vector.
class FlatIndex {
 public:
  /// Empties it; room for `count` entries, which must not become more, at positions below `count`.
  void start(std::size_t count) {
    std::size_t slots = 4;
    while (slots < count + count / 2 + 1) slots *= 2;
    slots_.assign(count == 0 ? 0 : slots, 0);
    position_bits_ = static_cast<unsigned>(std::bit_width(count));
  }

  /// start() and add() of all positions below `count`. Their places in memory are known before they are needed.
  template <class TextAt>
  void build(std::size_t count, TextAt text_at) {
    start(count);
    constexpr std::size_t ahead = 8;
    std::array<std::uint64_t, ahead> hashes{};
    for (std::size_t i = 0; i < count + ahead; ++i) {
      if (i >= ahead) add(text_at(i - ahead), hashes[i % ahead], static_cast<std::uint32_t>(i - ahead), text_at);
      if (i >= count) continue;
      hashes[i % ahead] = keyed_hash(text_at(i));
      __builtin_prefetch(&slots_[home(hashes[i % ahead])], 1);
    }
  }

  /// The first entry with this text that was added; `text_at(position)` is the text of an entry.
  template <class TextAt>
  std::optional<std::uint32_t> find(std::string_view text, TextAt text_at) const {
    if (slots_.empty()) return std::nullopt;
    return find(HashedText(text), text_at);
  }
  template <class TextAt>
  std::optional<std::uint32_t> find(const HashedText& wanted, TextAt text_at) const {
    if (slots_.empty()) return std::nullopt;
    const std::uint32_t tag = tag_of(wanted.hash);
    for (std::size_t slot = home(wanted.hash); slots_[slot] != 0; slot = next(slot))
      if (holds(slot, tag) && text_at(position_in(slot)) == wanted.text) return position_in(slot);
    return std::nullopt;
  }

  /// Adds an entry unless one of its text is there: that one's position, else nothing.
  template <class TextAt>
  std::optional<std::uint32_t> add(std::string_view text, std::uint32_t position, TextAt text_at) {
    return add(text, keyed_hash(text), position, text_at);
  }

  std::size_t bytes() const noexcept { return slots_.capacity() * sizeof(std::uint32_t); }

 private:
  template <class TextAt>
  std::optional<std::uint32_t> add(std::string_view text, std::uint64_t hash, std::uint32_t position, TextAt text_at) {
    const std::uint32_t tag = tag_of(hash);
    std::size_t slot = home(hash);
    for (; slots_[slot] != 0; slot = next(slot))
      if (holds(slot, tag) && text_at(position_in(slot)) == text) return position_in(slot);
    slots_[slot] = tag | (position + 1);
    return std::nullopt;
  }

  std::size_t home(std::uint64_t hash) const noexcept { return hash & (slots_.size() - 1); }
  std::size_t next(std::size_t slot) const noexcept { return (slot + 1) & (slots_.size() - 1); }
  /// From the half of the hash that home() does not take from.
  std::uint32_t tag_of(std::uint64_t hash) const noexcept {
    return static_cast<std::uint32_t>(hash >> 32 << position_bits_);
  }
  bool holds(std::size_t slot, std::uint32_t tag) const noexcept {
    return ((slots_[slot] ^ tag) >> position_bits_) == 0;
  }
  std::uint32_t position_in(std::size_t slot) const noexcept {
    return (slots_[slot] & ((1u << position_bits_) - 1)) - 1;
  }

  std::vector<std::uint32_t> slots_;  ///< tag, then position + 1; 0: free. Never full.
  unsigned position_bits_ = 0;        ///< less than 32
};

}  // namespace cowork
