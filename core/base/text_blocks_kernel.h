// Each text_blocks_*.cc is made of this, for its own instructions. So all of it is local, and inline functions of other
// headers may not be used: the linker keeps one of each, which may be one that not every processor can run.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "text_blocks.h"

namespace cowork::json {
namespace {

#ifdef __AVX2__

using Part = __m256i;
inline Part part_at(const char* at) {
  return _mm256_loadu_si256(reinterpret_cast<const Part*>(at));
}
inline Part all(int byte) {
  return _mm256_set1_epi8(static_cast<char>(byte));
}
inline Part equal(Part a, Part b) {
  return _mm256_cmpeq_epi8(a, b);
}
inline Part below(Part a, Part b) {
  return _mm256_cmpgt_epi8(b, a);
}
inline Part plus(Part a, Part b) {
  return _mm256_add_epi8(a, b);
}
inline Part either(Part a, Part b) {
  return _mm256_or_si256(a, b);
}
inline std::uint64_t high_bits(Part part) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(part));
}

#else

using Part = __m128i;
inline Part part_at(const char* at) {
  return _mm_loadu_si128(reinterpret_cast<const Part*>(at));
}
inline Part all(int byte) {
  return _mm_set1_epi8(static_cast<char>(byte));
}
inline Part equal(Part a, Part b) {
  return _mm_cmpeq_epi8(a, b);
}
inline Part below(Part a, Part b) {
  return _mm_cmplt_epi8(a, b);
}
inline Part plus(Part a, Part b) {
  return _mm_add_epi8(a, b);
}
inline Part either(Part a, Part b) {
  return _mm_or_si128(a, b);
}
inline std::uint64_t high_bits(Part part) {
  return static_cast<std::uint16_t>(_mm_movemask_epi8(part));
}

#endif

/// 64 bytes, and which of them are what: a bit each.
class Block {
 public:
  static constexpr int bytes = 64;

  explicit Block(const char* at) {
    for (int i = 0; i < parts; ++i) parts_[i] = part_at(at + i * part_bytes);
  }

  std::uint64_t beyond_ascii() const {
    return bits([](Part part) { return part; });
  }
  std::uint64_t are(char byte) const {
    return bits([=](Part part) { return equal(part, all(byte)); });
  }
  std::uint64_t are(char a, char b, char c) const {
    return bits(
        [=](Part part) { return either(equal(part, all(a)), either(equal(part, all(b)), equal(part, all(c)))); });
  }
  std::uint64_t are_between(int first, int last) const {
    // Comparisons are of signed bytes: the first becomes the least of them.
    return bits([=](Part part) { return below(plus(part, all(0x80 - first)), all(0x80 + last - first + 1)); });
  }

 private:
  static constexpr int part_bytes = sizeof(Part);
  static constexpr int parts = bytes / part_bytes;

  template <class Question>
  std::uint64_t bits(Question question) const {
    std::uint64_t answers = 0;
    for (int i = 0; i < parts; ++i) answers |= high_bits(question(parts_[i])) << (i * part_bytes);
    return answers;
  }

  Part parts_[parts];
};

/// Of the backslashes of a block those that begin an escape: of each run every other one.
inline std::uint64_t beginnings_of_escapes(std::uint64_t backslashes) {
  constexpr std::uint64_t odd = 0xAAAAAAAAAAAAAAAAU;
  // Subtracting a run that begins at an odd place borrows through it, one that begins at an even place does not.
  return (((backslashes << 1U | odd) - backslashes) ^ odd) & backslashes;
}

/// What a block holds.
struct BlockSight {
  std::uint64_t ends;     ///< where a text ends, or has to be looked at by somebody else
  std::uint64_t unusual;  ///< whatever is not well-formed shows here, maybe at its neighbour
  std::uint64_t escapes;  ///< where they begin
  unsigned cut;           ///< how many bytes at the end belong to something that goes on in the next block

  explicit BlockSight(const Block& block) {
    const std::uint64_t quotes = block.are('"');
    const std::uint64_t backslashes = block.are('\\');
    escapes = beginnings_of_escapes(backslashes);
    const std::uint64_t escaped = escapes << 1U;
    const std::uint64_t tame = quotes | backslashes | block.are('n', 't', '/');
    ends = (quotes & ~escaped) | block.are_between(0, 0x1F) | (escaped & ~tame) >> 1U;
    unusual = block.are(0x7F);
    cut = static_cast<unsigned>(escapes >> 63U);
    const std::uint64_t beyond = block.beyond_ascii();
    if (beyond != 0) look_beyond_ascii(block, beyond);
  }

 private:
  /// Two bytes without C1 characters and what is overlong, three without what begins with E0 (overlong), ED
  /// (surrogates), EE and EF: what is left is told by its first byte.
  void look_beyond_ascii(const Block& block, std::uint64_t beyond) {
    const std::uint64_t twos = block.are_between(0xC3, 0xDF);
    const std::uint64_t threes = block.are_between(0xE1, 0xEC);
    const std::uint64_t first = twos | threes;
    const std::uint64_t following = block.are_between(0x80, 0xBF);
    unusual |= (beyond & ~(first | following)) | (following ^ (first << 1U | threes << 2U));
    cut |= static_cast<unsigned>(first >> 63U) | static_cast<unsigned>(threes >> 62U & 1U) << 1U;
  }
};

inline const char* pass_usual(const char* at, const char* end, bool& escaped) noexcept {
  std::uint64_t escapes = 0;
  while (end - at >= Block::bytes) {
    const BlockSight sight{Block(at)};
    if ((sight.ends | sight.unusual) != 0) {
      const std::uint64_t before = (sight.ends - 1) & ~sight.ends;
      if (sight.ends == 0 || (sight.unusual & (before << 1U | 1U)) != 0) break;
      escapes |= sight.escapes & before;
      at += __builtin_ctzll(sight.ends);
      break;
    }
    escapes |= sight.escapes << 1U;  // without the one that is cut
    at += Block::bytes;
    // Hardly ever, and so no reason to let the next block wait for the answer.
    if (__builtin_expect(sight.cut != 0, 0)) at -= sight.cut;
  }
  escaped = escapes != 0;
  return at;
}

}  // namespace
}  // namespace cowork::json
