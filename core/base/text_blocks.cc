#include "text_blocks.h"

namespace cowork::json {

const char* pass_usual_blocks(const char* at, [[maybe_unused]] const char* end, bool& escaped) noexcept {
#ifdef __SSE2__
  return __builtin_cpu_supports("avx2") ? pass_usual_blocks_avx2(at, end, escaped)
                                        : pass_usual_blocks_sse2(at, end, escaped);
#else
  escaped = false;
  return at;
#endif
}

}  // namespace cowork::json
