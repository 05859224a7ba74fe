// What the peers' programs have in common.
#pragma once

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "child.h"
#include "seconds.h"

namespace cowork::bench {

/// The same without the peer: by the plugin's one C function.
inline void use_raw(const std::string& input) {
  void* const library = ::dlopen(PEER_PLUGIN, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) std::abort();
  const auto call = reinterpret_cast<std::size_t (*)(const char*)>(::dlsym(library, "peer_raw_call"));
  if (call == nullptr || call(input.c_str()) == 0) std::abort();
  ::dlclose(library);
}

/// Prints nanoseconds to load a plugin, make its object, call it and unload it: the median of forked children. The
/// program's arguments: "peer" or "raw", how many children, the input. `use` does it by the peer.
inline int print_times(char** arguments, void (*use)(const std::string& input)) {
  const auto chosen = std::string(arguments[1]) == "raw" ? use_raw : use;
  const std::string input = arguments[3];
  const double nanoseconds =
      median_in_children(std::stoul(arguments[2]), [&] { return seconds_of([&] { chosen(input); }) * 1e9; });
  std::printf("%.0f\n", nanoseconds);
  return EXIT_SUCCESS;
}

}  // namespace cowork::bench
