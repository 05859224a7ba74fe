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

/// An application's own pages. What is asked for is looked at anew, so that they can be edited while the server runs; a
/// version of a file that somebody is still being sent is not read again. Threads: any.
class PageDirectory {
 public:
  static constexpr std::size_t most_bytes = 16u << 20;
  static constexpr std::size_t most_bytes_alive = 64u << 20;  ///< of all copies that are being sent

  struct Page {
    std::string bytes;
    std::string tag;  ///< changes when the file does
  };

  struct Found {
    std::shared_ptr<const Page> page{};  ///< null: nothing that may be served
    bool over_budget = false;            ///< there is something, but not now
  };

  /// Errors: invalid-argument (not absolute), not-found, io.
  static Result<std::unique_ptr<PageDirectory>> open(const std::string& path);

  /// A regular file of at most most_bytes, reached through no link. `path` is that of the address after "/pages/".
  Found read(std::string_view path);

 private:
  class Copies;
  explicit PageDirectory(std::shared_ptr<Directory> directory);
  std::shared_ptr<Directory> directory_;
  std::shared_ptr<Copies> copies_;
};

}  // namespace cowork::server
