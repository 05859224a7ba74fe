#include "cowork/server/server.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "connections.h"
#include "http_listener.h"
#include "socket_listener.h"
#include "standard_streams.h"

namespace cowork::server {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Until what is answered has to be taken, when the grace is over or was cut short.
constexpr std::chrono::seconds last_words{2};

}  // namespace

struct Server::Impl {
  Impl(PluginHost& served, ServerOptions given)
      : host(served),
        options(std::move(given)),
        connections(std::make_shared<Connections>(options.limits)),
        context(static_cast<int>(std::max(options.io_threads, 1u))) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> start() {
    COWORK_TRY(listen_on_socket());
    COWORK_TRY(run_threads());
    COWORK_TRY(listen_on_http());
    dispatcher = make_dispatcher(host, options, console_source());
    subscription = host.subscribe([this](const Event& event) { publish(event); });
    if (socket) socket->accept(dispatcher);
    if (http) http->accept(dispatcher);
    return options.standard_streams ? take_standard_streams() : Result<void>();
  }

  void stop() {
    std::unique_lock lock(mutex);
    if (stopping) {
      lock.unlock();
      hurry();
      lock.lock();
      changed.wait(lock, [this] { return over; });
      return;
    }
    stopping = true;
    lock.unlock();
    wind_down();
    lock.lock();
    over = true;
    changed.notify_all();
  }

  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return over || (input_ended && !stopping); });
    if (over) return;
    lock.unlock();
    stop_once();
  }

  Result<std::string> console_address() {
    if (http && options.console) return http->console_address();
    return fail(Error::conflict("this server has no console")
                    .with_why(http ? "it was started without the console" : "it was started without HTTP")
                    .with_remedy("start it with both"));
  }

  PluginHost& host;
  const ServerOptions options;
  std::string socket_path;
  std::unique_ptr<HttpListener> http;

 private:
  Result<void> listen_on_socket() {
    if (options.socket_descriptor < 0 && options.socket_path.empty()) return {};
    COWORK_ASSIGN(SocketPlace place, options.socket_descriptor >= 0 ? SocketPlace::adopt(options.socket_descriptor)
                                                                    : SocketPlace::bind(options.socket_path));
    socket_path = place.path();
    socket = std::make_shared<SocketListener>(context, std::move(place), connections, options.log);
    return {};
  }

  Result<void> listen_on_http() {
    if (!options.http_port && options.http_descriptor < 0) return {};
    ServerOptions its = options;
    its.socket_path = socket_path;  // the token lies beside it, also beside one that was handed over
    COWORK_ASSIGN(http, HttpListener::listen(context, its, make_real_clock()));
    return {};
  }

  std::function<Result<std::string>()> console_source() {
    if (!http || !options.console) return {};
    return [this] { return console_address(); };
  }

  Result<void> take_standard_streams() {
    COWORK_ASSIGN(StandardStreams made, StandardStreams::start(STDIN_FILENO, STDOUT_FILENO));
    streams.emplace(std::move(made));
    LineSocket peer(boost::asio::make_strand(context), boost::asio::local::stream_protocol(), streams->release());
    connections->add(peer, dispatcher, "stdio", {}, [this] {
      const std::lock_guard lock(mutex);
      input_ended = true;
      changed.notify_all();
    });
    return {};
  }

  Result<void> run_threads() {
    try {
      for (unsigned i = 0; i < std::max(options.io_threads, 1u); ++i) threads.emplace_back([this] { run(); });
    } catch (const std::system_error& thrown) {
      return fail(Error::from_errno(thrown.code().value(), "start a thread"));
    }
    return {};
  }

  void run() noexcept {
    for (;;) {
      try {
        context.run();
        return;
      } catch (const std::exception& thrown) {
        // What was being done for one connection is lost; the others go on.
        if (options.log) options.log->write(LogLevel::error, "server", thrown.what());
      }
    }
  }

  void publish(const Event& event) {
    const auto text = std::make_shared<const std::string>(event_text(event));
    connections->publish(text, event.type);
    if (http) http->publish(text, event.type);
  }

  /// stop(), but for whoever only saw the input end: no hurry when somebody stops already.
  void stop_once() {
    std::unique_lock lock(mutex);
    if (!stopping) {
      lock.unlock();
      stop();
      return;
    }
    changed.wait(lock, [this] { return over; });
  }

  void hurry() {
    hurried = true;
    if (dispatcher) dispatcher->ask_to_stop();
    if (writing) connections->close();
  }

  void wind_down() {
    const SteadyClock::time_point end = SteadyClock::now() + options.grace;
    connections->stop_taking();  // before anybody can see that the server stops
    if (socket) socket->stop();
    if (http) http->stop_accepting();
    if (streams) streams->stop_input();
    connections->stop_reading(end);
    if (dispatcher) dispatcher->drain(std::max(until(end), std::chrono::milliseconds(0)));
    subscription.reset();
    writing = true;
    const SteadyClock::time_point last = SteadyClock::now() + last_words;
    connections->finish(hurried ? last : std::max(end, last));
    if (streams) streams->finish_output(last_words);
    if (http) http->close();
    streams.reset();
    guard.reset();
    context.stop();
    for (std::thread& thread : threads) thread.join();
    if (socket) socket->leave();  // whatever handler of the context still holds it
    http.reset();
  }

  static std::chrono::milliseconds until(SteadyClock::time_point when) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(when - SteadyClock::now());
  }

  // What connections tell of their end outlives the context, which may hold the last of them.
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  bool over = false;
  bool input_ended = false;
  std::atomic<bool> hurried{false};
  std::atomic<bool> writing{false};
  std::shared_ptr<Connections> connections;
  boost::asio::io_context context;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{context.get_executor()};
  std::shared_ptr<SocketListener> socket;
  std::shared_ptr<Dispatcher> dispatcher;
  std::optional<StandardStreams> streams;
  std::shared_ptr<void> subscription;
  std::vector<std::thread> threads;
};

Result<Server> Server::start(PluginHost& host, ServerOptions options) {
  auto impl = std::make_unique<Impl>(host, std::move(options));
  COWORK_TRY(impl->start());
  return Server(std::move(impl));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;
Server::~Server() = default;

void Server::stop() {
  impl_->stop();
}

void Server::wait() {
  impl_->wait();
}

const std::string& Server::socket_path() const noexcept {
  return impl_->socket_path;
}

const std::string& Server::http_address() const noexcept {
  static const std::string none;
  return impl_->http ? impl_->http->address() : none;
}

const std::string& Server::token_path() const noexcept {
  static const std::string none;
  return impl_->http ? impl_->http->token_path() : none;
}

Result<std::string> Server::console_address() {
  return impl_->console_address();
}

}  // namespace cowork::server
