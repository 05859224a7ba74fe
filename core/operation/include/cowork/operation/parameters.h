// Parameters of a JSON call, by position or by name (SPEC §7), read with typed accessors that collect the first error.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/base/result.h"

namespace cowork {

/// `Parameters p(params, {"name", "enabled"}); TogglePack{p.string("name"), p.boolean("enabled")};
/// COWORK_TRY(p.finish());` Unknown names, too many positions, missing or wrongly typed members are invalid-argument;
/// the message names the member.
class Parameters {
 public:
  /// `value` is an array, an object, or null (no parameters). Borrowed.
  Parameters(const json::Value& value, std::initializer_list<std::string_view> names);

  std::string string(std::string_view name);
  std::string optional_string(std::string_view name, std::string fallback = {});
  bool boolean(std::string_view name);
  bool optional_boolean(std::string_view name, bool fallback);
  std::optional<std::int64_t> optional_integer(std::string_view name);
  /// An object, or null when absent or JSON null.
  const json::Value* optional_object(std::string_view name);
  /// Any value, or null pointer when absent.
  const json::Value* optional_value(std::string_view name);
  /// A required object.
  const json::Value& object(std::string_view name);

  /// The first error, if any accessor met one or unknown members are left.
  Result<void> finish();

 private:
  const json::Value* find(std::string_view name);
  void wrong(std::string_view name, std::string_view expected, const json::Value* found);

  const json::Value* value_;
  std::vector<std::string_view> names_;
  std::optional<Error> error_;
};

}  // namespace cowork
