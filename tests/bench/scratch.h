// A directory of the real disk that goes with the program: below $COWORK_BENCH_DIRECTORY, else the system's temporary
// directory.
#pragma once

#include <string>

namespace cowork::bench {

const std::string& scratch_directory();

/// A new directory in it, whose name begins with `name`.
std::string new_directory(const std::string& name);

void write_file(const std::string& path, const std::string& bytes);
std::string file_bytes(const std::string& path);

}  // namespace cowork::bench
