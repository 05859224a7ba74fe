// What a pack may answer, wherever its code runs. Threads: any.
#pragma once

#include <string_view>

#include "cowork/base/json_reader.h"
#include "cowork/loaders/pack_description.h"

namespace cowork::loaders {

inline constexpr std::size_t max_answer_bytes = 16U << 20U;
inline constexpr json::Limits answer_limits{max_answer_bytes, 1'000'000};

/// The code that a pack may give its errors; internal for any other word.
ErrorCode public_code(std::string_view word) noexcept;

/// Errors: not-found, with the nearest name as remedy.
Result<void> check_tool_known(const PackDescription& description, std::string_view tool, std::string_view pack);

}  // namespace cowork::loaders
