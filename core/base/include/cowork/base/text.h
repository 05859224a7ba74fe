// Small rules of text that more than one folder needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cowork {

/// `^[a-z0-9][a-z0-9_-]{0,127}$`, byte for byte (SPEC §3).
bool is_pack_name(std::string_view text) noexcept;

/// For a terminal: what it would act on or not show (C0 with line feed and tab, DEL, C1, line and paragraph separators,
/// bidi controls, zero-width characters) becomes \xNN or \u{NNNN}; malformed UTF-8 bytes become \xNN. U+200D and U+FE0F
/// stay: emoji are made of them.
std::string printable(std::string_view text);

/// `text` as one word for a POSIX shell: as it stands where that is safe, else in single quotes. For commands that a
/// person may paste; printable() comes first where the text is foreign.
std::string shell_word(std::string_view text);

/// `"text"` in quotation marks, printable, with `"` and `\` escaped, cut with an ellipsis after about 80 bytes: for
/// messages.
std::string quoted(std::string_view text);

/// The candidates nearest to `word`, best first, ties by name, at most `most`: Damerau-Levenshtein distance in bytes of
/// at most a third of its length, but at least 1. A word of more than 256 bytes is near to nothing.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates,
                                 std::size_t most = 1);

/// UTC, seconds: 2025-01-15T12:00:00Z. `milliseconds` since the epoch, rounded down; outside the years 0 to 9999
/// clamped.
std::string utc_timestamp(std::int64_t milliseconds);

/// SemVer 2.0.0.
bool is_semantic_version(std::string_view text) noexcept;
/// Precedence by SemVer 2.0.0 §11: <0, 0, >0. Both must be valid; build metadata does not count. Numbers may have any
/// length.
int compare_versions(std::string_view a, std::string_view b) noexcept;

/// A random identifier of 16 bytes, lower-case hex: cannot be guessed. Any thread; throws std::runtime_error where the
/// system has no randomness.
std::string random_id();

}  // namespace cowork
