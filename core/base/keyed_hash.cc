#include <sodium.h>

#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "cowork/base/flat_index.h"

namespace cowork {
namespace {

/// SipHash (Aumasson, Bernstein) with one round a block and three to finish: what hash tables need. libsodium's has two
/// and four, as a checksum that others may see would.
class SipHash {
 public:
  explicit SipHash(const std::array<std::uint64_t, 2>& key)
      : a_(key[0] ^ 0x736f6d6570736575u),
        b_(key[1] ^ 0x646f72616e646f6du),
        c_(key[0] ^ 0x6c7967656e657261u),
        d_(key[1] ^ 0x7465646279746573u) {}

  void take(std::uint64_t block) {
    d_ ^= block;
    round();
    a_ ^= block;
  }
  std::uint64_t finish() {
    c_ ^= 0xFF;
    for (int i = 0; i < 3; ++i) round();
    return a_ ^ b_ ^ c_ ^ d_;
  }

 private:
  void round() {
    a_ += b_;
    b_ = std::rotl(b_, 13) ^ a_;
    a_ = std::rotl(a_, 32);
    c_ += d_;
    d_ = std::rotl(d_, 16) ^ c_;
    a_ += d_;
    d_ = std::rotl(d_, 21) ^ a_;
    c_ += b_;
    b_ = std::rotl(b_, 17) ^ c_;
    c_ = std::rotl(c_, 32);
  }

  std::uint64_t a_, b_, c_, d_;
};

/// Up to seven bytes as one number; `eight`, where it is not null, is eight bytes that end where they end.
std::uint64_t last_bytes(std::string_view bytes, const char* eight) {
  std::uint64_t number = 0;
  if (bytes.empty()) return number;
  if (eight != nullptr) {
    std::memcpy(&number, eight, sizeof number);
    return number >> (64 - 8 * bytes.size());
  }
  for (std::size_t i = 0; i < bytes.size(); ++i)
    number |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return number;
}

std::array<std::uint64_t, 2> new_key() {
  // Without a source of randomness there is nothing sensible to go on with.
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialized");
  std::array<std::uint64_t, 2> key;
  randombytes_buf(key.data(), sizeof key);
  return key;
}

}  // namespace

std::uint64_t keyed_hash(std::string_view bytes) {
  static const std::array<std::uint64_t, 2> key = new_key();
  SipHash hash(key);
  const std::size_t size = bytes.size();
  const char* const end = bytes.data() + size;
  std::uint64_t block = 0;
  for (; bytes.size() >= sizeof block; bytes.remove_prefix(sizeof block)) {
    std::memcpy(&block, bytes.data(), sizeof block);
    hash.take(block);
  }
  hash.take(static_cast<std::uint64_t>(size) << 56 |
            last_bytes(bytes, size >= sizeof block ? end - sizeof block : nullptr));
  return hash.finish();
}

}  // namespace cowork
