// Looking into JSON documents: what is not there is null, so that a test can compare it all the same.
#pragma once

#include <string>
#include <string_view>

#include "cowork/base/json.h"
#include "support/catch.h"

namespace Catch {
template <>
struct StringMaker<cowork::json::Value> {
  static std::string convert(const cowork::json::Value& value) { return cowork::json::to_text(value); }
};
}  // namespace Catch

namespace cowork::test {

/// The value at "/packs/0/name"; null when there is none. Keys are taken as they stand: `~` has no meaning.
const json::Value& at(const json::Value& value, std::string_view pointer);
/// The string there; empty when there is none.
std::string text_at(const json::Value& value, std::string_view pointer);
/// The entry of an array whose `member` is `text`; null when there is none.
const json::Value& entry_with(const json::Value& array, std::string_view member, std::string_view text);
/// The strings `member` of every entry of an array.
std::vector<std::string> each(const json::Value& array, std::string_view member);

}  // namespace cowork::test
