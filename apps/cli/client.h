// How the command line reaches a host: one JSON call. Everything that a verb does goes through here, so that a host in
// another process can take the place of one in this process.
//
// Threads: one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/base/result.h"
#include "global_options.h"

namespace cowork::cli {

class Client {
 public:
  virtual ~Client() = default;
  /// Runs a public operation. `warnings` receives what went wrong after the operation had taken effect.
  /// Errors: those of the operation; those of reaching the host.
  virtual Result<json::Value> call(std::string_view operation, const json::Value& params,
                                   std::vector<std::string>& warnings) = 0;
  /// Told how far a call is, with the data of each `install-progress` event, on the thread that calls.
  void on_progress(std::function<void(const json::Value&)> listener) { progress_ = std::move(listener); }
  /// Calls end early, with the error `cancelled`, when `stop` asks for it.
  void stop_with(std::stop_token stop) { stop_ = std::move(stop); }

 protected:
  std::function<void(const json::Value&)> progress_;
  std::stop_token stop_;
};

using ClientFactory = std::function<Result<std::unique_ptr<Client>>(const GlobalOptions&)>;

/// A host in this process, made by start_standard_host. Errors: those of starting it.
Result<std::unique_ptr<Client>> make_local_client(const GlobalOptions& options);
/// A running server's host, connected to at once. Errors: io (nobody listens at `--connect`, or somebody else than this
/// user or root), invalid-argument (a path that is too long for a socket).
Result<std::unique_ptr<Client>> make_socket_client(const GlobalOptions& options);
/// The second with `--connect`, else the first.
Result<std::unique_ptr<Client>> make_client(const GlobalOptions& options);

}  // namespace cowork::cli
