// HTTP on 127.0.0.1: requests, WebSocket events, the console and the application's pages. Private to apps/server.
//
// In this order: listen() (binds, so that the address is known), make_dispatcher() with console_address(), accept(),
// … stop_accepting(), Dispatcher::drain(), close(). The Unix socket, whose lock keeps a second server away, comes
// before listen(): that writes the token file beside it.
//
// Threads: any, but close() and the destructor, which wait and so must not run on a thread of the io_context. Those
// threads run until close() is over. Ownership: the io_context is borrowed and outlives the listener; connections share
// what they need of it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "cowork/ports/clock.h"
#include "cowork/server/server.h"
#include "dispatcher.h"

namespace cowork::server {

struct HttpState;

class HttpListener {
 public:
  /// Binds 127.0.0.1:`options.http_port`, or takes `options.http_descriptor` over, writes the token file and reads the
  /// embedded files; nobody is answered before accept(). Errors: conflict (the port is in use, naming it; another
  /// server's token file), invalid-argument (a descriptor that does not listen on 127.0.0.1, a relative
  /// `pages_directory` or token path, a directory of the token that others own or write in), already-exists (something
  /// that is no token stands at the token path), not-found (no such pages directory), io.
  static Result<std::unique_ptr<HttpListener>> listen(boost::asio::io_context& context, const ServerOptions& options,
                                                      std::shared_ptr<Clock> clock);
  /// close().
  ~HttpListener();

  /// Answers from now on. Once.
  void accept(std::shared_ptr<Dispatcher> dispatcher);

  /// Gives `text` (of event_text()) to the WebSockets that asked for events of `type`.
  void publish(std::shared_ptr<const std::string> text, std::string_view type);

  /// No new connection, no new request; idle connections end, WebSockets stay until close().
  void stop_accepting();
  /// To be called when the dispatcher is drained: waits until the last answers are written (at most two seconds), ends
  /// what is left, removes the token file when it is still ours. Calling it again does nothing.
  void close();

  /// Open ones, WebSockets among them, without those that are only told that there are too many.
  std::size_t connections() const;
  const std::string& address() const noexcept;     ///< `http://127.0.0.1:PORT`
  const std::string& token_path() const noexcept;  ///< absolute; empty: there is no token file
  /// `http://127.0.0.1:PORT/#code=<64 hex>`: good once, for a minute. Errors: conflict (no console).
  Result<std::string> console_address();

 private:
  explicit HttpListener(std::shared_ptr<HttpState> state);
  std::shared_ptr<HttpState> state_;
};

}  // namespace cowork::server
