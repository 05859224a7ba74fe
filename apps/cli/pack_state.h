// Whether a pack can contribute after something was done with it.
#pragma once

#include <string>

#include "session.h"

namespace cowork::cli {

/// One line of words with the state and the reason when the pack is not active; nothing with --json or in a dry run,
/// and with -q only that it is quarantined.
void tell_if_not_active(Session& session, const std::string& pack);

}  // namespace cowork::cli
