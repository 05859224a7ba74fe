#include "qt_plugin.h"

#include "peer_slug.h"

std::string SlugTool::call(const std::string& input) {
  return cowork::bench::slugify(input);
}

extern "C" __attribute__((visibility("default"))) std::size_t peer_raw_call(const char* input) {
  return cowork::bench::slugify(input).size();
}
