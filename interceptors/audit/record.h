// One line of the trail: how it is written, and how it is chained to the line before.
//
// A line is a JSON object whose last two members are `prev` (the hash of the line before; 64 zeros for the first) and
// `hash`. `hash` is the lower-case hex SHA-256 of `prev`'s 64 characters followed by the line's bytes without the
// member `hash`: from "{" to the quotation mark that ends `prev`, then "}".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cowork/operation/verdict.h"

namespace cowork::audit {

/// What a line says, before it has its place in the chain.
struct Record {
  std::string time;  ///< UTC, milliseconds
  std::string id;
  std::string parent;  ///< empty: none
  std::string operation;
  std::string subject;
  std::string actor;
  std::string entry;
  std::string verdict;
  std::string code;  ///< empty: none
  std::optional<Rule> rule;
  std::string policy_revision;
  std::int64_t micros = 0;
};

/// A line's place in the chain.
struct Link {
  std::uint64_t seq = 0;
  std::string hash = std::string(64, '0');

  bool operator==(const Link&) const = default;
};

/// The line that follows `before`, with its line feed; `place` becomes its own place. Texts that are no UTF-8 are
/// escaped, and cut to 4 KiB.
std::string chained_line(const Record& record, const Link& before, Link& place);

/// A line as it stands in a file.
struct ReadLine {
  Link place;
  std::string prev;
  bool intact = false;  ///< the content has the hash that the line states
};

/// `text` without its line feed; nullopt when it does not begin and end as a line of a trail does.
std::optional<ReadLine> read_line(std::string_view text);

}  // namespace cowork::audit
