// Temporary files of durable writes, and what crashes left of them.
#pragma once

#include "beneath.h"

namespace cowork::ports {

/// 32 hexadecimal digits after the prefix: so they are told from what others put there.
std::string temporary_name();

/// Removes the temporary files that no running writer can still want from the directory of `parent`, then announces one
/// more writer, who is done when the descriptor is closed. Writers announce themselves by a shared lock (flock) of the
/// directory; whoever gets it exclusively knows that there are none. Where the directory may not be listed, nothing is
/// removed, and the descriptor is not valid. Errors: io.
Result<Descriptor> begin_temporary(const Parent& parent);

}  // namespace cowork::ports
