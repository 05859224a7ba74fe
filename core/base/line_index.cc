#include "cowork/base/line_index.h"

namespace cowork {
namespace {

/// By as many bytes as one byte can count, and of a number that the compiler knows: so it looks at sixteen at a time.
std::uint32_t line_ends_in(std::string_view bytes) noexcept {
  constexpr std::size_t at_once = 128;
  std::uint32_t all = 0;
  for (; bytes.size() >= at_once; bytes.remove_prefix(at_once)) {
    std::uint8_t count = 0;
    for (std::size_t i = 0; i < at_once; ++i) count = static_cast<std::uint8_t>(count + (bytes[i] == '\n'));
    all += count;
  }
  for (const char byte : bytes) all += byte == '\n';
  return all;
}

}  // namespace

LineIndex::LineIndex(std::string_view text) {
  blocks_.reserve(text.size() / block_bytes + 1);
  Block block;
  for (std::size_t begin = 0; begin <= text.size(); begin += block_bytes) {
    blocks_.push_back(block);
    const std::string_view bytes = text.substr(begin, block_bytes);
    const std::uint32_t ends = line_ends_in(bytes);
    if (ends == 0) continue;
    block.line += ends;
    block.line_start = static_cast<std::uint32_t>(begin + bytes.rfind('\n') + 1);
  }
}

TextPosition LineIndex::position(std::string_view text, std::uint32_t offset) const noexcept {
  Block block = blocks_[offset / block_bytes];
  for (std::size_t at = offset / block_bytes * block_bytes; at < offset; ++at) {
    if (text[at] != '\n') continue;
    ++block.line;
    block.line_start = static_cast<std::uint32_t>(at + 1);
  }
  return {block.line, offset - block.line_start + 1};
}

}  // namespace cowork
