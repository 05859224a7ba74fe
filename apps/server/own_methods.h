// The methods of the server itself: about the connection, no operations (docs/ipc.md).
//
// Threads: any.
#pragma once

#include <functional>
#include <string>

#include "dispatcher.h"
#include "request.h"

namespace cowork::server {

class OwnMethods {
 public:
  /// `console_address` answers host:openConsole, of which `log` is told; both may be empty.
  OwnMethods(std::function<Result<std::string>()> console_address, std::shared_ptr<Log> log)
      : console_address_(std::move(console_address)), log_(std::move(log)) {}

  static bool knows(std::string_view method) noexcept;
  /// Errors: invalid-argument (a dry run of host:openConsole among them), conflict (no console).
  Result<json::Value> call(const RpcRequest& request, Caller& caller) const;

 private:
  Result<json::Value> open_console(const json::Value& params, bool dry_run, const Caller& caller) const;
  std::function<Result<std::string>()> console_address_;
  std::shared_ptr<Log> log_;
};

}  // namespace cowork::server
