#include "json_fields.h"

#include "cowork/base/error.h"
#include "cowork/base/text.h"
#include "terminal.h"

namespace cowork::cli {

const json::Value& member_of(const json::Value& value, std::string_view key) {
  static const json::Value nothing;
  const json::Value* found = value.find(key);
  return found ? *found : nothing;
}

std::string text_of(const json::Value& value, std::string_view key) {
  const std::string* text = member_of(value, key).as_string();
  return text ? *text : std::string();
}

std::string shown(const json::Value& value, std::string_view key) {
  return printable(text_of(value, key));
}

bool flag_of(const json::Value& value, std::string_view key) {
  const bool* flag = member_of(value, key).as_bool();
  return flag && *flag;
}

std::int64_t number_of(const json::Value& value, std::string_view key) {
  return member_of(value, key).as_int64().value_or(0);
}

const json::Array& array_of(const json::Value& value, std::string_view key) {
  static const json::Array nothing;
  const json::Array* items = member_of(value, key).as_array();
  return items ? *items : nothing;
}

std::vector<std::string> strings_of(const json::Value& array) {
  std::vector<std::string> result;
  const json::Array* items = array.as_array();
  if (!items) return result;
  for (const json::Value& item : *items)
    if (const std::string* text = item.as_string()) result.push_back(*text);
  return result;
}

std::string shown_value(const json::Value& value) {
  if (const std::string* text = value.as_string()) return printable(*text);
  return printable(json_for_terminal(json::to_text(value)));
}

std::string shown_place(const json::Value& value) {
  SourcePlace place;
  place.file = text_of(value, "path");
  if (place.file.empty()) place.file = text_of(value, "file");
  place.line = static_cast<std::uint32_t>(number_of(value, "line"));
  place.column = static_cast<std::uint32_t>(number_of(value, "column"));
  place.pointer = text_of(value, "pointer");
  return printable(place.to_string());
}

std::string counted(std::size_t count, std::string_view singular) {
  return std::to_string(count) + " " + std::string(singular) + (count == 1 ? "" : "s");
}

}  // namespace cowork::cli
