// Texts and lists that lie in one block of memory with the object that holds them: four bytes each, no allocation, and
// no pointer, since they know where their content lies by its distance from themselves. A BlockWriter makes them.
//
// Threads: a block that is complete may be read by many. Ownership: the block's. Neither type can be copied out of it.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace cowork {

class BlockWriter;

class CompactText {
 public:
  CompactText() = default;
  CompactText(const CompactText&) = delete;
  CompactText& operator=(const CompactText&) = delete;

  std::string_view view() const noexcept {
    if (distance_ == 0) return {};
    const auto* at = reinterpret_cast<const unsigned char*>(this) + distance_;
    std::size_t size = 0;
    for (unsigned shift = 0;; shift += 7) {
      const unsigned char byte = *at++;
      size |= static_cast<std::size_t>(byte & 0x7Fu) << shift;
      if (byte < 0x80) break;
    }
    return {reinterpret_cast<const char*>(at), size};
  }
  operator std::string_view() const noexcept { return view(); }
  std::string str() const { return std::string(view()); }
  bool empty() const noexcept { return distance_ == 0; }
  std::size_t size() const noexcept { return view().size(); }

  friend bool operator==(const CompactText& a, std::string_view b) noexcept { return a.view() == b; }
  friend bool operator==(const CompactText& a, const CompactText& b) noexcept { return a.view() == b.view(); }

 private:
  friend class BlockWriter;
  std::int32_t distance_ = 0;  ///< to its size (LEB128) and bytes; 0: empty
};

template <class T>
class CompactList {
 public:
  CompactList() = default;
  CompactList(const CompactList&) = delete;
  CompactList& operator=(const CompactList&) = delete;

  const T* begin() const noexcept {
    return distance_ == 0 ? nullptr : reinterpret_cast<const T*>(reinterpret_cast<const std::byte*>(this) + distance_);
  }
  const T* end() const noexcept { return begin() + size(); }
  std::size_t size() const noexcept {
    if (distance_ == 0) return 0;
    std::uint32_t size = 0;
    std::memcpy(&size, reinterpret_cast<const std::byte*>(begin()) - sizeof size, sizeof size);
    return size;
  }
  bool empty() const noexcept { return distance_ == 0; }
  const T& operator[](std::size_t index) const noexcept { return begin()[index]; }

 private:
  friend class BlockWriter;
  std::int32_t distance_ = 0;  ///< to its items, before which their number stands; 0: none
};

/// Blocks of any size, given back all at once. Threads: one writes.
class Arena {
 public:
  Arena() = default;

  /// Aligned to 8 bytes; stays as long as the arena.
  std::byte* allocate(std::size_t bytes);
  /// What it takes from the system.
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  static constexpr std::size_t least_chunk = 1u << 10, most_chunk = 1u << 17;
  std::size_t bytes_ = 0;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
};

/// Lays out one block: first how much goes into it, then its parts, in any order.
///
///     BlockWriter block;
///     const auto root = block.reserve<Thing>();
///     block.text(root, &Thing::name, "tea");
///     const Thing& thing = *block.finish<Thing>(arena);
class BlockWriter {
 public:
  /// An object of the block, by its place.
  template <class T>
  struct Place {
    std::size_t offset;
  };

  /// Starts over; the memory is kept.
  void clear() {
    bytes_.clear();
    texts_.clear();
  }

  template <class T>
  Place<T> reserve(std::size_t count = 1) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 8);
    const std::size_t offset = (bytes_.size() + alignof(T) - 1) / alignof(T) * alignof(T);
    bytes_.resize(offset + count * sizeof(T));
    for (std::size_t i = 0; i < count; ++i) new (bytes_.data() + offset + i * sizeof(T)) T;
    return {offset};
  }
  /// Good until the next reserve(). For members that are neither text nor list.
  template <class T>
  T& at(Place<T> place) {
    return *std::launder(reinterpret_cast<T*>(bytes_.data() + place.offset));
  }
  template <class T>
  static Place<T> item(Place<T> first, std::size_t index) {
    return {first.offset + index * sizeof(T)};
  }

  template <class T, class Member>
  Place<Member> member(Place<T> place, Member T::*which) {
    return {offset_of(at(place).*which)};
  }

  template <class T>
  void text(Place<T> place, CompactText T::*member, std::string_view text) {
    const auto& field = at(place).*member;
    texts_.push_back({offset_of(field), text});
  }
  void text(Place<CompactText> place, std::string_view text) { texts_.push_back({place.offset, text}); }
  template <class T, class Item>
  Place<Item> list(Place<T> place, CompactList<Item> T::*member, std::size_t count) {
    if (count == 0) return {0};
    static_assert(alignof(Item) <= alignof(std::uint32_t));
    const Place<std::uint32_t> size = reserve<std::uint32_t>();
    at(size) = static_cast<std::uint32_t>(count);
    const Place<Item> items = reserve<Item>(count);
    CompactList<Item>& field = at(place).*member;
    field.distance_ = static_cast<std::int32_t>(items.offset) - static_cast<std::int32_t>(offset_of(field));
    return items;
  }

  /// The block in `arena`; the texts that were named have to be there still. What was reserved first is the block's
  /// root.
  template <class T>
  T* finish(Arena& arena, std::size_t* size_out = nullptr) {
    return std::launder(reinterpret_cast<T*>(finish_bytes(arena, size_out)));
  }

 private:
  struct PendingText {
    std::size_t field;
    std::string_view text;
  };

  template <class Field>
  std::size_t offset_of(const Field& field) const {
    return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(&field) - bytes_.data());
  }
  std::byte* finish_bytes(Arena& arena, std::size_t* size_out);

  std::vector<std::byte> bytes_;
  std::vector<PendingText> texts_;
};

}  // namespace cowork
