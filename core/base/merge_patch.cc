#include "cowork/base/json.h"
#include "key_index.h"

namespace cowork::json {
namespace {

void merge_members(Object& target, const Object& patch) {
  KeyIndex index(target);
  std::vector<bool> removed(target.size());
  for (const Member& change : patch) {
    const std::size_t position = index.find(target, change.key);
    if (change.value.is_null()) {
      if (position != KeyIndex::none) removed[position] = true;
    } else if (position != KeyIndex::none) {
      target[position].value = merge_patch(std::move(target[position].value), change.value);
      removed[position] = false;
    } else {
      target.push_back({change.key, merge_patch(Value(), change.value)});
      removed.push_back(false);
      index.appended(target);
    }
  }
  // All at once, at the end: taking members out one by one would be quadratic.
  std::size_t position = 0;
  std::erase_if(target, [&](const Member&) { return removed[position++]; });
}

}  // namespace

Value merge_patch(Value target, const Value& patch) {
  const Object* changes = patch.as_object();
  if (!changes) return patch;
  if (!target.is_object()) target = Value(Object{});
  merge_members(*target.as_object(), *changes);
  return target;
}

}  // namespace cowork::json
