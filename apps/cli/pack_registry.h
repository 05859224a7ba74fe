// What the pack verbs ask of the registry.
#pragma once

#include "command_tree.h"

namespace cowork::cli {

/// `pack update --all`: one pack after the other; what fails is told, and the rest goes on. The value is the exit
/// status of the first failure. Errors: those of the registry.
Result<int> update_all(Session& session);

/// `error` of something that was asked of the registry, after what is wrong with host.json was told.
Error with_settings_told(Session& session, Error error);

}  // namespace cowork::cli
