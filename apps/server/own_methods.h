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
  /// `console_address` answers host:openConsole; it may be empty.
  explicit OwnMethods(std::function<Result<std::string>()> console_address)
      : console_address_(std::move(console_address)) {}

  static bool knows(std::string_view method) noexcept;
  /// Errors: invalid-argument, conflict (no console).
  Result<json::Value> call(const RpcRequest& request, Caller& caller) const;

 private:
  Result<json::Value> open_console(const json::Value& params) const;
  std::function<Result<std::string>()> console_address_;
};

}  // namespace cowork::server
