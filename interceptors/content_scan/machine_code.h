// Programs among a pack's files.
#pragma once

#include <string_view>

namespace cowork::content_scan {

/// "an ELF file", "a Windows program", "a Mach-O file", by its first bytes; empty for anything else.
std::string_view machine_code_kind(std::string_view bytes) noexcept;

/// Whether the manifest's `main` names the file `path`: as it stands, or with a platform's prefix and suffix.
bool is_declared_library(std::string_view main, std::string_view path) noexcept;

bool is_script(std::string_view bytes) noexcept;
/// Skills keep their scripts in a directory `scripts`: there an executable one belongs.
bool lies_among_scripts(std::string_view path) noexcept;

}  // namespace cowork::content_scan
