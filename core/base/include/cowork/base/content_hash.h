// What a file held when this process read it, for comparing it with what it holds now.
#pragma once

#include <array>
#include <string_view>

namespace cowork {

/// The tag that AES-GCM gives bytes which are only authenticated (GHASH, NIST SP 800-38D), or Poly1305 (RFC 8439 §2.5)
/// where the processor has no instructions for it; under a key that is drawn once per process and never leaves it, nor
/// do the tags: nobody can make up other bytes of the same hash, and it means nothing in another process or on a disk.
using ContentHash = std::array<unsigned char, 16>;

/// Threads: any.
ContentHash content_hash(std::string_view bytes);

}  // namespace cowork
