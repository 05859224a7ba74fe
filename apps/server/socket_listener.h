// Accepts peers on a Unix socket: the server's own user and root, nobody else.
//
// Threads: any. Ownership: shared with the wait that is under way.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "connections.h"
#include "cowork/ports/log.h"
#include "socket_place.h"

namespace cowork::server {

class SocketListener : public std::enable_shared_from_this<SocketListener> {
 public:
  SocketListener(boost::asio::io_context& context, SocketPlace place, std::shared_ptr<Connections> connections,
                 std::shared_ptr<Log> log);

  void accept(std::shared_ptr<Dispatcher> dispatcher);
  /// No peer is accepted when this returns, but those that the system has accepted already.
  void stop();
  /// Gives the place up: file and lock go. After stop(), when no thread of the context runs.
  void leave() { place_.reset(); }

 private:
  void next();
  void came(const boost::system::error_code& error, LineSocket peer);
  void welcome(LineSocket peer);
  void wait_for_descriptors();

  boost::asio::io_context& context_;
  const Strand strand_;
  std::optional<SocketPlace> place_;
  const std::shared_ptr<Connections> connections_;
  const std::shared_ptr<Log> log_;
  std::shared_ptr<Dispatcher> dispatcher_;
  boost::asio::basic_socket_acceptor<boost::asio::local::stream_protocol, Strand> acceptor_;
  boost::asio::steady_timer retry_;
  bool stopped_ = false;
  std::atomic<std::size_t> refused_{0};
};

}  // namespace cowork::server
