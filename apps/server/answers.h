// The text of responses and events.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/error.h"

namespace cowork::server {

/// JSON-RPC's own numbers.
enum class RpcError : std::int32_t {
  parse = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  host = -32000,
};

/// The number of an operation's error.
RpcError rpc_error_of(const Error& error) noexcept;

/// What stands before and after the text of a result.
std::string_view result_head() noexcept;
void append_result_tail(std::string& text, const std::vector<std::string>& warnings, std::string_view id);

void append_error(std::string& text, RpcError number, const Error& error, const std::vector<std::string>& warnings,
                  std::string_view id);
std::string error_text(RpcError number, const Error& error, std::string_view id = "null");

}  // namespace cowork::server
