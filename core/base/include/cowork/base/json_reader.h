// The strict JSON reader: the only place in the project that parses JSON.
//
// RFC 8259 to the letter, then our profile (SPEC §3): valid UTF-8 without BOM, no NUL (not escaped either), no
// duplicate key (compared decoded), no lone surrogate, no trailing text, and the bounds below, checked before and while
// parsing. Numbers are kept as text. Refused are those that are too large for a double (1e400) or spelt with more than
// 512 bytes, more than 308 digits before the point, an exponent of more than 4 digits or above 308. One that is too
// small for a double (1e-400) is accepted; as_double() makes it zero.
//
// Threads: any. Ownership: the Document owns its values; the text is not kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/base/result.h"

namespace cowork::json {

struct Limits {
  std::size_t max_bytes;
  /// Keys do not count; arrays and objects do.
  std::size_t max_values;
  /// Arrays and objects inside one another.
  unsigned max_depth = 64;
};

inline constexpr Limits manifest_limits{1u << 20, 100'000};
inline constexpr Limits policy_limits{16u << 20, 1'000'000};
inline constexpr Limits request_limits{1u << 20, 100'000};

class Document {
 public:
  Value root;

  /// The place of a byte offset: file, line, column (both from 1, column in bytes) with the given pointer.
  /// An unknown offset gives line 0.
  SourcePlace place(std::uint32_t offset, std::string pointer = {}) const;
  SourcePlace place(const Value& value, std::string pointer = {}) const {
    return place(value.offset(), std::move(pointer));
  }
  const std::string& file() const noexcept { return file_; }

 private:
  friend Result<Document> parse(std::string_view, std::string_view, const Limits&, ErrorCode);
  std::string file_;
  std::vector<std::uint32_t> line_starts_;
};

/// Reads `text`. `file` is what errors name (a path, or "<request>"). Every refusal is an Error of code `code` whose
/// place() says file, line, column and the pointer of the value that could not be read, and whose message says what was
/// expected.
Result<Document> parse(std::string_view text, std::string_view file, const Limits& limits, ErrorCode code);

/// True when `text` is well-formed UTF-8 (no surrogates, nothing overlong, at most U+10FFFF).
bool is_valid_utf8(std::string_view text) noexcept;

}  // namespace cowork::json
