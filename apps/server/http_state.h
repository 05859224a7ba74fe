// What the connections of one HttpListener share. Private to apps/server.
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "cowork/server/server.h"
#include "dispatcher.h"
#include "http_token_file.h"
#include "sessions.h"
#include "static_files.h"

namespace cowork::server {

/// One open connection. Threads: every method may be called by any thread; the work is done on the connection's strand.
class HttpPeer {
 public:
  virtual ~HttpPeer() = default;
  virtual void publish(const std::shared_ptr<const std::string>& text, std::string_view type) = 0;
  virtual void stop_accepting() = 0;  ///< finishes what is under way; a WebSocket goes on
  virtual void finish() = 0;          ///< ends politely
  virtual void cut() = 0;             ///< ends now
};

/// All of them. Threads: any.
class HttpPeers {
 public:
  void add(std::weak_ptr<HttpPeer> peer);
  std::vector<std::shared_ptr<HttpPeer>> all();

 private:
  std::mutex mutex_;
  std::vector<std::weak_ptr<HttpPeer>> peers_;
};

/// How many connections there are: of this listener, to wait for, and of all transports, against the limit.
class ConnectionCount {
 public:
  explicit ConnectionCount(std::shared_ptr<std::atomic<std::size_t>> all) : all_(std::move(all)) {}
  /// Null when there are `limit` already; what it holds gives the place back.
  static std::shared_ptr<void> take(const std::shared_ptr<ConnectionCount>& count, std::size_t limit);
  /// Waits until there is none; false: not in time.
  bool wait_for_none(std::chrono::milliseconds most);

 private:
  std::shared_ptr<std::atomic<std::size_t>> all_;
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t here_ = 0;
};

struct HttpState {
  HttpState(boost::asio::io_context& io, ServerOptions server_options, std::shared_ptr<Clock> clock,
            std::string file_token, std::shared_ptr<std::atomic<std::size_t>> connections);

  boost::asio::io_context& context;
  const ServerOptions options;
  Sessions sessions;
  HttpPeers peers;
  std::shared_ptr<ConnectionCount> count;
  std::atomic<bool> stopping{false};
  std::mutex closing;  ///< held by close()

  // Written by listen() and accept(), before the first connection.
  boost::asio::ip::tcp::acceptor acceptor;
  boost::asio::steady_timer accept_pause;
  unsigned port = 0;
  std::string address;
  std::string token_path;
  std::unique_ptr<TokenFile> token_file;
  std::unique_ptr<PageDirectory> pages;
  std::shared_ptr<Dispatcher> dispatcher;
};

}  // namespace cowork::server
