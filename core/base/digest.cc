#include <sodium.h>

#include <array>
#include <stdexcept>

#include "cowork/base/content_hash.h"
#include "cowork/base/text.h"

namespace cowork {
namespace {

using Bytes = unsigned char;

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

static_assert(std::tuple_size_v<ContentHash> == crypto_aead_aes256gcm_ABYTES);
static_assert(std::tuple_size_v<ContentHash> == crypto_onetimeauth_BYTES);

/// Draws the key of this process.
class ContentKey {
 public:
  ContentKey() : by_instructions_((ensure_sodium(), crypto_aead_aes256gcm_is_available() != 0)) {
    std::array<Bytes, crypto_aead_aes256gcm_KEYBYTES> key;
    crypto_aead_aes256gcm_keygen(key.data());
    if (by_instructions_) crypto_aead_aes256gcm_beforenm(&state_, key.data());
    crypto_onetimeauth_keygen(poly1305_.data());
    sodium_memzero(key.data(), key.size());
  }

  ContentHash hash(std::string_view bytes) const {
    ContentHash hash;
    if (by_instructions_) {
      // One nonce for all is fine where nothing is encrypted and no tag is ever shown.
      constexpr std::array<Bytes, crypto_aead_aes256gcm_NPUBBYTES> nonce{};
      Bytes nothing = 0;
      crypto_aead_aes256gcm_encrypt_detached_afternm(&nothing, hash.data(), nullptr, &nothing, 0, as_bytes(bytes),
                                                     bytes.size(), nullptr, nonce.data(), &state_);
    } else {
      crypto_onetimeauth(hash.data(), as_bytes(bytes), bytes.size(), poly1305_.data());
    }
    return hash;
  }

 private:
  bool by_instructions_;
  crypto_aead_aes256gcm_state state_{};
  std::array<Bytes, crypto_onetimeauth_KEYBYTES> poly1305_{};
};

}  // namespace

ContentHash content_hash(std::string_view bytes) {
  static const ContentKey key;
  return key.hash(bytes);
}

std::string random_id() {
  ensure_sodium();
  std::array<Bytes, 16> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  return hex(bytes);
}

}  // namespace cowork
