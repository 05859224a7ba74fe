// One peer that sends a document a line: on the Unix socket, or (through a socket pair) on the standard streams.
//
// Threads: what is private runs on the connection's strand; the public methods are called by any thread. Ownership:
// shared by what is under way for it; it ends by itself when the peer has gone, or by close().
#pragma once

#include <atomic>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "dispatcher.h"
#include "input_lines.h"
#include "output_queue.h"

namespace cowork::server {

using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;
using LineSocket = boost::asio::basic_stream_socket<boost::asio::local::stream_protocol, Strand>;

class LineConnection final : public Caller, public std::enable_shared_from_this<LineConnection> {
 public:
  /// No line is taken once `stopping` is true. `ended` is called once, when nothing more will be read or written.
  LineConnection(LineSocket socket, std::shared_ptr<Dispatcher> dispatcher, const Limits& limits,
                 std::shared_ptr<const std::atomic<bool>> stopping, std::function<void()> ended);
  ~LineConnection() override;

  void start();
  /// Instead of start(): writes `line`, reads nothing, and ends when the peer has had a moment to read it.
  void refuse(std::string line);
  /// Lines that have not begun are dropped; `done` is let go of when none will begin any more.
  void stop_reading(std::shared_ptr<void> done);
  /// Ends when everything is written.
  void finish();
  /// Ends at once.
  void close();
  /// Gives an event to the peer if it asked for this type.
  void publish(const std::shared_ptr<const std::string>& text, std::string_view type);

  bool subscribe(const std::vector<std::string>& names) override;
  void unsubscribe() override;
  void proceed() override;

 private:
  using Self = std::shared_ptr<LineConnection>;
  /// `work(*this)` on the strand, here if this is it.
  template <class Work>
  void on_strand(Work work);
  bool wants(std::string_view type);

  void read();
  void came(const boost::system::error_code& error, std::size_t count);
  void take_lines();
  void take_line(std::string_view line, const std::shared_ptr<Caller>& caller);
  void take_rest(const std::shared_ptr<Caller>& caller);
  void read_and_drop();
  void refuse_long_line();
  void input_ended();
  void watch_for_hang_up();
  bool room() const noexcept;

  void put(std::string text);
  void answered(std::string text);
  void event(const std::string& text);
  void flush();
  void written(const boost::system::error_code& error);
  void end_when_done();
  void linger();
  void end();

  LineSocket socket_;
  const std::shared_ptr<Dispatcher> dispatcher_;
  const Limits limits_;
  const std::shared_ptr<const std::atomic<bool>> stopping_;
  std::function<void()> ended_;
  Answer answer_;
  boost::asio::steady_timer lingering_;
  InputLines input_;
  OutputQueue output_;
  std::size_t unanswered_ = 0;
  bool in_order_ = false;  // a call is under way that the next line waits for
  bool reading_ = false;
  bool taking_ = false;
  bool writing_ = false;
  bool input_over_ = false;  // nothing more is read
  bool dropping_ = false;    // nothing more is taken of what was read
  bool finishing_ = false;   // the end comes when everything is answered and written
  bool refused_ = false;     // it was told so: what still comes is thrown away
  bool is_lingering_ = false;
  bool events_lost_ = false;
  bool over_ = false;

  std::atomic<bool> subscribed_{false};
  std::mutex names_mutex_;
  std::vector<std::string> names_;
};

}  // namespace cowork::server
