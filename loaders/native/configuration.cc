#include "configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "cowork/base/text.h"

namespace cowork::loaders {
namespace {

using json::Kind;
using json::Value;

std::string_view type_of(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "boolean";
    case Kind::number:
      return "number";
    case Kind::string:
      return "string";
    case Kind::array:
      return "array";
    case Kind::object:
      return "object";
  }
  return "null";
}

bool is_whole(const Value& value) {
  const auto number = value.as_double();
  return number && std::trunc(*number) == *number;
}

bool is_of_type(const Value& value, std::string_view type) {
  if (type == "integer") return value.kind() == Kind::number && is_whole(value);
  return type == type_of(value);
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The strings of `value`: one, or an array of them.
std::vector<std::string> texts(const Value* value) {
  std::vector<std::string> found;
  if (value == nullptr) return found;
  if (const std::string* text = value->as_string()) found.push_back(*text);
  if (const json::Array* items = value->as_array()) {
    for (const Value& item : *items) {
      if (const std::string* text = item.as_string()) found.push_back(*text);
    }
  }
  return found;
}

/// A default, which stands in the manifest and nowhere in the configuration.
Value without_places(Value value) {
  value.set_offset(Value::no_offset);
  if (json::Array* items = value.as_array()) {
    for (Value& item : *items) item = without_places(std::move(item));
  }
  if (json::Object* members = value.as_object()) {
    for (json::Member& member : *members) member.value = without_places(std::move(member.value));
  }
  return value;
}

class SchemaCheck {
 public:
  explicit SchemaCheck(const json::Document& document) : document_(document) {}

  Result<void> check(Value& value, const Value& schema, const std::string& pointer) const {
    COWORK_TRY(check_type(value, schema, pointer));
    COWORK_TRY(check_enumeration(value, schema, pointer));
    if (value.kind() == Kind::number) COWORK_TRY(check_number(value, schema, pointer));
    if (value.is_string()) COWORK_TRY(check_length(value, schema, pointer));
    if (value.is_array()) COWORK_TRY(check_items(value, schema, pointer));
    if (value.is_object()) COWORK_TRY(check_members(value, schema, pointer));
    return {};
  }

 private:
  tl::unexpected<Error> refuse(const Value& value, const std::string& pointer, const std::string& rest) const {
    return fail(Error::invalid_argument((pointer.empty() ? "the configuration" : quoted(pointer)) + " " + rest)
                    .with_place(document_.place(value, pointer)));
  }

  Result<void> check_type(const Value& value, const Value& schema, const std::string& pointer) const {
    const auto types = texts(schema.find("type"));
    if (types.empty()) return {};
    if (std::any_of(types.begin(), types.end(), [&](const std::string& type) { return is_of_type(value, type); })) {
      return {};
    }
    return refuse(
        value, pointer,
        fmt::format("must be of type {}; found {}", fmt::join(types, " or "),
                    value.kind() == Kind::number ? *value.number_lexeme() : std::string(describe(value.kind()))));
  }

  Result<void> check_enumeration(const Value& value, const Value& schema, const std::string& pointer) const {
    const Value* choices = schema.find("enum");
    if (choices == nullptr || !choices->is_array()) return {};
    std::vector<std::string> shown;
    for (const Value& choice : *choices->as_array()) {
      if (choice == value) return {};
      shown.push_back(json::to_text(choice));
    }
    return refuse(value, pointer,
                  fmt::format("must be one of {}; found {}", fmt::join(shown, ", "), json::to_text(value)));
  }

  Result<void> check_number(const Value& value, const Value& schema, const std::string& pointer) const {
    const double number = value.as_double().value_or(0);
    const Value* least = schema.find("minimum");
    const Value* most = schema.find("maximum");
    const bool too_small = least != nullptr && least->as_double() && number < *least->as_double();
    const bool too_large = most != nullptr && most->as_double() && number > *most->as_double();
    if (!too_small && !too_large) return {};
    return refuse(value, pointer,
                  fmt::format("must be at {} {}; found {}", too_small ? "least" : "most",
                              json::to_text(too_small ? *least : *most), json::to_text(value)));
  }

  Result<void> check_length(const Value& value, const Value& schema, const std::string& pointer) const {
    const auto length = static_cast<double>(characters(*value.as_string()));
    const Value* least = schema.find("minLength");
    const Value* most = schema.find("maxLength");
    const bool too_short = least != nullptr && least->as_double() && length < *least->as_double();
    const bool too_long = most != nullptr && most->as_double() && length > *most->as_double();
    if (!too_short && !too_long) return {};
    return refuse(value, pointer,
                  fmt::format("must have at {} {} characters; it has {}", too_short ? "least" : "most",
                              json::to_text(too_short ? *least : *most), length));
  }

  Result<void> check_items(Value& value, const Value& schema, const std::string& pointer) const {
    const Value* items = schema.find("items");
    if (items == nullptr || !items->is_object()) return {};
    std::size_t index = 0;
    for (Value& item : *value.as_array()) COWORK_TRY(check(item, *items, pointer + "/" + std::to_string(index++)));
    return {};
  }

  Result<void> check_members(Value& value, const Value& schema, const std::string& pointer) const {
    const Value* properties = schema.find("properties");
    static const Value nothing(json::Object{});
    const Value& known = properties != nullptr && properties->is_object() ? *properties : nothing;
    COWORK_TRY(check_names(value, schema, known, pointer));
    for (const json::Member& property : *known.as_object()) {
      const Value* standard = property.value.find("default");
      if (standard != nullptr && value.find(property.key) == nullptr)
        value.set(property.key, without_places(*standard));
    }
    for (const std::string& name : texts(schema.find("required"))) {
      if (value.find(name) == nullptr) return refuse(value, pointer, "needs a member " + quoted(name));
    }
    for (const json::Member& property : *known.as_object()) {
      Value* member = value.find(property.key);
      if (member != nullptr) COWORK_TRY(check(*member, property.value, pointer + json::pointer_step(property.key)));
    }
    return {};
  }

  Result<void> check_names(const Value& value, const Value& schema, const Value& known,
                           const std::string& pointer) const {
    const Value* others = schema.find("additionalProperties");
    if (others == nullptr || others->as_bool() == nullptr || *others->as_bool()) return {};
    for (const json::Member& member : *value.as_object()) {
      if (known.find(member.key) != nullptr) continue;
      return refuse(member.value, pointer + json::pointer_step(member.key), "is not known to the pack");
    }
    return {};
  }

  const json::Document& document_;
};

/// The file's text; nothing when there is none.
Result<std::optional<std::string>> read_file(const Disk& disk, const std::string& home, const std::string& relative) {
  const auto missing = [](const Error& error) { return error.code() == ErrorCode::not_found; };
  const auto directory = disk.open(home);
  if (!directory && missing(directory.error())) return std::nullopt;
  if (!directory) return fail(directory.error());
  auto text = (*directory)->read(relative, json::request_limits.max_bytes);
  if (!text && missing(text.error())) return std::nullopt;
  if (!text) return fail(std::move(text).error());
  return std::optional(*std::move(text));
}

}  // namespace

Result<Value> checked_configuration(const json::Document& document, const Value* schema) {
  if (!document.root.is_object()) {
    return fail(Error::invalid_argument(
                    fmt::format("a configuration must be an object; found {}", describe(document.root.kind())))
                    .with_place(document.place(document.root)));
  }
  Value value = document.root;
  if (schema != nullptr) COWORK_TRY(SchemaCheck(document).check(value, *schema, {}));
  return value;
}

Result<std::string> read_configuration(const Disk& disk, const std::string& home, std::string_view name,
                                       const Value* schema) {
  const std::string relative = fmt::format("config/{}.json", name);
  const std::string shown = home + "/" + relative;
  COWORK_ASSIGN(const auto text, read_file(disk, home, relative));
  COWORK_ASSIGN(const json::Document document,
                json::parse(text.value_or("{}"), shown, json::request_limits, ErrorCode::invalid_argument));
  auto value = checked_configuration(document, schema);
  if (value) return json::to_text(*value);
  Error error = std::move(value).error().prefixed(fmt::format("pack {}", quoted(name)));
  if (text) return fail(std::move(error));
  const std::string pointer = error.place() ? error.place()->pointer : std::string();
  return fail(std::move(error).with_place({shown, 0, 0, pointer}).with_remedy("write " + shell_word(shown)));
}

}  // namespace cowork::loaders
