// What stands for itself in a JSON string, found by the block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace cowork::json {

/// Printable ASCII but the quotation mark and the backslash.
inline bool is_plain(char character) noexcept {
  return character >= 0x20 && character < 0x7F && character != '"' && character != '\\';
}

inline constexpr std::ptrdiff_t text_block = 64;

#ifdef __SSE2__

/// The first byte that is not plain, or one of the last 15 before `end`.
inline const char* pass_plain_blocks(const char* at, const char* end) noexcept {
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i space = _mm_set1_epi8(0x20);
  const __m128i del = _mm_set1_epi8(0x7F);
  for (; end - at >= 16; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    // Signed: what is no ASCII is below a space.
    const __m128i stops = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)),
                                       _mm_or_si128(_mm_cmplt_epi8(block, space), _mm_cmpeq_epi8(block, del)));
    const int mask = _mm_movemask_epi8(stops);
    if (mask != 0) return at + __builtin_ctz(static_cast<unsigned>(mask));
  }
  return at;
}

/// A bit for each of the 64 bytes at `at` that is not plain.
inline std::uint64_t specials_of_block(const char* at) noexcept {
  std::uint64_t specials = 0;
  for (unsigned part = 0; part < 4; ++part) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16 * part));
    const __m128i stops = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')), _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'))),
        _mm_or_si128(_mm_cmplt_epi8(block, _mm_set1_epi8(0x20)), _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7F))));
    specials |= std::uint64_t{static_cast<std::uint16_t>(_mm_movemask_epi8(stops))} << (16 * part);
  }
  return specials;
}

#else

inline std::uint64_t specials_of_block(const char* at) noexcept {
  std::uint64_t specials = 0;
  for (unsigned i = 0; i < 64; ++i) specials |= std::uint64_t{!is_plain(at[i])} << i;
  return specials;
}

/// Up to the first block of 8 bytes that holds one that is not plain; it may stop earlier than it has to.
inline const char* pass_plain_blocks(const char* at, const char* end) noexcept {
  constexpr std::uint64_t each = 0x0101010101010101u;
  constexpr std::uint64_t high = 0x8080808080808080u;
  const auto zeros = [](std::uint64_t block) { return (block - each) & ~block & high; };
  for (; end - at >= 8; at += 8) {
    std::uint64_t block = 0;
    std::memcpy(&block, at, sizeof block);
    const std::uint64_t stops = (block & high) | ((block - 0x20 * each) & high) | zeros(block ^ (0x22 * each)) |
                                zeros(block ^ (0x5C * each)) | zeros(block ^ (0x7F * each));
    if (stops != 0) break;
  }
  return at;
}

#endif

/// The first byte that is not plain, or `end`.
inline const char* pass_plain(const char* at, const char* end) noexcept {
  at = pass_plain_blocks(at, end);
  while (at != end && is_plain(*at)) ++at;
  return at;
}

/// copy_plain() may write so much more than it says.
inline constexpr std::size_t plain_block = 16;

/// Copies the plain bytes that `from` begins with, of `size`: how many there are.
inline std::size_t copy_plain(const char* from, std::size_t size, char* to) noexcept {
  std::size_t at = 0;
#ifdef __SSE2__
  for (; size - at >= plain_block; at += plain_block) {
    const char* const stop = pass_plain_blocks(from + at, from + at + plain_block);
    std::memcpy(to + at, from + at, plain_block);
    if (stop != from + at + plain_block) return static_cast<std::size_t>(stop - from);
  }
#endif
  for (; at != size && is_plain(from[at]); ++at) to[at] = from[at];
  return at;
}

}  // namespace cowork::json
