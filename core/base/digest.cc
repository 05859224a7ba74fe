#include "digest.h"

#include <sodium.h>

#include <array>
#include <cstring>
#include <stdexcept>

#include "cowork/base/text.h"

namespace cowork {
namespace {

using Bytes = unsigned char;
using HashKey = std::array<Bytes, crypto_shorthash_KEYBYTES>;

void ensure_sodium() {
  // Without a source of randomness there is nothing sensible to go on with.
  static const bool ready = sodium_init() >= 0;
  if (!ready) throw std::runtime_error("libsodium cannot be initialized");
}

const Bytes* as_bytes(std::string_view text) {
  return reinterpret_cast<const Bytes*>(text.data());
}

template <std::size_t size>
std::string hex(const std::array<Bytes, size>& bytes) {
  std::string text(size * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), size);
  text.pop_back();
  return text;
}

HashKey new_hash_key() {
  ensure_sodium();
  HashKey key;
  crypto_shorthash_keygen(key.data());
  return key;
}

}  // namespace

std::uint64_t keyed_hash(std::string_view bytes) {
  static const HashKey key = new_hash_key();
  static_assert(crypto_shorthash_BYTES == sizeof(std::uint64_t));
  std::array<Bytes, crypto_shorthash_BYTES> hash;
  crypto_shorthash(hash.data(), as_bytes(bytes), bytes.size(), key.data());
  std::uint64_t value = 0;
  std::memcpy(&value, hash.data(), sizeof value);
  return value;
}

std::string sha256_hex(std::string_view bytes) {
  ensure_sodium();
  std::array<Bytes, crypto_hash_sha256_BYTES> digest;
  crypto_hash_sha256(digest.data(), as_bytes(bytes), bytes.size());
  return hex(digest);
}

std::string random_id() {
  ensure_sodium();
  std::array<Bytes, 16> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  return hex(bytes);
}

}  // namespace cowork
