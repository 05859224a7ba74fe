// What core's operations say of themselves. Private to core/host.
#pragma once

#include "cowork/operation/description.h"

namespace cowork::wire {

/// Of one of core's public operations; empty for any other name.
OperationDescription description_of(std::string_view operation);

}  // namespace cowork::wire
