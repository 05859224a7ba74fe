// SHA-256 is what another library says, whatever the length.
#include "cowork/base/sha256.h"

#include <sodium.h>

#include <array>

#include "support/catch.h"

namespace cowork {
namespace {

std::string by_libsodium(const std::string& bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return hex.data();
}

}  // namespace

TEST_CASE("SHA-256 of the standard's examples") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-256 is another library's at every length and at every address") {
  std::string bytes;
  for (std::size_t length = 0; length < 300; ++length) {
    CHECK(sha256_hex(bytes) == by_libsodium(bytes));
    bytes += static_cast<char>(length * 37 + (length >> 3U));
  }
  for (std::size_t start = 0; start < 64; ++start) {
    CHECK(sha256_hex(std::string_view(bytes).substr(start)) == by_libsodium(bytes.substr(start)));
  }
}

TEST_CASE("SHA-256 of bytes that come in pieces is that of the whole, and begins anew behind it") {
  const std::string whole = std::string(150, 'x') + std::string(150, 'y');
  Sha256 hash;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t at = 0, size = 0; at < whole.size(); at += size, ++size)
      hash.take(std::string_view(whole).substr(at, size));
    CHECK(hash.hex() == by_libsodium(whole));
  }
  hash.take("a");
  Sha256 copy = hash;
  hash.take("b");
  copy.take("c");
  CHECK(hash.hex() == by_libsodium("ab"));
  CHECK(copy.hex() == by_libsodium("ac"));
  CHECK(Sha256().hex() == by_libsodium(""));
}

}  // namespace cowork
