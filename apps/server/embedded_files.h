// The files of apps/panel/dist, compiled in (cmake/EmbedFiles.cmake writes the source). Private to apps/server.
#pragma once

#include <span>
#include <string_view>

namespace cowork::server {

struct EmbeddedFile {
  std::string_view path;  ///< "assets/console.js"
  std::string_view bytes;
  std::string_view sha256;  ///< of the bytes, hex
};

/// Sorted by path; empty where the console was not built.
std::span<const EmbeddedFile> embedded_files() noexcept;

}  // namespace cowork::server
