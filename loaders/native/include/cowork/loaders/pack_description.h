// What a native pack says that it brings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cowork/host/native_code.h"

namespace cowork::loaders {

struct PackDescription {
  std::vector<NativeTool> tools;
  std::vector<std::string> events;
  std::vector<std::string> interceptors;
};

/// Reads the answer of a pack's describe(). Errors: internal; names the pack and what is wrong.
Result<PackDescription> parse_pack_description(std::string_view text, std::string_view pack);

/// What parse_pack_description() reads again.
json::Value to_json(const PackDescription& description);

}  // namespace cowork::loaders
