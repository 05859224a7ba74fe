// The standard host's log: one line a message on standard error. Private to assembly.
#pragma once

#include <memory>
#include <string_view>

#include "cowork/ports/log.h"

namespace cowork {

/// Writes what is at least `level`: error, warning, info or debug. Texts are escaped.
std::shared_ptr<Log> make_console_log(std::string_view level);

}  // namespace cowork
