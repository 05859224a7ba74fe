// "Did you mean …?" for the names that a host knows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/error.h"
#include "session.h"

namespace cowork::cli {

/// Names and aliases of all packs; empty when the host can't say.
std::vector<std::string> pack_ids(Session& session);

/// not-found for a pack, with the nearest id and `command` to see it with (`cowork pack info`).
Error unknown_pack(Session& session, std::string_view name, std::string_view command);

/// `error` with the nearest id when it is not-found, the host gave no better step and no pack is called `name`.
Error with_pack_suggestion(Session& session, Error error, std::string_view name, std::string_view command);

}  // namespace cowork::cli
