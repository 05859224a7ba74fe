#include "socket_listener.h"

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/dispatch.hpp>

#include "answers.h"

namespace cowork::server {
namespace {

/// Descriptors come back when others end.
constexpr std::chrono::milliseconds retry_after{100};

struct Peer {
  bool known = false;
  uid_t user = 0;
};

Peer peer_of(int descriptor) noexcept {
  ucred credentials{};
  socklen_t length = sizeof credentials;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return {};
  return {true, credentials.uid};
}

/// Empty for the process's own user.
std::string actor_of(uid_t user) {
  if (user == ::geteuid()) return {};
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found) return found->pw_name;
  return std::to_string(user);
}

std::string too_many_connections(std::size_t most) {
  return error_text(RpcError::host, Error::conflict("too many connections")
                                        .with_why("the server has " + std::to_string(most) + " of them, its limit")
                                        .with_remedy("try again when one of them has ended"));
}

}  // namespace

SocketListener::SocketListener(boost::asio::io_context& context, SocketPlace place,
                               std::shared_ptr<Connections> connections, std::shared_ptr<Log> log)
    : context_(context),
      strand_(boost::asio::make_strand(context)),
      place_(std::move(place)),
      connections_(std::move(connections)),
      log_(std::move(log)),
      acceptor_(strand_, boost::asio::local::stream_protocol(), place_->release()),
      retry_(strand_) {}

void SocketListener::accept(std::shared_ptr<Dispatcher> dispatcher) {
  boost::asio::dispatch(strand_, [self = shared_from_this(), dispatcher = std::move(dispatcher)]() mutable {
    self->dispatcher_ = std::move(dispatcher);
    self->next();
  });
}

void SocketListener::stop() {
  boost::asio::dispatch(strand_, [self = shared_from_this()] {
    self->stopped_ = true;
    boost::system::error_code ignored;
    self->acceptor_.close(ignored);
    self->retry_.cancel();
    self->dispatcher_.reset();
  });
}

void SocketListener::next() {
  if (stopped_) return;
  // The peer gets a strand of its own; this handler runs on the acceptor's.
  acceptor_.async_accept(boost::asio::make_strand(context_),
                         [self = shared_from_this()](const boost::system::error_code& error, LineSocket peer) {
                           self->came(error, std::move(peer));
                         });
}

void SocketListener::came(const boost::system::error_code& error, LineSocket peer) {
  if (stopped_) return;
  if (error == boost::asio::error::no_descriptors || error == boost::asio::error::no_buffer_space ||
      error == boost::asio::error::no_memory || error == boost::system::errc::too_many_files_open_in_system)
    return wait_for_descriptors();
  if (!error) welcome(std::move(peer));
  next();
}

void SocketListener::welcome(LineSocket peer) {
  const Peer who = peer_of(peer.native_handle());
  if (!who.known || (who.user != ::geteuid() && who.user != 0)) {
    const std::size_t count = ++refused_;
    if (log_)
      log_->write(LogLevel::warning, "server",
                  "refused a connection of user " + std::to_string(who.user) + " (" + std::to_string(count) +
                      " refused so far)");
    return;  // closes
  }
  if (connections_->add(peer, dispatcher_, "socket", actor_of(who.user))) return;
  connections_->refuse(peer, too_many_connections(connections_->most()));
}

void SocketListener::wait_for_descriptors() {
  retry_.expires_after(retry_after);
  retry_.async_wait([self = shared_from_this()](const boost::system::error_code&) { self->next(); });
}

}  // namespace cowork::server
