// Locks between processes: flock(2) on a file of its own.
#pragma once

#include <chrono>
#include <memory>

#include "beneath.h"

namespace cowork::ports {

/// Takes the lock, making its file (0600) when missing; `timeout` when it stays taken for `wait`.
Result<std::unique_ptr<FileLock>> take_file_lock(const Parent& parent, std::chrono::milliseconds wait);

}  // namespace cowork::ports
