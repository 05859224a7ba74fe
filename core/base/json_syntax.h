// The reader's two steps apart, for whoever has to tell "not JSON" from "JSON that our profile refuses".
#pragma once

#include <optional>
#include <string_view>

#include "cowork/base/json_reader.h"
#include "json_scan.h"

namespace cowork::json {

/// Why `text` is refused by RFC 8259 alone: its grammar, UTF-8 without BOM, and the bounds that it lets a reader set
/// (§9: size, depth, range of numbers). It is the reading that parse() does, less the two rules that only our profile
/// has: NUL may be escaped, keys may be there twice.
std::optional<Refusal> syntax_fault(std::string_view text, const Limits& limits);

}  // namespace cowork::json
