// An HttpListener on a port that the system chose, in front of a dispatcher that only says what it was asked.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cowork/ports/manual_clock.h"
#include "dispatcher.h"
#include "http_listener.h"
#include "support/catch.h"
#include "support/http_client.h"
#include "support/temporary_directory.h"

namespace cowork::test {

/// Answers `{"heard": N}` (the bytes of the document) at once; nothing to `silent`. A document `wait` is answered when
/// its caller is asked to stop, or by release(). Threads: any.
class EchoDispatcher final : public server::Dispatcher {
 public:
  server::Carried carry_out(std::string_view document, const std::shared_ptr<server::Caller>& caller,
                            std::string& output, const server::Answer& answer) override;
  void drain(std::chrono::milliseconds) override { release(); }
  void ask_to_stop() override {}

  /// Answers every call that waits.
  void release();
  /// Waits until as many calls have come, at most 20 s.
  bool wait_for_calls(std::size_t count);
  /// Waits until one that waits was asked to stop, at most 20 s.
  bool wait_for_stop();
  std::vector<std::string> documents();
  std::string last_entry();

 private:
  struct Waiting {
    std::shared_ptr<server::Caller> caller;
    server::Answer answer;
    std::unique_ptr<std::stop_callback<std::function<void()>>> on_stop;
  };
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> documents_;
  std::string last_entry_;
  std::vector<Waiting> waiting_;
  bool stopped_ = false;
};

class HttpFixture {
 public:
  HttpFixture() : HttpFixture([](server::ServerOptions&) {}) {}
  /// `change` sets options before the start.
  explicit HttpFixture(const std::function<void(server::ServerOptions&)>& change);
  ~HttpFixture();

  unsigned port() const;
  std::string host() const { return "127.0.0.1:" + std::to_string(port()); }
  std::string token() const;
  /// Of a POST to /rpc that is admitted.
  HttpClient::Fields fields() const;
  HttpClient::Fields fields_with(const std::string& name, const std::string& value) const;
  /// Of a request for /events that is admitted.
  HttpClient::Fields events_fields(const std::string& token) const;
  /// A WebSocket, its 101 read.
  std::unique_ptr<HttpClient> open_events(const std::string& target = "/events", int receive_buffer = 0) const;
  void publish(const std::string& type, const json::Value& params);

  TemporaryDirectory directory;
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  boost::asio::io_context context;
  std::shared_ptr<EchoDispatcher> dispatcher = std::make_shared<EchoDispatcher>();
  std::unique_ptr<server::HttpListener> listener;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::vector<std::thread> threads_;
};

/// Waits for `condition`, at most 20 s.
bool eventually(const std::function<bool()>& condition);

/// `{"error":{"code":CODE,"message":MESSAGE}}`
std::string http_error(std::string_view code, std::string_view message);

}  // namespace cowork::test
