// Finds members of an object by key in constant time once the object is large; small ones are searched as they are.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "cowork/base/json.h"

namespace cowork::json {

/// Belongs to one object that only grows at its end. Positions, not pointers, are kept: members may move in memory.
class KeyIndex {
 public:
  KeyIndex() = default;
  /// Indexes all members.
  explicit KeyIndex(const Object& object);

  static constexpr std::size_t none = SIZE_MAX;
  /// Position of `key` in `object`, or `none`.
  std::size_t find(const Object& object, std::string_view key) const;
  /// To be called after every push_back on `object`.
  void appended(const Object& object);

 private:
  void add(const Object& object, std::size_t position);
  static constexpr std::size_t small_object = 16;
  std::unordered_multimap<std::uint64_t, std::size_t> positions_;
};

}  // namespace cowork::json
