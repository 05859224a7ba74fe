// Where a server's Unix socket stands: made so that nobody else can use it, and that two servers can't have it.
//
// Threads: one. Ownership: the socket file is removed with the object, when it is still ours.
#pragma once

#include <sys/stat.h>

#include <string>

#include "cowork/base/result.h"

namespace cowork::server {

class SocketPlace {
 public:
  /// Makes the directory (0700) where it is missing, and binds a listening socket of mode 0600. What a server that died
  /// left is replaced. Errors: conflict (a server listens there), already-exists (something that is no socket stands
  /// there), invalid-argument (relative or too long path; a directory that others own or may write in), io.
  static Result<SocketPlace> bind(const std::string& path);
  /// Takes over a listening Unix socket made by somebody else, who also removes it. Errors: invalid-argument.
  static Result<SocketPlace> adopt(int descriptor);

  SocketPlace(SocketPlace&& other) noexcept;
  SocketPlace& operator=(SocketPlace&&) = delete;
  ~SocketPlace();

  const std::string& path() const noexcept { return path_; }
  /// The listening descriptor, which is the caller's from then on.
  int release() noexcept;

 private:
  SocketPlace() = default;
  Result<void> take_lock();
  Result<void> make_room() const;
  Result<void> listen();

  std::string path_;
  int descriptor_ = -1;
  int lock_ = -1;
  bool ours_ = false;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace cowork::server
