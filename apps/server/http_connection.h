// One connection of HTTP/1.1: request after request, one at a time, until the peer or a rule ends it. Private to
// apps/server.
//
// All work is done on the strand of the socket. There is at most one read under way, also while a call runs, so that a
// peer that goes away is noticed; everything that is read goes through one buffer to the parser.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <string>

#include "http_requests.h"

namespace cowork::server {

class HttpConnection final : public HttpPeer, public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(boost::asio::ip::tcp::socket socket, std::shared_ptr<HttpState> state);

  /// `place`: the connection's in ConnectionCount; it is among the AnonymousConnections.
  void start(std::shared_ptr<void> place);
  /// Says that there are too many, and ends. `place`: among those that are told so.
  void start_refused(std::shared_ptr<void> place);
  void publish(const std::shared_ptr<const std::string>&, std::string_view) override {}
  void stop_accepting() override;
  void finish() override { stop_accepting(); }
  void cut() override;

 private:
  enum class Phase {
    idle,       ///< between requests
    head,       ///< its first byte has come
    body,       ///< admitted
    call,       ///< with the dispatcher
    writing,    ///< an answer
    lingering,  ///< answered for good; what the peer still sends is thrown away, or it might not see the answer
    closed,
  };
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void expect_request();
  void read();
  void on_read(boost::system::error_code error, std::size_t bytes);
  void on_end_of_input();
  void advance();
  bool parse_some();
  bool on_head();
  void continue_after_interim_reply();
  void on_request();
  void call();
  void upgrade();
  void refuse(HttpReply reply);
  void reply(HttpReply reply);
  void on_written(boost::system::error_code error);
  void linger();
  void close();
  std::chrono::milliseconds idle_time() const;
  void arm(std::chrono::milliseconds most);
  void on_deadline();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<HttpState> state_;
  std::shared_ptr<void> place_;
  std::array<char, 16u << 10> chunk_;  ///< where a read goes: the buffer may move while one is under way
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  AdmittedRequest request_{HttpRoute::file, {}};
  std::shared_ptr<Caller> caller_;  ///< of the call under way
  std::string head_text_;           ///< of the answer that is written
  HttpReply reply_;
  std::size_t discarded_ = 0;
  Phase phase_ = Phase::idle;
  bool anonymous_ = false;  ///< no valid token has come yet
  bool reading_ = false;
  bool input_ended_ = false;
  bool keep_alive_ = false;
};

}  // namespace cowork::server
