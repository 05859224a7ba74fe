#pragma once

#include <cstdint>
#include <string>

#include "cowork/base/result.h"

namespace cowork::cli {

/// An age such as `90s`, `30m`, `2h`, `7d`, or `2w` as the UTC time so long before `now_ms`; anything else as it is.
/// Errors: invalid-argument for an age that reaches back before 1970.
Result<std::string> since_time(const std::string& text, std::int64_t now_ms);

}  // namespace cowork::cli
