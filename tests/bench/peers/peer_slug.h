// What the peers' plugins do: the tool `slugify` of the sample pack text-tools.
#pragma once

#include <string>

#include "cowork/base/json_reader.h"
#include "text_functions.h"

namespace cowork::bench {

inline std::string slugify(const std::string& input) {
  const auto document = json::parse(input, "<input>", json::request_limits, ErrorCode::invalid_argument);
  const json::Value* const text = document ? document->root.find("text") : nullptr;
  if (text == nullptr || text->as_string() == nullptr) return {};
  return json::to_text(json::Value::object({{"slug", text_tools::slug(*text->as_string(), '-', 60)}}));
}

}  // namespace cowork::bench
