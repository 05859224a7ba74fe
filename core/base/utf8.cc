#include "utf8.h"

#include "cowork/base/json_reader.h"

namespace cowork {
namespace {

struct LeadByte {
  std::size_t length;
  unsigned bits;
  // The second byte's range is narrower after E0, ED, F0 and F4: that keeps out overlong forms, surrogates and what
  // lies above U+10FFFF.
  unsigned second_low;
  unsigned second_high;
};

LeadByte lead_byte(unsigned byte) noexcept {
  if (byte >= 0xC2 && byte <= 0xDF) return {2, byte & 0x1Fu, 0x80, 0xBF};
  if (byte >= 0xE0 && byte <= 0xEF)
    return {3, byte & 0x0Fu, byte == 0xE0 ? 0xA0u : 0x80u, byte == 0xED ? 0x9Fu : 0xBFu};
  if (byte >= 0xF0 && byte <= 0xF4)
    return {4, byte & 0x07u, byte == 0xF0 ? 0x90u : 0x80u, byte == 0xF4 ? 0x8Fu : 0xBFu};
  return {0, 0, 0, 0};
}

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t index) -> unsigned { return static_cast<unsigned char>(text[index]); };
  if (byte(at) < 0x80) return {static_cast<char32_t>(byte(at)), 1};
  const LeadByte lead = lead_byte(byte(at));
  if (lead.length == 0 || text.size() - at < lead.length) return {};
  if (byte(at + 1) < lead.second_low || byte(at + 1) > lead.second_high) return {};
  unsigned value = lead.bits;
  for (std::size_t i = 1; i < lead.length; ++i) {
    if ((byte(at + i) & 0xC0u) != 0x80u) return {};
    value = (value << 6) | (byte(at + i) & 0x3Fu);
  }
  return {static_cast<char32_t>(value), lead.length};
}

namespace json {

bool is_valid_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (point.length == 0) return false;
    at += point.length;
  }
  return true;
}

}  // namespace json
}  // namespace cowork
