// `cowork serve`: one host that answers others, until it is told to stop.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <functional>
#include <memory>
#include <mutex>
#include <ostream>
#include <semaphore>
#include <thread>

#include "command_tree.h"
#include "cowork/assembly/standard_host.h"
#include "cowork/base/text.h"
#include "cowork/server/server.h"
#include "local_path.h"
#include "service_manager.h"
#include "standard_options.h"

namespace cowork::cli {
namespace {

struct ServeFlags {
  std::string socket;
  bool no_socket = false;
  bool http = false;
  bool no_http = false;
  unsigned port = 0;  ///< 0: the system chooses
  bool stdio = false;
  std::string pages;
  std::string token_file;

  bool wants_http() const { return http || port > 0; }
};

/// What an operator should know, on standard error.
class Warnings final : public Log {
 public:
  explicit Warnings(Session& session) : session_(session) {}
  void write(LogLevel level, std::string_view source, std::string_view message) override {
    const std::lock_guard lock(mutex_);
    const std::string line = std::string(source) + ": " + std::string(message);
    level >= LogLevel::warning ? session_.warn(line) : session_.say(printable(line));
  }

 private:
  std::mutex mutex_;
  Session& session_;
};

Result<void> check(const ServeFlags& flags, const Session& session) {
  const auto wrong = [](std::string message) {
    return fail(Error::invalid_argument(std::move(message)).with_remedy("cowork serve --help"));
  };
  if (!session.options().connect.empty()) return wrong("serve starts a host of its own: --connect has no place here");
  if (session.options().dry_run) return wrong("serve has no dry run: a request may ask for one");
  if (flags.no_socket && !flags.socket.empty()) return wrong("--socket and --no-socket exclude each other");
  if (flags.no_http && flags.wants_http()) return wrong("--no-http excludes --http and --port");
  if (flags.stdio && session.json()) return wrong("--json has no place with --stdio: standard output is the answers'");
  if (flags.no_socket && flags.no_http && !flags.stdio) return wrong("nothing is left to listen on");
  if (!flags.wants_http() && (flags.stdio || flags.no_http) && !(flags.pages.empty() && flags.token_file.empty()))
    return wrong("--pages and --token-file need HTTP");
  return {};
}

Result<server::ServerOptions> server_options(const ServeFlags& flags, const StandardHostOptions& host_options) {
  server::ServerOptions options;
  COWORK_ASSIGN(const HandedSockets handed, take_handed_sockets());
  options.socket_descriptor = handed.socket;
  options.http_descriptor = handed.http;
  options.standard_streams = flags.stdio;
  if (!flags.socket.empty()) {
    COWORK_ASSIGN(options.socket_path, absolute_path(flags.socket));
  } else if (!flags.no_socket && !flags.stdio) {
    options.socket_path = standard_paths(host_options).socket;
  }
  // Asked for standard streams, nobody else is to find this host unless that is asked for too.
  if (flags.wants_http() || (!flags.stdio && !flags.no_http))
    options.http_port = static_cast<std::uint16_t>(flags.port);
  if (!flags.pages.empty()) {
    COWORK_ASSIGN(options.pages_directory, absolute_path(flags.pages));
  }
  if (!flags.token_file.empty()) {
    COWORK_ASSIGN(options.token_path, absolute_path(flags.token_file));
  }
  return options;
}

/// `cowork open` asks the home's own socket; without any socket there is only an address that opens once.
std::string how_to_open(Session& session, server::Server& server) {
  if (server.socket_path().empty()) {
    const Result<std::string> address = server.console_address();
    return address ? *address + " (once, within a minute)" : "none";
  }
  const auto options = standard_options(session.options());
  if (options && standard_paths(*options).socket == server.socket_path()) return "cowork open";
  return "cowork open --connect " + shell_word(server.socket_path());
}

void announce(Session& session, server::Server& server) {
  const auto or_null = [](const std::string& text) { return text.empty() ? json::Value() : json::Value(text); };
  if (session.json()) {
    session.document({{"server", json::Value::object({{"socket", or_null(server.socket_path())},
                                                      {"http", or_null(server.http_address())},
                                                      {"tokenFile", or_null(server.token_path())},
                                                      {"pid", static_cast<std::int64_t>(::getpid())}})}});
    session.terminal().out << std::flush;
  }
  if (!server.socket_path().empty()) session.say("listening on unix:" + printable(server.socket_path()));
  if (!server.http_address().empty()) {
    session.say("listening on " + server.http_address());
    session.say("console: " + how_to_open(session, server));
  }
  session.terminal().err << std::flush;
}

/// SIGTERM, SIGINT and SIGHUP, but those that were to be ignored (nohup): the first two are told, a third one does what
/// it always did. From its making on, so that no moment is left in which one would end the process on the spot.
class StopSignals {
 public:
  /// `told` is called on a thread of its own, with 1 and with 2.
  explicit StopSignals(std::function<void(int)> told) : told_(std::move(told)), signals_(context_) {
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
      struct sigaction before {};
      boost::system::error_code ignored;
      if (::sigaction(number, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) signals_.add(number, ignored);
    }
    next();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~StopSignals() {
    context_.stop();
    thread_.join();
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  void next() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (error) return;
      if (++count_ < 2) {
        next();
      } else {
        boost::system::error_code ignored;
        signals_.clear(ignored);
      }
      told_(count_);
    });
  }

  std::function<void(int)> told_;
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_;
  int count_ = 0;
  std::thread thread_;
};

/// Until `told` is, or standard input ends.
void serve_until_told(server::Server& server, std::counting_semaphore<>& told) {
  std::thread over([&server, &told] {
    server.wait();
    told.release();
  });
  told.acquire();
  tell_service_manager("STOPPING=1");
  server.stop();
  over.join();
}

Result<int> serve(Session& session, const ServeFlags& flags) {
  COWORK_TRY(check(flags, session));
  COWORK_ASSIGN(StandardHostOptions host_options, standard_options(session.options()));
  host_options.watch = true;
  COWORK_ASSIGN(server::ServerOptions options, server_options(flags, host_options));
  options.log = std::make_shared<Warnings>(session);
  std::signal(SIGPIPE, SIG_IGN);
  std::counting_semaphore<> told(0);
  std::mutex mutex;
  server::Server* running = nullptr;
  const StopSignals signals([&](int count) {
    if (count == 1) return told.release();
    const std::lock_guard lock(mutex);
    if (running) running->stop();  // once more: the calls are asked to stop
  });
  COWORK_ASSIGN(PluginHost host, start_standard_host(host_options));
  COWORK_ASSIGN(server::Server server, server::Server::start(host, std::move(options)));
  {
    const std::lock_guard lock(mutex);
    running = &server;
  }
  announce(session, server);
  tell_service_manager("READY=1");
  serve_until_told(server, told);
  const std::lock_guard lock(mutex);
  running = nullptr;
  return 0;
}

void add_serve_options(CLI::App& app, ServeFlags& flags) {
  app.add_option("--socket", flags.socket,
                 "Where the Unix socket stands, instead of the place that `cowork paths` shows")
      ->type_name("PATH");
  app.add_flag("--no-socket", flags.no_socket, "No Unix socket");
  app.add_flag("--http", flags.http, "HTTP on 127.0.0.1, also with --stdio");
  app.add_option("--port", flags.port, "HTTP at this port instead of one that the system chooses")
      ->type_name("N")
      ->check(CLI::Range(1, 65535));
  app.add_flag("--no-http", flags.no_http, "No HTTP, so no console");
  app.add_flag("--stdio", flags.stdio,
               "Requests on standard input, answers on standard output; its end is the server's");
  app.add_option(
         "--pages", flags.pages,
         "With HTTP: pages of your own, at /pages/, which every user of this machine can read whatever the files' "
         "modes are; they have the console's rights, so only pages that you trust")
      ->type_name("DIR");
  app.add_option("--token-file", flags.token_file, "Where HTTP's token is written, instead of beside the socket")
      ->type_name("PATH");
}

}  // namespace

void add_serve_command(CommandTree& tree) {
  const auto flags = std::make_shared<ServeFlags>();
  Verb& serve_verb = tree.verb(tree.root(), "serve", "Let a running host answer others: JSON-RPC 2.0, and the console.",
                               {{"cowork serve", "the Unix socket, and HTTP for the console"},
                                {"cowork serve --no-http --socket /run/user/1000/crm.sock", "the socket alone"},
                                {"cowork serve --stdio", "one client, by pipes"}},
                               [flags](Session& session) { return serve(session, *flags); });
  serve_verb.tells_policy = false;
  serve_verb.note =
      "It ends with SIGTERM, SIGINT or SIGHUP, when the calls under way have; a second signal asks them to stop. Only "
      "this user and root can connect. Where a service manager hands over sockets, they take the place of its own.";
  add_serve_options(*serve_verb.app, *flags);
}

}  // namespace cowork::cli
