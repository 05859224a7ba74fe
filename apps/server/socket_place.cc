#include "socket_place.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

#include "cowork/base/text.h"
#include "directory_rules.h"

namespace cowork::server {
namespace {

constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

Error in_use(const std::string& path) {
  return Error::conflict("a server listens at " + quoted(path) + " already")
      .with_why(printable(path))
      .with_remedy("stop that server, or choose another path");
}

Result<void> check_path(const std::string& path) {
  if (path.empty() || path.front() != '/' || path.find('\0') != std::string::npos)
    return fail(Error::invalid_argument("the socket's path " + quoted(path) + " is not absolute")
                    .with_remedy("give a path that begins with /"));
  if (path.size() > longest_path)
    return fail(Error::invalid_argument("the socket's path has " + std::to_string(path.size()) + " bytes, but " +
                                        std::to_string(longest_path) + " is the most")
                    .with_why(printable(path))
                    .with_remedy("choose a shorter path, such as one in /run or /tmp"));
  return {};
}

Result<void> make_directory(const std::string& path) {
  for (std::size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
    const std::string directory = path.substr(0, end);
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST && errno != EROFS && errno != EACCES)
      return fail(Error::from_errno(errno, "make the directory " + quoted(directory)));
  }
  const std::string parent = path.substr(0, std::max<std::size_t>(path.rfind('/'), 1));
  struct stat found {};
  if (::stat(parent.c_str(), &found) != 0) return fail(Error::from_errno(errno, "look at " + quoted(parent)));
  if (!S_ISDIR(found.st_mode)) return fail(Error::invalid_argument(quoted(parent) + " is no directory"));
  return check_directory(parent, found.st_uid, found.st_mode);
}

/// Whether somebody answers at a socket's path.
Result<bool> is_alive(const std::string& path) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return fail(Error::from_errno(errno, "make a socket"));
  const sockaddr_un address = address_of(path);
  const int done = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int error = done == 0 ? 0 : errno;
  ::close(probe);
  return error != ECONNREFUSED && error != ENOENT;
}

}  // namespace

SocketPlace::SocketPlace(SocketPlace&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      lock_(std::exchange(other.lock_, -1)),
      ours_(std::exchange(other.ours_, false)),
      device_(other.device_),
      inode_(other.inode_) {}

SocketPlace::~SocketPlace() {
  struct stat found {};
  if (ours_ && ::lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_)
    ::unlink(path_.c_str());
  if (descriptor_ >= 0) ::close(descriptor_);
  if (lock_ >= 0) ::close(lock_);  // last: until then nobody else may look at the path
}

int SocketPlace::release() noexcept {
  return std::exchange(descriptor_, -1);
}

Result<SocketPlace> SocketPlace::bind(const std::string& path) {
  COWORK_TRY(check_path(path));
  COWORK_TRY(make_directory(path));
  SocketPlace place;
  place.path_ = path;
  COWORK_TRY(place.take_lock());
  COWORK_TRY(place.make_room());
  COWORK_TRY(place.listen());
  return place;
}

Result<void> SocketPlace::take_lock() {
  // It stays when the server goes: a lock on a file that somebody removes is no lock.
  const std::string path = path_ + ".lock";
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (lock_ < 0) return fail(Error::from_errno(errno, "open the lock file " + quoted(path)));
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return {};
  if (errno == EWOULDBLOCK) return fail(in_use(path_));
  return fail(Error::from_errno(errno, "lock " + quoted(path)));
}

Result<void> SocketPlace::make_room() const {
  struct stat found {};
  if (::lstat(path_.c_str(), &found) != 0) {
    if (errno == ENOENT) return {};
    return fail(Error::from_errno(errno, "look at " + quoted(path_)));
  }
  if (!S_ISSOCK(found.st_mode))
    return fail(Error::already_exists("something that is no socket stands at " + quoted(path_))
                    .with_why(printable(path_))
                    .with_remedy("choose another path, or move it away"));
  COWORK_ASSIGN(const bool alive, is_alive(path_));
  if (alive) return fail(in_use(path_));
  if (::unlink(path_.c_str()) != 0 && errno != ENOENT)
    return fail(Error::from_errno(errno, "remove the dead socket " + quoted(path_)));
  return {};
}

Result<void> SocketPlace::listen() {
  descriptor_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor_ < 0) return fail(Error::from_errno(errno, "make a socket"));
  const sockaddr_un address = address_of(path_);
  // Its mode before it has a name: there is no moment in which others could connect, whatever the umask is.
  if (::fchmod(descriptor_, 0600) != 0 ||
      ::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail(errno == EADDRINUSE ? in_use(path_) : Error::from_errno(errno, "bind " + quoted(path_)));
  struct stat made {};
  if (::lstat(path_.c_str(), &made) != 0) return fail(Error::from_errno(errno, "look at " + quoted(path_)));
  ours_ = true;
  device_ = made.st_dev;
  inode_ = made.st_ino;
  if (::chmod(path_.c_str(), 0600) != 0) return fail(Error::from_errno(errno, "set the mode of " + quoted(path_)));
  if (::listen(descriptor_, SOMAXCONN) != 0) return fail(Error::from_errno(errno, "listen at " + quoted(path_)));
  return {};
}

Result<SocketPlace> SocketPlace::adopt(int descriptor) {
  sockaddr_un address{};
  socklen_t length = sizeof address;
  int listening = 0;
  int type = 0;
  socklen_t size = sizeof listening;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0 || address.sun_family != AF_UNIX ||
      ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0 ||
      ::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM)
    return fail(Error::invalid_argument("descriptor " + std::to_string(descriptor) + " is no listening Unix socket"));
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  SocketPlace place;
  place.descriptor_ = descriptor;
  const std::size_t named = length > offsetof(sockaddr_un, sun_path) ? length - offsetof(sockaddr_un, sun_path) : 0;
  place.path_.assign(address.sun_path, ::strnlen(address.sun_path, named));
  return place;
}

}  // namespace cowork::server
