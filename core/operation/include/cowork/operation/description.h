// What an operation says of itself: the table that callers by name, servers and docs/ipc.md read.
//
// Threads: data. Ownership: views of string literals.
#pragma once

#include <string_view>
#include <vector>

namespace cowork {

struct ParameterDescription {
  std::string_view name;
  std::string_view type;  ///< `string`, `boolean`, `object`, `any`; an object's members in braces: `{ref?, sha256?}`
  bool required = true;
  std::string_view meaning;  ///< one line
};

struct OperationDescription {
  std::string_view summary;                      ///< one sentence
  std::vector<ParameterDescription> parameters;  ///< in the order of positional parameters
  std::string_view result;                       ///< its shape in JSON
};

}  // namespace cowork
