// Text that a person does not see and a model reads.
#pragma once

#include <string_view>

#include "code_points.h"
#include "findings.h"

namespace cowork::content_scan {

/// Controls that show text in another order than it is read, tag characters and unassigned ones, variation selectors
/// where there are no variants, and runs of characters that Unicode calls ignorable, or one behind each of many letters
/// (hidden-text); a few characters without width outside of emoji sequences and of the scripts that need them
/// (zero-width).
Hits find_hidden_text(std::string_view text, Spelling spelling);

}  // namespace cowork::content_scan
