#include "support/archive_builder.h"

#include <zlib.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace cowork::test {
namespace {

void put(std::string& header, std::size_t at, std::string_view text) {
  header.replace(at, text.size(), text);
}

std::string octal(std::uint64_t value, int digits) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%0*llo", digits, static_cast<unsigned long long>(value));
  return text.data();
}

std::string little_endian(std::uint32_t value, unsigned bytes) {
  std::string text;
  for (unsigned i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

std::uint32_t crc(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::string size2(std::string_view text) {
  return little_endian(static_cast<std::uint32_t>(text.size()), 2);
}

/// What local and central header share: flags to sizes.
std::string common_fields(const ZipEntry& entry) {
  const auto size = static_cast<std::uint32_t>(entry.content.size());
  return little_endian(entry.flags, 2) + little_endian(0, 2) + little_endian(0, 2) + little_endian(0x21, 2) +
         little_endian(crc(entry.content), 4) + little_endian(size, 4) + little_endian(size, 4);
}

}  // namespace

TarBuilder& TarBuilder::add(const TarEntry& entry) {
  if (entry.path.size() > 100) throw std::runtime_error("a path of at most 100 bytes, please");
  std::string header(512, '\0');
  put(header, 0, entry.path);
  put(header, 100, octal(entry.mode, 7));
  put(header, 108, octal(0, 7));
  put(header, 116, octal(0, 7));
  put(header, 124, octal(entry.content.size(), 11));
  put(header, 136, octal(0, 11));
  put(header, 148, "        ");
  header[156] = entry.type;
  put(header, 157, entry.link_target);
  put(header, 257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(header, 148, octal(sum, 6) + '\0');
  bytes_ += header + entry.content;
  bytes_.append((512 - entry.content.size() % 512) % 512, '\0');
  return *this;
}

ZipBuilder& ZipBuilder::add(const ZipEntry& entry) {
  const std::string& local_path = entry.local_path.empty() ? entry.path : entry.local_path;
  const auto offset = static_cast<std::uint32_t>(local_.size());
  local_ += std::string("PK\x03\x04", 4) + little_endian(20, 2) + common_fields(entry) + size2(local_path) +
            little_endian(0, 2) + local_path + entry.content;
  // Made by Unix (3), so that the mode counts.
  central_ += std::string("PK\x01\x02", 4) + little_endian(20 | 3 << 8, 2) + little_endian(20, 2) +
              common_fields(entry) + size2(entry.path) + little_endian(0, 2) + little_endian(0, 2) +
              little_endian(0, 2) + little_endian(0, 2) + little_endian(entry.mode << 16, 4) +
              little_endian(offset, 4) + entry.path;
  ++count_;
  return *this;
}

std::string ZipBuilder::finish(std::string_view comment) const {
  return local_ + central_ + std::string("PK\x05\x06", 4) + little_endian(0, 4) + little_endian(count_, 2) +
         little_endian(count_, 2) + little_endian(static_cast<std::uint32_t>(central_.size()), 4) +
         little_endian(static_cast<std::uint32_t>(local_.size()), 4) + size2(comment) + std::string(comment);
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  if (::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib");
  std::string packed(::deflateBound(&stream, static_cast<uLong>(bytes.size())) + 64, '\0');
  std::string copy(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int done = ::deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  if (done != Z_STREAM_END) throw std::runtime_error("zlib");
  return packed;
}

}  // namespace cowork::test
