// Toggles as `pack-states.json` holds them (SPEC §5).
#pragma once

#include <cstdint>
#include <string>

#include "cowork/base/json_reader.h"
#include "cowork/state/toggles.h"

namespace cowork {

/// Reads the full form and the older flat one, `{name: bool}`. Errors: integrity, placed.
Result<Toggles> read_toggles(const json::Document& document);

/// The full form.
std::string toggle_text(const Toggles& toggles, std::int64_t updated_at_ms);

}  // namespace cowork
