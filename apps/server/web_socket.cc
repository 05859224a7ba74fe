#include "web_socket.h"

#include <boost/asio/dispatch.hpp>

#include "cowork/host/services.h"
#include "http_reply.h"

namespace cowork::server {

namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
namespace http = boost::beast::http;

constexpr std::size_t most_message_bytes = 1024;
constexpr std::size_t most_discarded = 1u << 20;
constexpr std::chrono::milliseconds most_lingering{1000};

std::shared_ptr<const std::string> events_lost() {
  static const auto text = std::make_shared<const std::string>(event_text(
      {"diagnostic",
       json::Value::object({{"severity", "warning"},
                            {"code", "events-lost"},
                            {"path", ""},
                            {"message", "events were lost, since they were not read; ask for the state anew"}})}));
  return text;
}

void decorate(websocket::response_type& response) {
  response.set(http::field::sec_websocket_protocol, "cowork.events");
  response.set(http::field::cache_control, "no-store");
  for (const auto& [name, value] : common_fields()) {
    response.set(boost::beast::string_view(name.data(), name.size()),
                 boost::beast::string_view(value.data(), value.size()));
  }
}

}  // namespace

WebSocket::WebSocket(asio::ip::tcp::socket socket, const Limits& limits, EventNames events, std::shared_ptr<void> place)
    : stream_(EventSocket(std::move(socket))),
      timer_(stream_.get_executor()),
      most_pending_(limits.pending_output),
      events_(std::move(events)),
      place_(std::move(place)) {
  // Half of the idle time without a sign of life: a ping; all of it: the end. So one that never reads ends as well.
  stream_.set_option(websocket::stream_base::timeout{limits.headers, limits.idle, true});
  stream_.set_option(websocket::stream_base::decorator(decorate));
  stream_.read_message_max(most_message_bytes);
  stream_.text(true);
}

void WebSocket::accept(Request request) {
  request_ = std::move(request);
  stream_.async_accept(request_, [self = shared_from_this()](boost::system::error_code error) {
    if (error) return self->linger();
    self->open_ = true;
    if (self->finishing_) return self->finish();
    self->read();
    self->on_written({});
  });
}

void WebSocket::publish(const std::shared_ptr<const std::string>& text, std::string_view type) {
  if (!events_.empty() && !events_.contains(type)) return;
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  if (lost_ || pending_ + text->size() > most_pending_) {
    lost_ = true;
    if (writing_) return;
    queue_.push_back(events_lost());
    lost_ = false;
  } else {
    queue_.push_back(text);
  }
  pending_ += queue_.back()->size();
  if (writing_) return;
  writing_ = true;
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->write_next(); });
}

void WebSocket::write_next() {
  std::shared_ptr<const std::string> text;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    text = queue_.front();
  }
  stream_.async_write(asio::buffer(*text),
                      [self = shared_from_this(), text](boost::system::error_code error, std::size_t) {
                        {
                          const std::lock_guard lock(self->mutex_);
                          self->queue_.pop_front();
                          self->pending_ -= text->size();
                        }
                        self->on_written(error);
                      });
}

void WebSocket::on_written(boost::system::error_code error) {
  if (error) return end();
  {
    const std::lock_guard lock(mutex_);
    if (lost_ && pending_ <= most_pending_ / 2) {
      lost_ = false;
      queue_.push_back(events_lost());
      pending_ += queue_.back()->size();
    }
    writing_ = !queue_.empty();
    if (!writing_) return;
  }
  write_next();
}

void WebSocket::read() {
  stream_.async_read(input_, [self = shared_from_this()](boost::system::error_code error, std::size_t) {
    if (error) return self->linger();
    self->input_.consume(self->input_.size());
    self->read();
  });
}

void WebSocket::finish() {
  asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
    self->finishing_ = true;
    if (!self->open_) return;
    self->open_ = false;  // one close only
    self->stream_.async_close(websocket::close_code::going_away, [self](boost::system::error_code) { self->linger(); });
  });
}

void WebSocket::cut() {
  asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->end(); });
}

/// Everything is said; the peer gets a moment to hear it, which closing under its bytes could prevent.
void WebSocket::linger() {
  if (lingering_) return;
  lingering_ = true;
  open_ = false;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  boost::system::error_code ignored;  // the peer may have gone first
  stream_.next_layer().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  timer_.expires_after(most_lingering);
  timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (!error) self->end();
  });
  discard();
}

void WebSocket::discard() {
  stream_.next_layer().async_read_some(asio::buffer(discarded_),
                                       [self = shared_from_this()](boost::system::error_code error, std::size_t bytes) {
                                         self->discarded_bytes_ += bytes;
                                         if (error || self->discarded_bytes_ > most_discarded) return self->end();
                                         self->discard();
                                       });
}

void WebSocket::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  open_ = false;
  lingering_ = true;
  timer_.cancel();
  boost::system::error_code ignored;
  stream_.next_layer().close(ignored);
  place_.reset();
}

}  // namespace cowork::server
