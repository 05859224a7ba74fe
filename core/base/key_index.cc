#include "key_index.h"

#include "cowork/base/flat_index.h"

namespace cowork::json {

KeyIndex::KeyIndex(const Object& object) {
  if (object.size() <= small_object) return;
  for (std::size_t i = 0; i < object.size(); ++i) add(object, i);
}

void KeyIndex::add(const Object& object, std::size_t position) {
  positions_.emplace(keyed_hash(object[position].key), position);
}

void KeyIndex::appended(const Object& object) {
  if (object.size() <= small_object) return;
  const std::size_t first = positions_.empty() ? 0 : object.size() - 1;
  for (std::size_t i = first; i < object.size(); ++i) add(object, i);
}

std::size_t KeyIndex::find(const Object& object, std::string_view key) const {
  if (positions_.empty()) {
    for (std::size_t i = 0; i < object.size(); ++i) {
      if (object[i].key == key) return i;
    }
    return none;
  }
  const auto [begin, end] = positions_.equal_range(keyed_hash(key));
  for (auto it = begin; it != end; ++it) {
    if (object[it->second].key == key) return it->second;
  }
  return none;
}

}  // namespace cowork::json
