// Where a byte of a text stands, for people.
#pragma once

#include <string>
#include <string_view>

#include "cowork/base/error.h"

namespace cowork::json {

/// Line and column from 1, the column in bytes.
SourcePlace place_in(std::string_view text, std::size_t offset, std::string_view file, std::string pointer);

}  // namespace cowork::json
