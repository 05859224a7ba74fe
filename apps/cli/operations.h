// The operations that a host offers.
#pragma once

#include <string>
#include <vector>

#include "cowork/base/error.h"
#include "cowork/base/json.h"
#include "session.h"

namespace cowork::cli {

/// Public operations as `host:operations` describes them, sorted by name; empty when the host can't say.
json::Array known_operations(Session& session);

/// `error` with the nearest operation when `operation` is none and the host suggested nothing.
Error with_operation_suggestion(Session& session, Error error, const std::string& operation);

/// `cowork call --list`: all of them, or with its parameters' meanings the one called `operation`. Errors: not-found,
/// with the nearest one.
Result<int> list_operations(Session& session, const std::string& operation);

}  // namespace cowork::cli
