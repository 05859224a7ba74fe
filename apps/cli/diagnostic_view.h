// Diagnostics as people and as programs read them.
#pragma once

#include <string>

#include "cowork/base/json.h"
#include "cowork/catalog/scope.h"
#include "terminal.h"

namespace cowork::cli {

/// As `host:status` writes it: `{severity, code, path, line?, column?, pointer?, message}`.
json::Value diagnostic_json(const Diagnostic& diagnostic);

/// "error[code] place" and the message below it, wrapped to `width` (0: not).
std::string diagnostic_text(const json::Value& diagnostic, const Styler& styler, std::size_t width);

}  // namespace cowork::cli
