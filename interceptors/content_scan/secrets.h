// Tokens and keys that somebody left in a file.
#pragma once

#include <string_view>

#include "findings.h"

namespace cowork::content_scan {

/// By the shapes that their issuers gave them. A message never holds more of a token than its well-known beginning.
/// Placeholders (EXAMPLE, the same few characters over and over) are passed over.
Hits find_secrets(std::string_view text);

}  // namespace cowork::content_scan
