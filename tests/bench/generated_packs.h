// Packs made from a seed: the same in every run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cowork/host/loading.h"

namespace cowork::bench {

/// "pack-00042"
std::string pack_name(std::size_t number);

/// A manifest of about `bytes`: as many skills with prompts as that takes.
std::string manifest_text(std::size_t number, std::size_t bytes);

/// Sizes like those of real packs: the median is 9 KB, every third lies between 135 and 385 KB.
std::size_t real_size(std::size_t number);

/// `count` small builtin packs that are there without any disk.
std::shared_ptr<PackSource> make_generated_source(std::size_t count);

/// A directory of the real disk that goes with the program.
const std::string& scratch_directory();

/// A directory in it with `count` packs of real size, made when they are not there yet.
std::string directory_of_packs(std::size_t count);

}  // namespace cowork::bench
