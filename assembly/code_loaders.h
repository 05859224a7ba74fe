// Which native code runs where (SPEC §1, "Trusted directory"). Private to assembly.
#pragma once

#include <functional>
#include <memory>

#include "cowork/host/native_code.h"

namespace cowork {

/// Packs of the user tier, and those of tiers that are not `trusted`, go to `isolated`, all others to `in_process`. It
/// is a CodeIsolation too. Threads: any.
std::shared_ptr<CodeLoader> make_code_loaders(std::shared_ptr<CodeLoader> in_process,
                                              std::shared_ptr<CodeLoader> isolated,
                                              std::function<bool(const TierStatus&)> trusted);

}  // namespace cowork
