// What targets say of what they saw.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cowork/base/error.h"

namespace cowork::fuzz {

/// Ends the process with `what` unless `condition` holds.
void expect(bool condition, std::string_view what);

/// The same bytes in memory that ends where they end, so that AddressSanitizer sees a byte too many.
class ExactBytes {
 public:
  explicit ExactBytes(std::string_view bytes);
  std::string_view view() const noexcept { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

/// What is true of every refusal of a document: it has the code `code`, and says in one printable line what is wrong,
/// and in which line of `text`, which it calls `file`.
void expect_placed(const Error& error, ErrorCode code, std::string_view text, std::string_view file);

/// One printable line that is no longer than somebody reads.
void expect_readable(std::string_view message);

}  // namespace cowork::fuzz
