// Where in a text a byte is, in lines and columns.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace cowork {

/// Line and column from 1, column in bytes; 0 when unknown.
struct TextPosition {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// Knows on which line each block of the text begins, and counts those in the block when it is asked. Does not keep the
/// text. Threads: as a vector.
class LineIndex {
 public:
  LineIndex() = default;
  explicit LineIndex(std::string_view text);
  /// `text` is the one it was made of; `offset` at most its size.
  TextPosition position(std::string_view text, std::uint32_t offset) const noexcept;

 private:
  static constexpr std::size_t block_bytes = 512;
  struct Block {
    std::uint32_t line = 1;        ///< at its first byte
    std::uint32_t line_start = 0;  ///< of that line
  };
  std::vector<Block> blocks_;
};

}  // namespace cowork
