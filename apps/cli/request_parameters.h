// Parameters of an operation as they are written on a command line.
#pragma once

#include <string>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/base/result.h"

namespace cowork::cli {

/// Nothing: null. One word that begins with `[` or `{`: that JSON. `key=value` words (`key:=JSON` for other than
/// strings, booleans): an object. Other words: an array of strings, `true` and `false` as booleans, objects and arrays
/// as JSON. Errors: invalid-argument for JSON that is none, or where positions and names are mixed.
Result<json::Value> read_parameters(const std::vector<std::string>& words);

/// `text` as JSON, read strictly. Errors: invalid-argument naming `name`.
Result<json::Value> read_json(const std::string& text, const std::string& name);

}  // namespace cowork::cli
