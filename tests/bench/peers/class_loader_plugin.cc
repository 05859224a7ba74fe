#include <class_loader/register_macro.hpp>

#include "class_loader_tool.h"
#include "peer_slug.h"

namespace cowork::bench {

class SlugTool : public Tool {
 public:
  std::string call(const std::string& input) override { return slugify(input); }
};

}  // namespace cowork::bench

CLASS_LOADER_REGISTER_CLASS(cowork::bench::SlugTool, cowork::bench::Tool)

extern "C" __attribute__((visibility("default"))) std::size_t peer_raw_call(const char* input) {
  return cowork::bench::slugify(input).size();
}
