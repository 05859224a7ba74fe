// One JSON-RPC 2.0 request, read to the letter.
//
// Threads: values. Ownership: borrows the document that it was read from.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "cowork/base/json.h"
#include "cowork/base/result.h"

namespace cowork::server {

struct RpcRequest {
  const json::Value* id = nullptr;  ///< null: a notification
  std::string_view method;
  const json::Value* params = nullptr;  ///< an array or an object; null: none
  bool dry_run = false;
  std::optional<std::chrono::milliseconds> timeout;  ///< from when it was received

  /// The id as text to echo; `null` for none.
  std::string id_text() const;
};

/// Errors: invalid-argument, when it is no request (-32600).
Result<RpcRequest> read_request(const json::Value& value);

/// The id of what is no request, as far as it has one: text to echo.
std::string id_text_of(const json::Value& value);

}  // namespace cowork::server
