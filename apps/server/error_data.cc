#include "cowork/server/error_data.h"

namespace cowork::server {
namespace {

json::Value place_json(const SourcePlace& place) {
  json::Value result = json::Value::object({{"file", place.file}});
  if (place.line > 0) result.set("line", place.line);
  if (place.column > 0) result.set("column", place.column);
  result.set("pointer", place.pointer);
  return result;
}

std::string text_member(const json::Value& value, std::string_view key) {
  const json::Value* member = value.find(key);
  return member && member->as_string() ? *member->as_string() : std::string();
}

std::uint32_t position_member(const json::Value& value, std::string_view key) {
  const json::Value* member = value.find(key);
  const std::int64_t number = member ? member->as_int64().value_or(0) : 0;
  return number > 0 && number <= UINT32_MAX ? static_cast<std::uint32_t>(number) : 0;
}

ErrorCode code_called(std::string_view word) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::invalid_policy); ++code)
    if (to_string(static_cast<ErrorCode>(code)) == word) return static_cast<ErrorCode>(code);
  return ErrorCode::internal;
}

void read_member(const json::Member& member, Error& error) {
  const std::string* text = member.value.as_string();
  if (member.key == "code") return;
  if (member.key == "why" && text) {
    error.with_why(*text);
  } else if (member.key == "try" && text) {
    error.with_remedy(*text);
  } else if (member.key == "place" && member.value.is_object()) {
    const json::Value& place = member.value;
    error.with_place({text_member(place, "file"), position_member(place, "line"), position_member(place, "column"),
                      text_member(place, "pointer")});
  } else {
    error.with_data(member.key, member.value);
  }
}

}  // namespace

json::Value error_details(const Error& error) {
  json::Value details = error.data() && error.data()->is_object() ? *error.data() : json::Value::object();
  if (error.place() && !details.find("place")) details.set("place", place_json(*error.place()));
  return details;
}

json::Value error_data(const Error& error) {
  json::Value data = json::Value::object({{"code", to_string(error.code())}});
  if (const std::string why = error.why(); !why.empty()) data.set("why", why);
  if (!error.remedy().empty()) data.set("try", error.remedy());
  const json::Value details = error_details(error);
  for (const json::Member& detail : *details.as_object())
    if (!data.find(detail.key)) data.set(detail.key, detail.value);
  return data;
}

Error error_from(std::string message, const json::Value& data) {
  Error error(code_called(text_member(data, "code")), std::move(message));
  if (const json::Object* members = data.as_object())
    for (const json::Member& member : *members) read_member(member, error);
  return error;
}

}  // namespace cowork::server
