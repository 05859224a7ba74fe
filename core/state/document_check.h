// Typed reading of state documents: refusals (code `integrity`) say where in the file and what was expected.
#pragma once

#include <string>
#include <string_view>

#include "cowork/base/json_reader.h"

namespace cowork {

/// "expected <what>, found a number", placed.
inline tl::unexpected<Error> unexpected_value(const json::Document& document, const json::Value& value,
                                              std::string pointer, std::string_view what) {
  std::string message = "expected " + std::string(what) + ", found " + std::string(json::describe(value.kind()));
  return fail(Error(ErrorCode::integrity, std::move(message)).with_place(document.place(value, std::move(pointer))));
}

inline tl::unexpected<Error> refused_value(const json::Document& document, const json::Value& value,
                                           std::string pointer, std::string message) {
  return fail(Error(ErrorCode::integrity, std::move(message)).with_place(document.place(value, std::move(pointer))));
}

}  // namespace cowork
