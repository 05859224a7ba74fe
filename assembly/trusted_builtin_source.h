// Under a machine policy the builtin tier may only be a trusted directory (SPEC §2). Private to assembly.
#pragma once

#include <functional>
#include <memory>

#include "cowork/host/loading.h"

namespace cowork {

/// Passes everything on to `inner`. While `machine_policy_exists()`, a builtin tier that turns out not to be trusted is
/// treated as one that can't be read: nothing of it is used, and the reason is a diagnostic.
std::shared_ptr<PackSource> make_trusted_builtin_source(std::shared_ptr<PackSource> inner, std::function<bool()> machine_policy_exists);

}  // namespace cowork
