#include "http_listener.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/strand.hpp>

#include "cowork/base/text.h"
#include "http_connection.h"

namespace cowork::server {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::milliseconds accept_pause_time{100};
constexpr std::chrono::milliseconds finishing_time{2000};
constexpr std::chrono::milliseconds finishing_step{50};
/// That are told so at once; each costs a descriptor for a moment.
constexpr std::size_t most_refused_connections = 64;

Error error_of(const boost::system::error_code& error, const std::string& what) {
  if (error == asio::error::address_in_use) {
    return Error::conflict("cannot " + what + ": another program listens there")
        .with_why("a port has one listener at a time")
        .with_remedy("leave --port out: the system then chooses one that is free");
  }
  return Error::from_errno(error.value(), what);
}

Result<void> bind(tcp::acceptor& acceptor, std::uint16_t port) {
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
  const std::string what = "listen on http://127.0.0.1:" + std::to_string(port);
  boost::system::error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return fail(error_of(error, what));
  return {};
}

bool listens_on_loopback(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return false;
  if (address.sin_family != AF_INET || address.sin_addr.s_addr != htonl(INADDR_LOOPBACK)) return false;
  int listening = 0;
  size = sizeof listening;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

Result<void> adopt(tcp::acceptor& acceptor, int descriptor) {
  if (!listens_on_loopback(descriptor)) {
    return fail(Error::invalid_argument("descriptor " + std::to_string(descriptor) + " does not listen on 127.0.0.1")
                    .with_remedy("ListenStream=127.0.0.1:PORT in the socket unit"));
  }
  boost::system::error_code error;
  acceptor.assign(tcp::v4(), descriptor, error);
  if (error) return fail(error_of(error, "take descriptor " + std::to_string(descriptor) + " over"));
  return {};
}

std::string default_token_path(const ServerOptions& options) {
  constexpr std::string_view suffix = ".sock";
  if (!options.token_path.empty() || options.socket_path.empty()) return options.token_path;
  std::string path = options.socket_path;
  if (path.ends_with(suffix)) path.resize(path.size() - suffix.size());
  return path + ".token";
}

void accept_next(const std::shared_ptr<HttpState>& state);

void pause_accepting(const std::shared_ptr<HttpState>& state) {
  state->accept_pause.expires_after(accept_pause_time);
  state->accept_pause.async_wait([state](boost::system::error_code error) {
    if (!error) accept_next(state);
  });
}

void on_accepted(const std::shared_ptr<HttpState>& state, tcp::socket socket) {
  const Limits& limits = state->options.limits;
  auto connection = std::make_shared<HttpConnection>(std::move(socket), state);
  auto place = ConnectionCount::take(state->count, limits.http_connections);
  if (place && state->anonymous.add(connection, limits.anonymous_connections)) {
    state->peers.add(connection);
    connection->start(std::move(place));
  } else if (auto moment = ConnectionCount::take(state->refused, most_refused_connections)) {
    state->peers.add(connection);
    connection->start_refused(std::move(moment));
  }
}

void accept_next(const std::shared_ptr<HttpState>& state) {
  state->acceptor.async_accept(asio::make_strand(state->context),
                               [state](boost::system::error_code error, tcp::socket socket) {
                                 if (state->stopping || error == asio::error::operation_aborted) return;
                                 if (error) return pause_accepting(state);  // out of descriptors, say
                                 on_accepted(state, std::move(socket));
                                 accept_next(state);
                               });
}

}  // namespace

Result<std::unique_ptr<HttpListener>> HttpListener::listen(asio::io_context& context, const ServerOptions& options,
                                                           std::shared_ptr<Clock> clock) {
  const std::string token_path = default_token_path(options);
  const std::string token = token_path.empty() ? std::string() : random_token();
  auto state = std::make_shared<HttpState>(context, options, std::move(clock), token);
  COWORK_TRY(options.http_descriptor >= 0 ? adopt(state->acceptor, options.http_descriptor)
                                          : bind(state->acceptor, options.http_port.value_or(0)));
  state->port = state->acceptor.local_endpoint().port();
  state->address = "http://127.0.0.1:" + std::to_string(state->port);
  if (!options.pages_directory.empty()) {
    COWORK_ASSIGN(state->pages, PageDirectory::open(options.pages_directory));
  }
  if (!token_path.empty()) {
    COWORK_ASSIGN(state->token_file, TokenFile::write(token_path, token));
    state->token_path = token_path;
  }
  return std::unique_ptr<HttpListener>(new HttpListener(std::move(state)));
}

HttpListener::HttpListener(std::shared_ptr<HttpState> state) : state_(std::move(state)) {}

HttpListener::~HttpListener() {
  close();
}

void HttpListener::accept(std::shared_ptr<Dispatcher> dispatcher) {
  state_->dispatcher = std::move(dispatcher);
  asio::dispatch(state_->acceptor.get_executor(), [state = state_] { accept_next(state); });
}

void HttpListener::publish(std::shared_ptr<const std::string> text, std::string_view type) {
  for (const auto& peer : state_->peers.all()) peer->publish(text, type);
}

void HttpListener::stop_accepting() {
  if (state_->stopping.exchange(true)) return;
  asio::dispatch(state_->acceptor.get_executor(), [state = state_] {
    boost::system::error_code ignored;
    state->acceptor.close(ignored);
    state->accept_pause.cancel();
  });
  for (const auto& peer : state_->peers.all()) peer->stop_accepting();
}

void HttpListener::close() {
  stop_accepting();
  const std::lock_guard lock(state_->closing);
  if (state_->token_file) state_->token_file->remove();
  state_->token_file.reset();
  const auto end = std::chrono::steady_clock::now() + finishing_time;
  // More than once: what was just becoming a WebSocket was not among the peers.
  do {
    for (const auto& peer : state_->peers.all()) peer->finish();
  } while (!state_->count->wait_for_none(finishing_step) && std::chrono::steady_clock::now() < end);
  for (const auto& peer : state_->peers.all()) peer->cut();
  state_->count->wait_for_none(finishing_time);
  state_->refused->wait_for_none(finishing_time);
}

std::size_t HttpListener::connections() const {
  return state_->count->now();
}

const std::string& HttpListener::address() const noexcept {
  return state_->address;
}

const std::string& HttpListener::token_path() const noexcept {
  return state_->token_path;
}

Result<std::string> HttpListener::console_address() {
  if (!state_->options.console) return fail(Error::conflict("this server has no console"));
  return state_->address + "/#code=" + state_->sessions.issue_code();
}

}  // namespace cowork::server
