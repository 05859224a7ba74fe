// An address of the web → a file in the scratch directory.
#pragma once

#include <string>

#include "fetched_file.h"
#include "frame_writer.h"
#include "request.h"

namespace cowork::fetch {

/// Follows at most three redirects, each checked as the first address was. `token` goes to allowed hosts only. Errors:
/// network (unreachable, refused, status, stall, cut short), invalid-argument (an address that is none, too many
/// bytes), timeout, io.
Result<FetchedFile> download(const Request& request, const std::string& token, FrameWriter& frames);

}  // namespace cowork::fetch
