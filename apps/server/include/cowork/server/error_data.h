// How an error travels: `error.data` of JSON-RPC (docs/ipc.md), and back.
//
// Threads: any.
#pragma once

#include <string>

#include "cowork/base/error.h"
#include "cowork/base/json.h"

namespace cowork::server {

/// The error's own members, such as `rule` or `retryAfterSec`, and `place` {file, line?, column?, pointer} where it is
/// known. An object.
json::Value error_details(const Error& error);

/// error_details() with `code`, and `why` and `try` where the error has them.
json::Value error_data(const Error& error);

/// The error that `message` and error_data() were made from; `internal` where `data` has no known `code`.
Error error_from(std::string message, const json::Value& data);

}  // namespace cowork::server
