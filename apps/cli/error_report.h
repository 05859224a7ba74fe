// An error as people and as programs read it (SPEC §8, §9).
#pragma once

#include <string>

#include "cowork/base/error.h"
#include "cowork/base/json.h"
#include "terminal.h"

namespace cowork::cli {

/// Three lines: `error[<code>]: what`, `  why: …`, `  try: …`. What the error leaves open is filled in by its code.
std::string error_text(const Error& error, const Styler& styler);

/// `{code, message, why, try, data}`; `data` is an object, with the place of the fault where it is known.
json::Value error_json(const Error& error);

}  // namespace cowork::cli
