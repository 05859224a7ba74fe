// What `main` of a manifest names: found and looked at without loading it.
//
// Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cowork/loaders/pack_files.h"

namespace cowork::loaders {

/// The path within the pack of the library that `main` names: as it stands, else with the platform's suffix, its
/// prefix, or both. A link is a problem, wherever it stands on the way.
tl::expected<std::string, FileProblem> find_library(const PackFiles& files, std::string_view main);

/// Why `bytes`, a file's content or its beginning (64 bytes at least), are no shared library for this machine.
std::optional<std::string> fault_of_library(std::string_view bytes);

}  // namespace cowork::loaders
