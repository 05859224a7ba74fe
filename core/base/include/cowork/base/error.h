// The one error type of cowork: a stable code, what happened, where the rule or fault stands, what to try next.
//
// Threads: values; share nothing. Ownership: every member is owned by the Error.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cowork {

namespace json {
class Value;
}

/// The closed list of SPEC §8. `to_string` gives the spelling used in JSON-RPC and on the command line.
enum class ErrorCode : std::uint8_t {
  internal,
  io,
  interceptor_failed,
  cancelled,
  timeout,
  invalid_argument,
  policy_denied,
  policy_unavailable,
  not_found,
  integrity,
  network,
  conflict,
  already_exists,
  invalid_manifest,
  invalid_policy,
};

/// "policy-denied" for ErrorCode::policy_denied, and so on.
std::string_view to_string(ErrorCode code) noexcept;

/// Exit status of a program that ends with this error: SPEC §8's table, 1 to 8.
int exit_status(ErrorCode code) noexcept;

/// Where something stands in a file. `line` and `column` count from 1, `column` in bytes; 0 means unknown.
/// `pointer` is an RFC 6901 JSON pointer, empty for the whole document.
struct SourcePlace {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string pointer;

  /// "file:line:column (pointer)", leaving out what is unknown. Empty when nothing is known.
  std::string to_string() const;
  bool operator==(const SourcePlace&) const = default;
};

class Error {
 public:
  Error(ErrorCode code, std::string message);
  Error(const Error&);
  Error(Error&&) noexcept;
  Error& operator=(const Error&);
  Error& operator=(Error&&) noexcept;
  ~Error();

  static Error internal(std::string message);
  static Error io(std::string message);
  /// "cannot <what>: <strerror>"; ENOENT and ENOTDIR become not-found, EEXIST already-exists, ELOOP invalid-argument
  /// (a link where none is allowed), the rest io.
  static Error from_errno(int error_number, std::string_view what);
  static Error invalid_argument(std::string message);
  static Error not_found(std::string message);
  static Error conflict(std::string message);
  static Error already_exists(std::string message);
  static Error invalid_manifest(std::string message, SourcePlace place);
  static Error invalid_policy(std::string message, SourcePlace place);

  ErrorCode code() const noexcept { return code_; }
  /// One sentence, no full stop, no line break that did not come from input.
  const std::string& message() const noexcept { return message_; }
  /// Where the rule or the fault stands, in words. Falls back on place() when none was set.
  std::string why() const;
  /// The next command or step; may be empty.
  const std::string& remedy() const noexcept { return remedy_; }
  const std::optional<SourcePlace>& place() const noexcept { return place_; }
  /// Extra members of JSON-RPC's error.data (an object), such as retryAfterSec. Null when there are none.
  const json::Value* data() const noexcept { return data_.get(); }

  Error& with_why(std::string why) &;
  Error&& with_why(std::string why) &&;
  Error& with_remedy(std::string remedy) &;
  Error&& with_remedy(std::string remedy) &&;
  Error& with_place(SourcePlace place) &;
  Error&& with_place(SourcePlace place) &&;
  /// Adds one member to data(); replaces one of the same name.
  Error& with_data(std::string_view member, json::Value value) &;
  Error&& with_data(std::string_view member, json::Value value) &&;
  /// Puts "<context>: " before the message.
  Error& prefixed(std::string_view context) &;
  Error&& prefixed(std::string_view context) &&;

 private:
  ErrorCode code_;
  std::string message_;
  std::string why_;
  std::string remedy_;
  std::optional<SourcePlace> place_;
  std::unique_ptr<json::Value> data_;
};

}  // namespace cowork
