// Reading the members of a state document. Errors: integrity, placed.
#pragma once

#include <string>
#include <string_view>

#include "document_check.h"

namespace cowork {

/// A value of the document and the way to it.
struct Place {
  const json::Document& document;
  const json::Value& value;
  std::string pointer;
};

inline Result<Place> member(const Place& object, std::string_view name) {
  if (!object.value.is_object()) return unexpected_value(object.document, object.value, object.pointer, "an object");
  const json::Value* value = object.value.find(name);
  if (value) return Place{object.document, *value, object.pointer + json::pointer_step(name)};
  return refused_value(object.document, object.value, object.pointer, "missing member \"" + std::string(name) + '"');
}

inline Result<std::string> text(const Place& object, std::string_view name) {
  COWORK_ASSIGN(const Place place, member(object, name));
  const std::string* text = place.value.as_string();
  if (!text) return unexpected_value(place.document, place.value, place.pointer, "a string");
  return *text;
}

inline Result<std::string> optional_text(const Place& object, std::string_view name) {
  if (object.value.is_object() && !object.value.find(name)) return std::string();
  return text(object, name);
}

}  // namespace cowork
