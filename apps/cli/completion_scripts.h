#pragma once

#include <string_view>

namespace cowork::cli {

/// The script for `bash`, `zsh` or `fish`; empty for another. Each asks `cowork __complete line` (complete.h) for what
/// fits.
std::string_view completion_script(std::string_view shell) noexcept;

}  // namespace cowork::cli
