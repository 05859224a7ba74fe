// The head: what the lock file of a trail knows of it, one JSON object in one line.
//
// A line is announced here as `next` before it is appended, and becomes `last` after. A process that is killed between
// leaves one announced line: absent, torn or complete, each of which can be told from tampering. Only the first head is
// synced to the disk, so a power loss may bring an older one back; `boot` says whether the machine has been started
// since. It may not bring back a mixture of two: all heads fill the same block of the file and have the same length.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "record.h"

namespace cowork::audit {

struct Head {
  Link start;              ///< before the oldest line that is kept
  Link last;               ///< the newest line
  std::uint64_t size = 0;  ///< of the current file
  std::optional<Link> next;
  std::string boot;  ///< the machine's start during which this was written; empty: unknown
  /// The line after which the head was lost once, so that lines may be missing there. Stays for as long as the head
  /// does.
  std::optional<std::uint64_t> lost_after = std::nullopt;

  bool operator==(const Head&) const = default;
};

/// Padded with spaces.
std::string to_text(const Head& head);

/// nullopt for anything that is no head, an empty text included. What follows the first line is left over from an
/// interrupted write of the file, and does not count.
std::optional<Head> parse_head(std::string_view text);

}  // namespace cowork::audit
