// Fetched bytes → frames.
#pragma once

#include "fetched_file.h"
#include "frame_writer.h"
#include "request.h"

namespace cowork::fetch {

/// Copies the file of this machine at `descriptor` into the scratch directory, so that what is hashed is what is read.
/// Errors: invalid-argument (too large), io.
Result<FetchedFile> copy_archive(int descriptor, const Request& request, FrameWriter& frames);

/// Opens `path`: a regular file, not through a link at its end. Errors: not-found, invalid-argument, io.
Result<loaders::Descriptor> open_local_archive(const std::string& path);

/// Sends the tree of an archive, or of a manifest that came alone, in frames. The archive is read to its end before the
/// first frame. Errors: invalid-argument, io.
Result<void> unpack(std::string_view bytes, const Request& request, FrameWriter& frames);

}  // namespace cowork::fetch
