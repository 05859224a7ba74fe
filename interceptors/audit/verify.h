// Whether a trail is what was written: pure, from the files' bytes and the head.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/audit/audit_operations.h"
#include "head.h"

namespace cowork::audit {

struct TrailFile {
  std::string path;
  std::string bytes;
};

/// What the walk along a chain found.
struct Walk {
  std::optional<FirstBad> first_bad;
  Link start;                  ///< before the first line
  Link last;                   ///< the last line that belongs to the chain
  std::uint64_t complete = 0;  ///< bytes of the last file up to the end of its last line
};

/// `files` from the oldest to the current one, which is always there (empty when it does not exist). `boot` is the
/// machine's present start.
///
/// After the head's last line only this is accepted: the one line that the head announces, or its beginning; and, when
/// the head was written before the machine's present start, lines that go on from it: a power loss may have taken the
/// newer head. Without a head the chain is followed from its first line, and its end is taken as it is.
Walk walk(const std::vector<TrailFile>& files, const std::optional<Head>& head, std::string_view boot);

}  // namespace cowork::audit
