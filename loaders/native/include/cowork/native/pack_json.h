// For native packs that link cowork::json: reads the configuration and the input of tools member by member.
//
// Everything here throws ToolError with code invalid-argument and a message that names the member. Thrown in a pack's
// constructor it keeps the pack from starting, with that message; thrown in a tool it is the caller's error.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cowork/base/json_reader.h"
#include "cowork/native/tool.h"

namespace cowork::native {

/// The value that `text` stands for; 1 MiB at most. `what` is what messages call it.
inline json::Value parsed(std::string_view text, std::string_view what = "<input>") {
  auto document = json::parse(text, what, json::request_limits, ErrorCode::invalid_argument);
  if (!document) throw ToolError("invalid-argument", document.error().message());
  return std::move(document->root);
}

[[noreturn]] inline void refuse_member(std::string_view name, std::string_view expected, const json::Value* found) {
  std::string_view what = "nothing";
  if (found != nullptr) what = found->number_lexeme() ? *found->number_lexeme() : json::describe(found->kind());
  throw ToolError("invalid-argument",
                  std::string(name).append(" must be ").append(expected).append("; found ").append(what));
}

/// Member `name` of `object`, which has to be a string.
inline std::string text(const json::Value& object, std::string_view name) {
  const json::Value* member = object.find(name);
  if (member == nullptr || !member->is_string()) refuse_member(name, "a string", member);
  return *member->as_string();
}

/// A number that is an integer in value and fits into 64 bits.
inline std::int64_t integer(const json::Value& object, std::string_view name) {
  const json::Value* member = object.find(name);
  const auto value = member == nullptr ? std::nullopt : member->as_int64();
  if (!value) refuse_member(name, "an integer", member);
  return *value;
}

inline double number(const json::Value& object, std::string_view name) {
  const json::Value* member = object.find(name);
  const auto value = member == nullptr ? std::nullopt : member->as_double();
  if (!value) refuse_member(name, "a number", member);
  return *value;
}

inline bool boolean(const json::Value& object, std::string_view name) {
  const json::Value* member = object.find(name);
  const bool* value = member == nullptr ? nullptr : member->as_bool();
  if (value == nullptr) refuse_member(name, "true or false", member);
  return *value;
}

inline std::vector<std::string> texts(const json::Value& object, std::string_view name) {
  const json::Value* member = object.find(name);
  const json::Array* items = member == nullptr ? nullptr : member->as_array();
  if (items == nullptr) refuse_member(name, "an array of strings", member);
  std::vector<std::string> found;
  for (const json::Value& item : *items) {
    if (!item.is_string()) refuse_member(name, "an array of strings", &item);
    found.push_back(*item.as_string());
  }
  return found;
}

}  // namespace cowork::native
