// Under a machine policy the builtin tier may only be a trusted directory (SPEC §2). Private to assembly.
#pragma once

#include <functional>
#include <memory>

#include "cowork/host/loading.h"

namespace cowork {

/// Passes everything on to `inner`. While `machine_policy_exists()`:
/// - a builtin tier that turns out not to be trusted is treated as one that can't be read: nothing of it is used;
/// - where the builtin tier is not the standard one, the ids of the standard one stay reserved, so that nobody takes
/// them by
///   naming another directory;
/// - directories of an untrusted organization tier that are no usable packs reserve nothing.
std::shared_ptr<PackSource> make_trusted_builtin_source(std::shared_ptr<PackSource> inner,
                                                        std::function<bool()> machine_policy_exists,
                                                        std::string standard_directory);

}  // namespace cowork
