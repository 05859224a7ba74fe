// How packs look to people. The values are the Packs of SPEC §7.
#pragma once

#include <string>

#include "cowork/base/json.h"
#include "table.h"
#include "terminal.h"

namespace cowork::cli {

/// One line a pack, in the order given. `narrow` shortens what can be.
Table pack_table(const json::Array& packs, bool narrow);

/// All of one pack. `rule` is what decides about a pack that is not permitted, in words; may be empty.
std::string pack_details(const json::Value& pack, const std::string& rule, const Styler& styler, std::size_t width);

/// "blocked", "blocked (not-allowed)", "required" or empty.
std::string policy_words(const json::Value& pack);

/// The same in one word: "blocked", "not-allowed", "unavailable", "required".
std::string policy_word(const json::Value& pack);

Style scope_style(const std::string& scope);
Style state_style(const std::string& state);

/// "  title   text", wrapped in a column of its own; nothing for an empty text.
std::string detail_line(std::string_view title, std::string_view text, const Styler& styler, std::size_t width);

}  // namespace cowork::cli
