// Reading the replies of operations: a member that is missing or of another kind reads as empty. What people see is
// then empty too; programs read the document itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json.h"

namespace cowork::cli {

/// The string member `key`, else empty.
std::string text_of(const json::Value& value, std::string_view key);
/// The string member `key`, printable.
std::string shown(const json::Value& value, std::string_view key);
/// The boolean member `key`, else false.
bool flag_of(const json::Value& value, std::string_view key);
/// The integer member `key`, else 0.
std::int64_t number_of(const json::Value& value, std::string_view key);
/// The array member `key`, else an empty one that lives as long as the program.
const json::Array& array_of(const json::Value& value, std::string_view key);
/// The member `key`, else a null that lives as long as the program.
const json::Value& member_of(const json::Value& value, std::string_view key);
/// The strings among an array's items.
std::vector<std::string> strings_of(const json::Value& array);
/// `value` as one printable line: strings bare, all else as JSON.
std::string shown_value(const json::Value& value);
/// "file:line:column (pointer)" of an object with members path or file, line, column, pointer; printable.
std::string shown_place(const json::Value& value);
/// "1 pack", "2 packs".
std::string counted(std::size_t count, std::string_view singular);

}  // namespace cowork::cli
