// What is served without a token: the console and the JavaScript client, and an application's own pages. Private to
// apps/server. Threads: any.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cowork/ports/disk.h"
#include "embedded_files.h"

namespace cowork::server {

/// "text/html; charset=utf-8" for "a/b.html"; application/octet-stream for what is not known.
std::string_view content_type_of(std::string_view path);

/// The embedded file for the path of an address ("/" is the console), byte for byte: nothing is decoded. Null: none.
const EmbeddedFile* find_embedded(std::string_view path, std::span<const EmbeddedFile> files = embedded_files());

/// The path of an address, decoded exactly once, as names beneath a directory; a path that ends in '/' (or is empty)
/// gets "index.html". nullopt for what can only be an attempt: "%2f", '%' after decoding, NUL and other control
/// characters, '\', empty names, names that begin with '.'.
std::optional<std::string> relative_path(std::string_view path);

/// An application's own pages, read anew for each request, so that they can be edited while the server runs.
class PageDirectory {
 public:
  static constexpr std::size_t most_bytes = 16u << 20;

  struct Page {
    std::string bytes;
    std::string tag;  ///< changes when the file does
  };

  /// Errors: invalid-argument (not absolute), not-found, io.
  static Result<std::unique_ptr<PageDirectory>> open(const std::string& path);

  /// A regular file of at most most_bytes, reached through no link. `path` is that of the address after "/pages/".
  /// nullopt: nothing that may be served.
  std::optional<Page> read(std::string_view path) const;

 private:
  explicit PageDirectory(std::shared_ptr<Directory> directory) : directory_(std::move(directory)) {}
  std::shared_ptr<Directory> directory_;
};

}  // namespace cowork::server
