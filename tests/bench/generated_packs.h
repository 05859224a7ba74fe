// Packs made from a seed: the same in every run, on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cowork::bench {

enum class PackSize : std::uint8_t {
  small,  ///< manifests of 1.6 KB
  real,   ///< as packs in use: the median is 9 KB, every third has between 135 and 385 KB, most of it prompts
};

/// "pack-00042"
std::string pack_name(std::size_t number);

/// Indented, as people write it; prompts have a `\n` every ten words or so, some quotes and some UTF-8.
std::string manifest_text(std::size_t number, PackSize size);

/// A tier on the disk with `count` packs; made once, and older than any reading by the time it is told.
const std::string& tier_of(std::size_t count, PackSize size);

/// The manifests of the tier that tier_of() tells, relative to it.
std::vector<std::string> manifest_paths(std::size_t count);

}  // namespace cowork::bench
