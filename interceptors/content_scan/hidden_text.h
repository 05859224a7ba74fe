// Text that a person does not see and a model reads.
#pragma once

#include <string_view>

#include "code_points.h"
#include "findings.h"

namespace cowork::content_scan {

/// Controls that show text in another order than it is read, tag characters, runs of variation selectors or of
/// characters without width (hidden-text); a few characters without width outside of emoji sequences and of the scripts
/// that need them (zero-width).
Hits find_hidden_text(std::string_view text, Spelling spelling);

}  // namespace cowork::content_scan
