#include "http_connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

#include "web_socket.h"

namespace cowork::server {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

/// Of requests that wait behind the one under way; also more than the parser ever leaves in the buffer.
constexpr std::size_t most_buffered = 64u << 10;
constexpr std::size_t most_discarded = 4u << 20;
constexpr std::chrono::milliseconds most_lingering{1000};
constexpr std::string_view interim_reply = "HTTP/1.1 100 Continue\r\n\r\n";

class HttpCaller final : public Caller {
 public:
  HttpCaller() { entry = "http"; }
  bool subscribe(const std::vector<std::string>&) override { return false; }
  void unsubscribe() override {}
};

}  // namespace

HttpConnection::HttpConnection(asio::ip::tcp::socket socket, std::shared_ptr<HttpState> state)
    : socket_(std::move(socket)), timer_(socket_.get_executor()), state_(std::move(state)) {}

void HttpConnection::start(std::shared_ptr<void> place) {
  place_ = std::move(place);
  anonymous_ = true;
  asio::dispatch(socket_.get_executor(), [self = shared_from_this()] {
    if (self->phase_ == Phase::closed) return;
    boost::system::error_code ignored;  // answers only come later
    self->socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    self->expect_request();
    self->arm(self->state_->options.limits.headers);  // whoever connects has something to say
  });
}

void HttpConnection::start_refused(std::shared_ptr<void> place) {
  place_ = std::move(place);
  asio::dispatch(socket_.get_executor(), [self = shared_from_this()] {
    self->parser_.emplace();
    self->reply(error_reply(503, "too many connections"));
  });
}

void HttpConnection::stop_accepting() {
  asio::dispatch(socket_.get_executor(), [self = shared_from_this()] {
    if (self->phase_ <= Phase::body) self->close();
  });
}

void HttpConnection::cut() {
  asio::dispatch(socket_.get_executor(), [self = shared_from_this()] {
    if (self->caller_) self->caller_->stop.request_stop();
    self->close();
  });
}

void HttpConnection::expect_request() {
  phase_ = Phase::idle;
  parser_.emplace();
  parser_->header_limit(most_header_bytes);
  parser_->body_limit(boost::none);  // known when the head is
  if (anonymous_) state_->anonymous.waits(*this);
  arm(idle_time());
  if (buffer_.size() > 0) return advance();
  input_ended_ ? close() : read();
}

void HttpConnection::read() {
  if (reading_ || input_ended_ || phase_ == Phase::closed) return;
  reading_ = true;
  socket_.async_read_some(
      asio::buffer(chunk_),
      [self = shared_from_this()](boost::system::error_code error, std::size_t bytes) { self->on_read(error, bytes); });
}

void HttpConnection::on_read(boost::system::error_code error, std::size_t bytes) {
  reading_ = false;
  if (phase_ == Phase::closed) return;
  if (error) return on_end_of_input();
  buffer_.commit(asio::buffer_copy(buffer_.prepare(bytes), asio::buffer(chunk_, bytes)));
  switch (phase_) {
    case Phase::idle:
    case Phase::head:
    case Phase::body:
      return advance();
    case Phase::call:
      if (buffer_.size() < most_buffered) read();
      return;
    case Phase::writing:
      return;  // the next request; were it an upgrade, no other read may be under way then
    case Phase::lingering:
      discarded_ += buffer_.size();
      buffer_.consume(buffer_.size());
      return discarded_ < most_discarded ? read() : close();
    case Phase::closed:
      return;
  }
}

void HttpConnection::on_end_of_input() {
  input_ended_ = true;
  if (phase_ == Phase::call) {
    caller_->stop.request_stop();
  } else if (phase_ != Phase::writing) {
    close();
  }
}

void HttpConnection::advance() {
  if (phase_ == Phase::idle) {
    if (state_->stopping) return close();
    phase_ = Phase::head;
    arm(state_->options.limits.headers);
  }
  while (buffer_.size() > 0 && (phase_ == Phase::head || phase_ == Phase::body)) {
    if (!parse_some()) return;
  }
  if (phase_ != Phase::head && phase_ != Phase::body) return;
  input_ended_ ? close() : read();
}

/// False: somebody else goes on from here.
bool HttpConnection::parse_some() {
  boost::system::error_code error;
  const std::size_t used = parser_->put(buffer_.data(), error);
  buffer_.consume(used);
  if (error == http::error::need_more) {
    if (buffer_.size() >= most_buffered) {
      refuse(refusal_of_syntax(error, 0));
    } else {
      input_ended_ ? close() : read();
    }
    return false;
  }
  if (error) {
    refuse(refusal_of_syntax(error, request_.body_limit));
    return false;
  }
  if (phase_ == Phase::head && parser_->is_header_done() && !on_head()) return false;
  if (phase_ == Phase::body && parser_->is_done()) {
    on_request();
    return false;
  }
  return true;
}

/// False: somebody else goes on from here.
bool HttpConnection::on_head() {
  const RequestHead& head = parser_->get();
  const auto length = parser_->content_length();
  auto decision = admit(*state_, head, length ? *length : 0);
  if (auto* refusal = std::get_if<HttpReply>(&decision)) {
    refuse(std::move(*refusal));
    return false;
  }
  request_ = std::get<AdmittedRequest>(std::move(decision));
  if (request_.shows_token && anonymous_) {
    anonymous_ = false;
    if (!state_->anonymous.remove(*this)) {  // its place went to another before we looked
      close();
      return false;
    }
  }
  phase_ = Phase::body;
  if (request_.route == HttpRoute::file || request_.route == HttpRoute::events) {
    on_request();  // whatever body it has is nobody's business
    return false;
  }
  parser_->body_limit(request_.body_limit);
  parser_->eager(true);
  if (parser_->is_done() || buffer_.size() > 0 || head[http::field::expect].empty()) return true;
  continue_after_interim_reply();
  return false;
}

void HttpConnection::continue_after_interim_reply() {
  asio::async_write(socket_, asio::buffer(interim_reply.data(), interim_reply.size()),
                    [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                      if (self->phase_ != Phase::body) return;
                      error ? self->close() : self->read();
                    });
}

void HttpConnection::on_request() {
  keep_alive_ = parser_->is_done() && parser_->get().keep_alive();
  switch (request_.route) {
    case HttpRoute::rpc:
      return call();
    case HttpRoute::session:
      return reply(answer_session(*state_, parser_->get().body()));
    case HttpRoute::events:
      return upgrade();
    case HttpRoute::file:
      return reply(answer_file(*state_, parser_->get(), request_.target.path));
  }
}

void HttpConnection::call() {
  phase_ = Phase::call;
  timer_.cancel();
  caller_ = std::make_shared<HttpCaller>();
  read();
  const Answer answer = [self = shared_from_this()](std::string text) {
    asio::dispatch(self->socket_.get_executor(), [self, text = std::move(text)]() mutable {
      self->caller_.reset();
      if (self->phase_ != Phase::call) return;
      HttpReply reply = json_reply(std::move(text));
      if (reply.body.empty()) {
        reply.status = 204;
        reply.content_type = {};
      }
      self->reply(std::move(reply));
    });
  };
  std::string output;
  const Carried carried = state_->dispatcher->carry_out(parser_->get().body(), caller_, output, answer);
  if (carried == Carried::answered) answer(std::move(output));
}

void HttpConnection::upgrade() {
  if (!boost::beast::websocket::is_upgrade(parser_->get())) {
    HttpReply refusal = error_reply(426, "events come over a WebSocket");
    refusal.fields.emplace_back("Upgrade", "websocket");
    return refuse(std::move(refusal));
  }
  if (!events_protocol(parser_->get()).offered) {
    return refuse(error_reply(400, "the subprotocol cowork.events must be offered"));
  }
  auto events = events_of(request_.target.query);
  if (!events) return refuse(error_reply(400, events.error().message()));
  // A read that is under way, or bytes that were read, can't be handed on.
  if (reading_ || buffer_.size() > 0 || !parser_->is_done()) {
    return refuse(error_reply(400, "a request for events must be the last one and alone"));
  }
  timer_.cancel();
  phase_ = Phase::closed;
  auto web_socket =
      std::make_shared<WebSocket>(std::move(socket_), state_->options.limits, std::move(*events), std::move(place_));
  state_->peers.add(web_socket);
  web_socket->accept(parser_->release());
}

/// An answer that leaves a body unread ends the connection.
void HttpConnection::refuse(HttpReply refusal) {
  keep_alive_ = parser_->is_done() && parser_->get().keep_alive();
  reply(std::move(refusal));
}

void HttpConnection::reply(HttpReply answer) {
  if (anonymous_ && !state_->anonymous.answers(*this)) return close();
  phase_ = Phase::writing;
  arm(idle_time());
  keep_alive_ = keep_alive_ && !state_->stopping;
  reply_ = std::move(answer);
  head_text_ = head_text(reply_, keep_alive_);
  const bool without_content = parser_->is_header_done() && parser_->get().method() == http::verb::head;
  const std::string_view content = without_content ? std::string_view() : reply_.content();
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head_text_),
                                                  asio::buffer(content.data(), content.size())};
  asio::async_write(socket_, buffers, [self = shared_from_this()](boost::system::error_code error, std::size_t) {
    self->on_written(error);
  });
}

void HttpConnection::on_written(boost::system::error_code error) {
  if (phase_ == Phase::closed) return;
  reply_ = {};
  if (error) return close();
  if (!keep_alive_ || state_->stopping) return linger();
  expect_request();
}

void HttpConnection::linger() {
  phase_ = Phase::lingering;
  boost::system::error_code ignored;  // the peer may have gone first
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  if (input_ended_) return close();
  arm(most_lingering);
  buffer_.consume(buffer_.size());
  read();
}

void HttpConnection::close() {
  phase_ = Phase::closed;
  timer_.cancel();
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (anonymous_) state_->anonymous.remove(*this);
  anonymous_ = false;
  place_.reset();
}

std::chrono::milliseconds HttpConnection::idle_time() const {
  const Limits& limits = state_->options.limits;
  return anonymous_ ? std::min(limits.idle, limits.anonymous_idle) : limits.idle;
}

void HttpConnection::arm(std::chrono::milliseconds most) {
  timer_.expires_after(most);
  timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    // One that expired just before it was armed anew has nothing to say.
    if (error || self->phase_ == Phase::closed || self->timer_.expiry() > asio::steady_timer::clock_type::now()) return;
    self->on_deadline();
  });
}

void HttpConnection::on_deadline() {
  if (phase_ == Phase::call) return;
  if (phase_ != Phase::head && phase_ != Phase::body) return close();
  keep_alive_ = false;
  reply(error_reply(408, "the request was not complete in time"));
}

}  // namespace cowork::server
