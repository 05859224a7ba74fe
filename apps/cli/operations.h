// The operations that a host offers, by name.
#pragma once

#include <string>
#include <vector>

#include "cowork/base/error.h"
#include "session.h"

namespace cowork::cli {

/// Public operations, sorted; empty when the host can't say.
std::vector<std::string> operation_names(Session& session);

/// `error` with the nearest operation when `operation` is none and the host suggested nothing.
Error with_operation_suggestion(Session& session, Error error, const std::string& operation);

}  // namespace cowork::cli
