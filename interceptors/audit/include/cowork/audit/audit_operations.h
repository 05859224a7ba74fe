// The operation that the audit trail brings: `audit:query`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/operation/operation.h"

namespace cowork::audit {

/// The first place at which a trail is not what was written.
struct FirstBad {
  std::string file;
  std::uint64_t line = 0;  ///< from 1; 0 when the file as a whole is meant
  std::string reason;      ///< a sentence without full stop

  bool operator==(const FirstBad&) const = default;
};

/// Reads the trail and checks its chain, over rotations and against the head in `<path>.lock`: a line that was changed,
/// moved or taken out is found, at the end too. What it cannot find: whoever can write both the trail and its head can
/// forge both. Errors: invalid-argument, io, timeout.
struct QueryAudit {
  static constexpr std::size_t default_limit = 1000;

  std::string since;                  ///< UTC, `2025-01-15` or `2025-01-15T12:00:00Z`; empty: from the beginning
  std::string only_operation;         ///< exact; empty: any
  std::string only_subject;           ///< exact; empty: any
  std::string only_verdict;           ///< `allowed`, `denied`, `failed`, `error`; empty: any
  std::size_t limit = default_limit;  ///< the newest so many
  bool verify = true;                 ///< false only reads: then Reply::verified is false too

  struct Reply {
    std::vector<json::Value> lines;  ///< as they were written, newest last; what is no JSON object is left out
    bool verified = false;           ///< true when every line is as it was written and none is missing
    std::optional<FirstBad> first_bad;
  };
  static constexpr OperationInfo info{.name = "audit:query"};
  Result<void> validate() const;
  Subject subject() const { return {}; }
};

}  // namespace cowork::audit
