// Opening files beneath an open directory without ever following a link.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "cowork/base/result.h"
#include "cowork/ports/disk.h"
#include "descriptor.h"

namespace cowork::ports {

/// How names become descriptors. `by_component` is what kernels without openat2 get; tests ask for it by name.
enum class Resolver { automatic, by_component };

/// A directory that holds something, and the thing's name in it.
struct Parent {
  Descriptor opened;  ///< invalid when the thing lies directly beneath the directory that was asked
  int directory = -1;
  std::string name;
  std::string path;  ///< of the thing, for messages
};

/// Resolves beneath one directory and words the refusals. The descriptor is borrowed.
class Beneath {
 public:
  Beneath(int directory, std::string path, Resolver resolver)
      : directory_(directory), path_(std::move(path)), resolver_(resolver) {}

  const std::string& path() const noexcept { return path_; }
  int descriptor() const noexcept { return directory_; }
  Resolver resolver() const noexcept { return resolver_; }

  /// open(2) with `flags` | O_NOFOLLOW | O_CLOEXEC. `verb` begins the message of a failure: `cannot <verb> "<path>":
  /// …`.
  Result<Descriptor> open(std::string_view relative, int flags, mode_t mode, std::string_view verb) const;
  /// As above, O_NONBLOCK, and refused when it is no regular file; `status_out` is of the descriptor.
  Result<Descriptor> open_regular(std::string_view relative, int flags, std::string_view verb,
                                  struct stat& status_out) const;
  Result<Parent> parent(std::string_view relative, std::string_view verb) const;

 private:
  Error refusal(int error_number, std::string_view relative, std::string_view verb) const;

  int directory_;
  std::string path_;
  Resolver resolver_;
};

/// Opens `canonical`, an absolute path that holds no link, from "/" down. -1 with errno.
Descriptor open_canonical(const std::string& canonical, int flags, Resolver resolver);

Error failed(int error_number, std::string_view verb, std::string_view path);
FileKind kind_of(mode_t mode) noexcept;
FileStatus to_file_status(const struct stat& status) noexcept;

}  // namespace cowork::ports
