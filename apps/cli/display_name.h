#pragma once

#include <string>
#include <string_view>

namespace cowork::cli {

/// A pack's name as people would write it: "release-notes" becomes "Release Notes".
std::string display_name_for(std::string_view pack_name);

}  // namespace cowork::cli
