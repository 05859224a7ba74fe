// Archives made byte by byte, so that they can be as wrong as a test wants them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cowork::test {

struct TarEntry {
  std::string path;
  std::string content;
  char type = '0';  ///< as in the header: 0 file, 1 hard link, 2 link, 3 and 4 devices, 5 directory, 6 FIFO
  std::string link_target;
  unsigned mode = 0644;
};

/// ustar. Threads: one owner.
class TarBuilder {
 public:
  TarBuilder& add(const TarEntry& entry);
  TarBuilder& file(std::string_view path, std::string_view content) {
    return add({std::string(path), std::string(content), '0', {}, 0644});
  }
  TarBuilder& directory(std::string_view path) { return add({std::string(path), {}, '5', {}, 0755}); }
  /// With the two blocks of its end.
  std::string finish() const { return bytes_ + std::string(1024, '\0'); }
  /// Without.
  const std::string& entries() const { return bytes_; }

 private:
  std::string bytes_;
};

struct ZipEntry {
  std::string path;
  std::string content;
  unsigned mode = 0100644;  ///< of a file of Unix, with its type
  std::string local_path;   ///< before the bytes; empty: the same
  std::uint16_t flags = 0;  ///< bit 0: encrypted
};

/// Stored, not packed. Threads: one owner.
class ZipBuilder {
 public:
  ZipBuilder& add(const ZipEntry& entry);
  ZipBuilder& file(std::string_view path, std::string_view content) {
    return add({std::string(path), std::string(content), 0100644, {}, 0});
  }
  std::string finish(std::string_view comment = {}) const;

 private:
  std::string local_;
  std::string central_;
  unsigned count_ = 0;
};

/// One gzip member (zlib).
std::string gzip(std::string_view bytes);

}  // namespace cowork::test
