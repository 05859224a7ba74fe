// Taking a pack out, whoever asks for it.
#pragma once

#include <functional>

#include "../handlers.h"

namespace cowork::handlers {

/// What must hold of the pack called so, asked before and under the lock.
using RemovalCondition = std::function<Result<void>(const Snapshot&, const std::string& name)>;

/// Commits `admitted`: removes the user pack `id` with its switches and its lock record; its name. Errors: not-found,
/// invalid-argument (a pack of a higher tier), conflict, io, those of the chain and of `condition`.
Result<std::string> uninstall(HostImpl& host, AdmittedBase& admitted, const std::string& id,
                              const RemovalCondition& condition = {});

}  // namespace cowork::handlers
