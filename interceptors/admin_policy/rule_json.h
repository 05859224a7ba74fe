// How rules, places and layers look in JSON.
#pragma once

#include "cowork/base/json.h"
#include "layers.h"

namespace cowork::admin_policy {

/// `{name, layer, file, line, pointer}`, leaving out what is unknown.
json::Value to_json(const Rule& rule);
/// `{layer, state, revision, path, errors: [{message, path, line, column, pointer}], updatedAt?}`
json::Value to_json(const Layer& layer);
/// Sets `file`, `line` and `pointer`, leaving out what is unknown.
void add_place(json::Value& object, const SourcePlace& place);

}  // namespace cowork::admin_policy
