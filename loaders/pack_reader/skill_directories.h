// Skills whose text is a file of the pack.
#pragma once

#include "cowork/loaders/pack_reader.h"

namespace cowork::loaders {

/// Reads the SKILL.md of every entry of `skillDirectories` and appends its skill to `manifest.skills`.
tl::expected<void, PackRefusal> read_skill_directories(const PackFiles& files, PackManifest& manifest);

}  // namespace cowork::loaders
