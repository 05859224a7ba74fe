// Random JSON texts from a seed, and damage to them: what the differential test feeds to both readers.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace cowork::json {

class RandomJson {
 public:
  explicit RandomJson(std::uint64_t seed) : engine_(seed) {}

  /// A text of RFC 8259's grammar; it may break our profile (duplicate keys, NUL, depth, numbers out of bounds, BOM).
  std::string document();
  /// `text` with one to three changes: bytes flipped, cut, inserted, doubled or moved.
  std::string damaged(std::string text);

 private:
  std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_); }
  bool once_in(std::size_t n) { return below(n) == 0; }
  std::string digits(std::size_t most);
  std::string space();
  std::string number();
  std::string character();
  std::string string();
  std::string key();
  std::string array(unsigned depth);
  std::string object(unsigned depth);
  std::string leaf();
  std::string value(unsigned depth);
  void damage(std::string& text);

  std::mt19937_64 engine_;
  // How many more values the document may have that are not leaves of what is there.
  std::size_t budget_ = 0;
};

}  // namespace cowork::json
