// The events of the host for one WebSocket. Private to apps/server.
//
// What the client sends is read and thrown away, so that its end is noticed; a message of more than a kibibyte ends the
// connection. One that is not read from loses events, and is told so when there is room again.
#pragma once

#include <array>
#include <boost/asio/append.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "http_state.h"

namespace cowork::server {

/// The socket of a WebSocket. Beast's own farewell waits for the peer without a limit, so this one leaves that to us.
class EventSocket : public boost::asio::ip::tcp::socket {
 public:
  explicit EventSocket(boost::asio::ip::tcp::socket socket) : boost::asio::ip::tcp::socket(std::move(socket)) {}
};

template <class Handler>
void async_teardown(boost::beast::role_type, EventSocket& socket, Handler&& handler) {
  boost::asio::post(socket.get_executor(),
                    boost::asio::append(std::forward<Handler>(handler), boost::system::error_code()));
}

class WebSocket final : public HttpPeer, public std::enable_shared_from_this<WebSocket> {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  using EventNames = std::set<std::string, std::less<>>;

  /// `events`: those that it wants; empty: all. At most `limits.pending_output` bytes of them wait.
  WebSocket(boost::asio::ip::tcp::socket socket, const Limits& limits, EventNames events, std::shared_ptr<void> place);

  /// Answers the upgrade; on the socket's strand. Events that come meanwhile are kept.
  void accept(Request request);
  void publish(const std::shared_ptr<const std::string>& text, std::string_view type) override;
  void stop_accepting() override {}
  void finish() override;
  void cut() override;

 private:
  void read();
  void write_next();
  void on_written(boost::system::error_code error);
  void linger();
  void discard();
  void end();

  boost::beast::websocket::stream<EventSocket> stream_;
  boost::asio::steady_timer timer_;  ///< while lingering
  const std::size_t most_pending_;
  const EventNames events_;
  std::shared_ptr<void> place_;
  Request request_;
  boost::beast::flat_buffer input_;
  std::array<char, 4096> discarded_;
  std::size_t discarded_bytes_ = 0;
  bool open_ = false;
  bool finishing_ = false;
  bool lingering_ = false;

  std::mutex mutex_;  // below: what publish() and the strand share
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::size_t pending_ = 0;
  bool writing_ = true;  ///< until the upgrade is answered nothing may be written
  bool lost_ = false;
  bool ended_ = false;
};

}  // namespace cowork::server
