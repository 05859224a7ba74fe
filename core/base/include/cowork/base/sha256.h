// SHA-256 (FIPS 180-4), by Nettle: it takes the processor's instructions where there are any.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace cowork {

/// Of bytes that come one after another. Threads: one at a time. Can be copied at any point.
class Sha256 {
 public:
  static constexpr std::size_t digest_bytes = 32;
  using Digest = std::array<unsigned char, digest_bytes>;

  Sha256() noexcept;
  void take(std::string_view bytes) noexcept;
  /// Of all that was taken. It begins anew then.
  Digest digest() noexcept;
  /// The same as lower-case hex.
  std::string hex();

 private:
  alignas(16) std::array<unsigned char, 128> state_;  ///< Nettle's
};

/// Lower-case hex SHA-256 of `bytes`.
std::string sha256_hex(std::string_view bytes);

}  // namespace cowork
