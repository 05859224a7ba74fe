// The strict parser of policies.json (SPEC §6, "File"): known members only, ranges checked, nothing coerced, nothing
// clamped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/result.h"
#include "document.h"

namespace cowork::admin_policy {

/// At most this many errors of one file are told.
inline constexpr std::size_t most_parse_errors = 20;

/// Reads and checks `text`. `file` is what errors name. A text that is no JSON gives the reader's one error; a document
/// that breaks rules gives one error a rule, in the order of the text. All are `invalid-policy` with file, line, column
/// and pointer; there is at least one.
/// The document keeps the text.
tl::expected<PolicyDocument, std::vector<Error>> parse_policy(std::string text, std::string_view file);

}  // namespace cowork::admin_policy
