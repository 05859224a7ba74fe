// Compiled for AVX2, whatever the rest is compiled for.
#ifdef __SSE2__

#include "text_blocks_kernel.h"

namespace cowork::json {

const char* pass_usual_blocks_avx2(const char* at, const char* end, bool& escaped) noexcept {
  return pass_usual(at, end, escaped);
}

}  // namespace cowork::json

#endif
