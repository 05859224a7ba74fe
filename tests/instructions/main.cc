// Runs one hot path under callgrind, which counts from the second run on: what is made once is made then. Without
// arguments: the names of the paths.
#include <sodium.h>
#include <valgrind/callgrind.h>

#include <cstring>
#include <iostream>

#include "paths.h"

namespace {

/// Keys of hashes and the like are the same in every run.
const char* no_name() {
  return "constant";
}
std::uint32_t no_random() {
  return 0x5eed5eed;
}
void no_random_bytes(void* buffer, std::size_t size) {
  std::memset(buffer, 0x5e, size);
}

randombytes_implementation constant{no_name, no_random, nullptr, nullptr, no_random_bytes, nullptr};

void count(const cowork::instructions::Path& path) {
  const auto work = path.prepare();
  work();
  CALLGRIND_START_INSTRUMENTATION;
  work();
  CALLGRIND_STOP_INSTRUMENTATION;
}

}  // namespace

int main(int argc, char** argv) {
  randombytes_set_implementation(&constant);
  try {
    for (const auto& path : cowork::instructions::all_paths()) {
      if (argc < 2) std::cout << path.name << "\n";
      if (argc < 2 || path.name != argv[1]) continue;
      count(path);
      return EXIT_SUCCESS;
    }
    if (argc < 2) return EXIT_SUCCESS;
    std::cerr << "there is no path " << argv[1] << "\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
  }
  return EXIT_FAILURE;
}
