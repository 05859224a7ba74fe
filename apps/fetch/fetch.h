// One fetch from beginning to end.
#pragma once

#include "frame_writer.h"
#include "request.h"

namespace cowork::fetch {

/// Confines the process, fetches, sends the tree. What comes back is for the frame `done`. Errors: as PackFetcher's.
Result<FetchResult> run_fetch(const Request& request, FrameWriter& frames);

}  // namespace cowork::fetch
