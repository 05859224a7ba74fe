// Tiers, and what is said about a pack or a place while it is found.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cowork/base/error.h"

namespace cowork {

/// In order of precedence: builtin wins over organization wins over user (SPEC §1, §4).
enum class Scope : std::uint8_t { builtin, organization, user };
inline constexpr std::size_t scope_count = 3;
std::string_view to_string(Scope scope) noexcept;

enum class Severity : std::uint8_t { info, warning, error };
std::string_view to_string(Severity severity) noexcept;

/// `host:status` and `pack list` show these. `place.file` is the diagnostic's `path`.
struct Diagnostic {
  Severity severity = Severity::warning;
  std::string code;
  std::string message;
  SourcePlace place;

  bool operator==(const Diagnostic&) const = default;
};

}  // namespace cowork
