#include "rule_json.h"

namespace cowork::admin_policy {
namespace {

json::Value fault_to_json(const Error& error, const std::string& path) {
  const SourcePlace place = error.place().value_or(SourcePlace{path, 0, 0, {}});
  return json::Value::object({{"message", error.message()},
                              {"path", place.file},
                              {"line", place.line},
                              {"column", place.column},
                              {"pointer", place.pointer}});
}

}  // namespace

void add_place(json::Value& object, const SourcePlace& place) {
  if (!place.file.empty()) object.set("file", place.file);
  if (place.line > 0) object.set("line", place.line);
  if (!place.pointer.empty()) object.set("pointer", place.pointer);
}

json::Value to_json(const Rule& rule) {
  json::Value object = json::Value::object({{"name", rule.name}, {"layer", rule.layer}});
  add_place(object, rule.place);
  return object;
}

json::Value to_json(const Layer& layer) {
  json::Array errors;
  for (const Error& error : layer.errors()) errors.push_back(fault_to_json(error, layer.path()));
  json::Value object = json::Value::object({{"layer", layer.name()},
                                            {"state", to_string(layer.state())},
                                            {"revision", layer.revision()},
                                            {"path", layer.path()},
                                            {"errors", std::move(errors)}});
  if (layer.document() && !layer.document()->updated_at.empty()) object.set("updatedAt", layer.document()->updated_at);
  return object;
}

}  // namespace cowork::admin_policy
