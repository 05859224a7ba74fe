// The rule of trust for directories above the one that is asked about.
#pragma once

#include "cowork/ports/disk.h"

namespace cowork::ports {

/// As trust_of(), but a sticky directory of root's may be writable by all: nobody can exchange in it what belongs to
/// root.
Trust trust_of_ancestor(FileStatus status, std::string_view what);

}  // namespace cowork::ports
