// What the connections of one HttpListener share. Private to apps/server.
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <list>
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

/// How many connections there are. Threads: any.
class ConnectionCount {
 public:
  /// Null when there are `limit` already; what it holds gives the place back.
  static std::shared_ptr<void> take(const std::shared_ptr<ConnectionCount>& count, std::size_t limit);
  /// Waits until there is none; false: not in time.
  bool wait_for_none(std::chrono::milliseconds most);
  std::size_t now() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
};

/// The connections that have not shown a valid token: anybody on this machine can open such, so they are few, and one
/// that keeps us waiting makes room for a new one. Threads: any.
class AnonymousConnections {
 public:
  /// Adds one that waits for a request. Where there are `most`, the one that has waited longest is taken out and cut;
  /// false: none waits.
  bool add(const std::shared_ptr<HttpPeer>& peer, std::size_t most);
  /// It waits for a request (again).
  void waits(const HttpPeer& peer);
  /// Its request is answered now, so that it stays. False: it was taken out before.
  bool answers(const HttpPeer& peer);
  /// It has shown a valid token, or has ended. False: it was taken out before.
  bool remove(const HttpPeer& peer);

 private:
  struct Entry {
    const HttpPeer* key;
    std::weak_ptr<HttpPeer> peer;
    bool waits = true;
  };
  std::list<Entry>::iterator find(const HttpPeer& peer);  // under the mutex

  std::mutex mutex_;
  std::list<Entry> entries_;  ///< those that wait: the longest first
};

struct HttpState {
  HttpState(boost::asio::io_context& io, ServerOptions server_options, std::shared_ptr<Clock> clock,
            std::string file_token);

  boost::asio::io_context& context;
  const ServerOptions options;
  Sessions sessions;
  HttpPeers peers;
  const std::shared_ptr<ConnectionCount> count = std::make_shared<ConnectionCount>();
  const std::shared_ptr<ConnectionCount> refused = std::make_shared<ConnectionCount>();  ///< being told so
  AnonymousConnections anonymous;
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
