// Which lines of a trail a query asks for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/audit/audit_operations.h"
#include "verify.h"

namespace cowork::audit {

/// "2025-01-15T12:00:00.000" of a UTC time as QueryAudit::since takes it, so that times compare as text; nullopt for
/// others.
std::optional<std::string> comparable_time(std::string_view text);

/// The newest lines that `query` is for, newest last.
std::vector<json::Value> select_lines(const std::vector<TrailFile>& files, const QueryAudit& query);

}  // namespace cowork::audit
