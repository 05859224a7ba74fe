// Small rules of text that more than one folder needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cowork {

/// `^[a-z0-9][a-z0-9_-]{0,127}$`, byte for byte (SPEC §3).
bool is_pack_name(std::string_view text) noexcept;

/// For a terminal: control characters (C0 but for nothing, DEL, C1, bidi controls, zero-width) become \xNN or \u{NNNN};
/// malformed UTF-8 bytes become \xNN. Line feeds are escaped too.
std::string printable(std::string_view text);

/// `"text"` in quotation marks, printable, cut to about 80 characters: for messages.
std::string quoted(std::string_view text);

/// The candidates nearest to `word` (Damerau-Levenshtein distance of at most a third of its length, at least 1), best first, at most `most`.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates, std::size_t most = 1);

/// UTC, seconds: 2025-01-15T12:00:00Z. `milliseconds` since the epoch.
std::string utc_timestamp(std::int64_t milliseconds);

/// SemVer 2.0.0.
bool is_semantic_version(std::string_view text) noexcept;
/// Precedence by SemVer 2.0.0 §11: <0, 0, >0. Both must be valid; build metadata does not count.
int compare_versions(std::string_view a, std::string_view b) noexcept;

/// Lower-case hex SHA-256 of `bytes` (libsodium).
std::string sha256_hex(std::string_view bytes);

/// A random identifier of 16 bytes, lower-case hex.
std::string random_id();

}  // namespace cowork
