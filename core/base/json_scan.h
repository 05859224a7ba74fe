// The rules that need no grammar, told over the raw bytes: which of two faults of a refused text comes first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cowork/base/json_reader.h"

namespace cowork::json {

/// Why the text is refused, and at which byte.
struct Refusal {
  std::size_t offset;
  std::string message;
};

/// What to hold a text to: RFC 8259, or that and our profile (no NUL, also escaped; no duplicate key).
enum class Rules { rfc8259, profile };

/// The first byte at which `text` breaks a rule that needs no grammar: encoding, BOM, NUL (our profile: escaped too),
/// lone surrogates, raw control characters in strings, depth, and the form of numbers. Only asked about texts that were
/// refused: the reader keeps the same rules by TextStream and TapeBuilder. The size is not checked here.
std::optional<Refusal> scan(std::string_view text, unsigned max_depth, Rules rules);

/// Whether scan() refuses the number that begins at `at`.
bool is_refused_number(std::string_view text, std::size_t at);

/// Whether scan() refuses one of the escapes between the quotation marks of a string that RapidJSON accepts.
bool has_refused_escape(std::string_view string, Rules rules);

}  // namespace cowork::json
