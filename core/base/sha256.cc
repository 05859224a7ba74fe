#include "cowork/base/sha256.h"

#include <nettle/sha2.h>

#include <memory>
#include <type_traits>

namespace cowork {
namespace {

// Kept as bytes, which is what copying an object of this class copies.
static_assert(std::is_trivially_copyable_v<sha256_ctx> && Sha256::digest_bytes == SHA256_DIGEST_SIZE);

template <class State>
sha256_ctx* context(State& state) noexcept {
  static_assert(sizeof(sha256_ctx) <= sizeof(State) && alignof(sha256_ctx) <= 16);
  return std::launder(reinterpret_cast<sha256_ctx*>(state.data()));
}

}  // namespace

Sha256::Sha256() noexcept {
  std::construct_at(reinterpret_cast<sha256_ctx*>(state_.data()));
  ::sha256_init(context(state_));
}

void Sha256::take(std::string_view bytes) noexcept {
  ::sha256_update(context(state_), bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

Sha256::Digest Sha256::digest() noexcept {
  Digest digest;
  ::sha256_digest(context(state_), digest.size(), digest.data());
  return digest;
}

std::string Sha256::hex() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * digest_bytes);
  for (const unsigned char byte : digest()) hex += {digits[byte >> 4U], digits[byte & 0xFU]};
  return hex;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.take(bytes);
  return hash.hex();
}

}  // namespace cowork
