#include "support/json_at.h"

#include <cstdlib>

namespace cowork::test {
namespace {

const json::Value nothing;

const json::Value& child(const json::Value& value, std::string_view key) {
  if (const json::Array* items = value.as_array()) {
    const std::size_t index = std::strtoull(std::string(key).c_str(), nullptr, 10);
    return index < items->size() ? (*items)[index] : nothing;
  }
  const json::Value* found = value.find(key);
  return found ? *found : nothing;
}

}  // namespace

const json::Value& at(const json::Value& value, std::string_view pointer) {
  const json::Value* here = &value;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    here = &child(*here, pointer.substr(0, end));
    pointer.remove_prefix(end);
  }
  return *here;
}

std::string text_at(const json::Value& value, std::string_view pointer) {
  const std::string* text = at(value, pointer).as_string();
  return text ? *text : std::string();
}

const json::Value& entry_with(const json::Value& array, std::string_view member, std::string_view text) {
  if (const json::Array* items = array.as_array()) {
    for (const json::Value& item : *items) {
      const json::Value* found = item.find(member);
      if (found && found->as_string() && *found->as_string() == text) return item;
    }
  }
  return nothing;
}

std::vector<std::string> each(const json::Value& array, std::string_view member) {
  std::vector<std::string> texts;
  if (const json::Array* items = array.as_array()) {
    for (const json::Value& item : *items) texts.push_back(text_at(item, "/" + std::string(member)));
  }
  return texts;
}

}  // namespace cowork::test
