// Where the time of the last traced call went.
#pragma once

#include "cowork/base/json.h"
#include "session.h"

namespace cowork::cli {

/// From the reply of `host:trace`: the call, and a table of its steps. Nothing when no call was traced.
void print_trace(Session& session, const json::Value& trace);

}  // namespace cowork::cli
