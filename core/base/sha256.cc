#include <nettle/sha2.h>

#include <array>

#include "cowork/base/text.h"

namespace cowork {

// Nettle has it by the processor's instructions where there are any: seven times as fast as libsodium's.
std::string sha256_hex(std::string_view bytes) {
  sha256_ctx state;
  ::sha256_init(&state);
  ::sha256_update(&state, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest;
  ::sha256_digest(&state, digest.size(), digest.data());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const std::uint8_t byte : digest) hex += {digits[byte >> 4U], digits[byte & 0xFU]};
  return hex;
}

}  // namespace cowork
