// What stands for itself in a JSON string, found by the block.
#pragma once

#include <algorithm>
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

/// A bit for each byte that is not plain.
inline unsigned specials_in(__m128i block) noexcept {
  // Signed: what is no ASCII is below a space.
  const __m128i stops = _mm_or_si128(
      _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')), _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'))),
      _mm_or_si128(_mm_cmplt_epi8(block, _mm_set1_epi8(0x20)), _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7F))));
  return static_cast<unsigned>(_mm_movemask_epi8(stops));
}

/// The first byte that is not plain, or one of the last 15 before `end`.
inline const char* pass_plain_blocks(const char* at, const char* end) noexcept {
  for (; end - at >= 16; at += 16) {
    const unsigned specials = specials_in(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
    if (specials != 0) return at + __builtin_ctz(specials);
  }
  return at;
}

/// A bit for each of the 64 bytes at `at` that is not plain.
inline std::uint64_t specials_of_block(const char* at) noexcept {
  std::uint64_t specials = 0;
  for (unsigned part = 0; part < 4; ++part) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16 * part));
    specials |= std::uint64_t{specials_in(block)} << (16 * part);
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

#ifdef __SSE2__

/// Copies the plain bytes that `from` begins with, of `size`, which is a Half's at least and two Halves' at most: how
/// many there are. It may write all of `size`.
template <class Half>
std::size_t copy_plain_halves(const char* from, std::size_t size, char* to) noexcept {
  Half first = 0, last = 0;  // they overlap
  std::memcpy(&first, from, sizeof first);
  std::memcpy(&last, from + size - sizeof last, sizeof last);
  std::memcpy(to, &first, sizeof first);
  std::memcpy(to + size - sizeof last, &last, sizeof last);
  const unsigned in_first = specials_in(_mm_set_epi64x(0, static_cast<long long>(first))) & ((1u << sizeof first) - 1);
  const unsigned in_last = specials_in(_mm_set_epi64x(0, static_cast<long long>(last))) & ((1u << sizeof last) - 1);
  if ((in_first | in_last) == 0) return size;
  if (in_first != 0) return static_cast<std::size_t>(__builtin_ctz(in_first));
  return size - sizeof last + static_cast<std::size_t>(__builtin_ctz(in_last));
}

/// The same for any size.
inline std::size_t copy_plain(const char* from, std::size_t size, char* to) noexcept {
  constexpr std::size_t block_size = 16;
  if (size < block_size) {
    if (size >= 8) return copy_plain_halves<std::uint64_t>(from, size, to);
    if (size >= 4) return copy_plain_halves<std::uint32_t>(from, size, to);
    std::size_t at = 0;
    for (; at != size && is_plain(from[at]); ++at) to[at] = from[at];
    return at;
  }
  for (std::size_t at = 0;;) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + at));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + at), block);
    const unsigned specials = specials_in(block);
    if (specials != 0) return at + static_cast<std::size_t>(__builtin_ctz(specials));
    if (size - at == block_size) return size;
    at = std::min(at + block_size, size - block_size);  // the last one overlaps
  }
}

#else

/// Copies the plain bytes that `from` begins with, of `size`: how many there are. It may write all of `size`.
inline std::size_t copy_plain(const char* from, std::size_t size, char* to) noexcept {
  std::size_t at = 0;
  for (; at != size && is_plain(from[at]); ++at) to[at] = from[at];
  return at;
}

#endif

}  // namespace cowork::json
