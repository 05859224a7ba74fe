// The file that holds HTTP's token for programs of the same user.
#pragma once

#include <memory>
#include <string>

#include "cowork/ports/disk.h"

namespace cowork::server {

/// Gone from the disk when it is destroyed, unless another server's token has taken its place. Threads: one at a time.
class TokenFile {
 public:
  /// Writes `token` and a line feed (0600, O_EXCL | O_NOFOLLOW) to `path`, whose directory is made (0700) when missing.
  /// The token that a dead server left there is replaced; that of a living one, which holds the lock beside it, is
  /// conflict. Errors: also already-exists (something else stands there), invalid-argument (a relative path, a link, a
  /// directory that others own or may write in), io.
  static Result<std::unique_ptr<TokenFile>> write(const std::string& path, const std::string& token);
  ~TokenFile();
  TokenFile(const TokenFile&) = delete;
  TokenFile& operator=(const TokenFile&) = delete;

  const std::string& path() const noexcept { return path_; }
  void remove();

 private:
  TokenFile() = default;

  std::string path_;
  std::string name_;
  std::string text_;
  std::shared_ptr<Directory> directory_;  ///< null once the file is removed
  std::unique_ptr<FileLock> lock_;        ///< until then
};

}  // namespace cowork::server
