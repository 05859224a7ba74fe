#include "line_connection.h"

#include <poll.h>

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "answers.h"

namespace cowork::server {
namespace {

/// How long what still comes after a refusal is thrown away, so that the peer can read why.
constexpr std::chrono::seconds lingers{1};

/// The peer has closed for good, rather than said that it sends no more.
bool hung_up(int descriptor) noexcept {
  pollfd entry{descriptor, 0, 0};
  return ::poll(&entry, 1, 0) > 0 && (entry.revents & (POLLHUP | POLLERR)) != 0;
}

const std::string& events_lost_text() {
  static const std::string text = event_text(
      {"diagnostic", json::Value::object({{"severity", "warning"},
                                          {"code", "events-lost"},
                                          {"path", ""},
                                          {"message", "Events were dropped while nothing was read: ask anew"}})});
  return text;
}

Error too_long(std::size_t longest) {
  return Error::invalid_argument("the line is longer than " + std::to_string(longest) + " bytes")
      .with_why("the server's limit on a request; the connection ends here")
      .with_remedy("send what is that long as a file");
}

}  // namespace

LineConnection::LineConnection(LineSocket socket, std::shared_ptr<Dispatcher> dispatcher, const Limits& limits,
                               std::shared_ptr<const std::atomic<bool>> stopping, std::function<void()> ended)
    : socket_(std::move(socket)),
      dispatcher_(std::move(dispatcher)),
      limits_(limits),
      stopping_(std::move(stopping)),
      ended_(std::move(ended)),
      lingering_(socket_.get_executor()),
      input_(limits.request_bytes) {}

LineConnection::~LineConnection() {
  if (ended_) ended_();
}

template <class Work>
void LineConnection::on_strand(Work work) {
  boost::asio::dispatch(socket_.get_executor(), [self = shared_from_this(), work = std::move(work)]() mutable {
    if (!self->over_) work(*self);
  });
}

void LineConnection::start() {
  // A call that is under way keeps its caller.
  answer_ = [weak = weak_from_this()](std::string text) {
    if (const auto self = weak.lock()) self->answered(std::move(text));
  };
  on_strand([](LineConnection& self) { self.read(); });
}

void LineConnection::refuse(std::string line) {
  on_strand([line = std::move(line)](LineConnection& self) mutable {
    self.refused_ = self.input_over_ = self.dropping_ = self.finishing_ = true;
    self.put(std::move(line));
    self.flush();
  });
}

void LineConnection::stop_reading(std::shared_ptr<void> done) {
  on_strand([done = std::move(done)](LineConnection& self) { self.input_over_ = self.dropping_ = true; });
}

void LineConnection::finish() {
  on_strand([](LineConnection& self) {
    self.input_over_ = self.dropping_ = self.finishing_ = true;
    self.end_when_done();
  });
}

void LineConnection::close() {
  on_strand([](LineConnection& self) { self.end(); });
}

bool LineConnection::subscribe(const std::vector<std::string>& names) {
  const std::lock_guard lock(names_mutex_);
  names_ = names;
  subscribed_ = true;
  return true;
}

void LineConnection::unsubscribe() {
  const std::lock_guard lock(names_mutex_);
  subscribed_ = false;
  names_.clear();
}

bool LineConnection::wants(std::string_view type) {
  if (!subscribed_) return false;
  const std::lock_guard lock(names_mutex_);
  return std::find(names_.begin(), names_.end(), type) != names_.end();
}

void LineConnection::publish(const std::shared_ptr<const std::string>& text, std::string_view type) {
  if (!wants(type)) return;
  // Never on the spot: the call that causes it may be writing its answer.
  boost::asio::post(socket_.get_executor(), [self = shared_from_this(), text] {
    if (!self->over_) self->event(*text);
  });
}

void LineConnection::proceed() {
  // Never on the spot: carry_out() may not have returned yet.
  boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->in_order_ = false;
    if (!self->over_) self->take_lines();
  });
}

void LineConnection::read() {
  if (reading_ || input_over_ || in_order_ || !room()) return;
  reading_ = true;
  socket_.async_read_some(input_.space(),
                          [self = shared_from_this()](const boost::system::error_code& error, std::size_t count) {
                            self->reading_ = false;
                            if (!self->over_) self->came(error, count);
                          });
}

void LineConnection::came(const boost::system::error_code& error, std::size_t count) {
  input_.came(count);
  if (is_lingering_) return read_and_drop();
  if (error) input_over_ = finishing_ = true;
  take_lines();
  if (error) input_ended();
}

void LineConnection::take_lines() {
  if (*stopping_) input_over_ = dropping_ = true;
  taking_ = true;
  const std::shared_ptr<Caller> caller = shared_from_this();
  while (!in_order_ && !dropping_ && room()) {
    const std::optional<std::string_view> line = input_.next();
    if (!line) {
      take_rest(caller);
      break;
    }
    take_line(*line, caller);
  }
  taking_ = false;
  flush();
  read();
  end_when_done();
}

void LineConnection::take_rest(const std::shared_ptr<Caller>& caller) {
  if (input_.too_long()) return refuse_long_line();
  if (!input_over_) return;
  // The last line of a file may lack its line feed.
  if (const std::string_view line = input_.rest(); !line.empty()) take_line(line, caller);
}

void LineConnection::take_line(std::string_view line, const std::shared_ptr<Caller>& caller) {
  if (line.empty() || line == "\r") return;
  if (line.size() > input_.longest()) return refuse_long_line();
  // Before the call: its answer may come at once, from another thread.
  ++unanswered_;
  OutputQueue::Line answer(output_);
  const Carried carried = dispatcher_->carry_out(line, caller, answer.text(), answer_);
  answer.end();
  if (carried == Carried::answered) --unanswered_;
  in_order_ = carried == Carried::in_order;
}

void LineConnection::refuse_long_line() {
  refused_ = input_over_ = dropping_ = finishing_ = true;
  put(error_text(RpcError::invalid_request, too_long(input_.longest())));
}

void LineConnection::input_ended() {
  if (over_) return;
  if (hung_up(socket_.native_handle())) stop.request_stop();
  if (unanswered_ > 0) watch_for_hang_up();
}

void LineConnection::watch_for_hang_up() {
  socket_.async_wait(LineSocket::wait_error, [self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->stop.request_stop();
  });
}

bool LineConnection::room() const noexcept {
  return output_.bytes() < limits_.pending_output;
}

void LineConnection::answered(std::string text) {
  // Never on the spot: carry_out() may be writing to the queue.
  boost::asio::post(socket_.get_executor(), [self = shared_from_this(), text = std::move(text)]() mutable {
    --self->unanswered_;
    if (self->over_) return;
    self->put(std::move(text));
    self->flush();
    self->end_when_done();
  });
}

void LineConnection::put(std::string text) {
  if (!text.empty()) output_.add_line(std::move(text));
}

void LineConnection::event(const std::string& text) {
  if (!room()) {
    events_lost_ = true;
    return;
  }
  put(text);
  if (!taking_) flush();
}

void LineConnection::flush() {
  if (writing_ || !output_.has_waiting()) return;
  writing_ = true;
  boost::asio::async_write(socket_, output_.take(),
                           [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                             self->writing_ = false;
                             self->output_.written();
                             if (!self->over_) self->written(error);
                           });
}

void LineConnection::written(const boost::system::error_code& error) {
  if (error) return end();
  if (events_lost_ && room()) {
    events_lost_ = false;
    put(events_lost_text());
  }
  take_lines();
}

void LineConnection::end_when_done() {
  const bool lines_left = !dropping_ && input_.size() > 0;
  if (!finishing_ || lines_left || in_order_ || unanswered_ > 0 || !output_.empty()) return;
  refused_ ? linger() : end();
}

void LineConnection::linger() {
  if (is_lingering_) return;
  is_lingering_ = true;
  boost::system::error_code ignored;
  socket_.shutdown(LineSocket::shutdown_send, ignored);
  lingering_.expires_after(lingers);
  lingering_.async_wait([self = shared_from_this()](const boost::system::error_code&) { self->end(); });
  if (!reading_) read_and_drop();
}

void LineConnection::read_and_drop() {
  input_.rest();
  socket_.async_read_some(input_.space(),
                          [self = shared_from_this()](const boost::system::error_code& error, std::size_t count) {
                            self->input_.came(count);
                            error ? self->end() : self->read_and_drop();
                          });
}

void LineConnection::end() {
  if (over_) return;
  over_ = true;
  stop.request_stop();
  unsubscribe();
  boost::system::error_code ignored;
  lingering_.cancel();
  socket_.close(ignored);
  if (ended_) std::exchange(ended_, {})();
}

}  // namespace cowork::server
