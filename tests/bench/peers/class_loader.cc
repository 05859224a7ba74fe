// ROS class_loader: see peer_times.h.
#include <class_loader/class_loader.hpp>
#include <cstdlib>

#include "class_loader_tool.h"
#include "peer_times.h"

namespace {

void use(const std::string& input) {
  class_loader::ClassLoader loader(PEER_PLUGIN);
  const auto tool = loader.createUniqueInstance<cowork::bench::Tool>("cowork::bench::SlugTool");
  if (tool->call(input).empty()) std::abort();
}

}  // namespace

int main(int, char** argv) {
  return cowork::bench::print_times(argv, use);
}
