#include "cowork/operation/parameters.h"

#include <algorithm>

#include "cowork/base/text.h"

namespace cowork {
namespace {
const json::Value& nothing() {
  static const json::Value null;
  return null;
}
}  // namespace

Parameters::Parameters(const json::Value& value, std::initializer_list<std::string_view> names)
    : value_(&value), names_(names) {
  if (const json::Array* items = value.as_array()) {
    if (items->size() > names_.size()) {
      error_ = Error::invalid_argument("expected at most " + std::to_string(names_.size()) + " parameters, found " +
                                       std::to_string(items->size()));
    }
  } else if (const json::Object* members = value.as_object()) {
    for (const json::Member& member : *members) {
      if (std::find(names_.begin(), names_.end(), member.key) != names_.end()) continue;
      std::string known;
      for (const std::string_view name : names_) known += (known.empty() ? "" : ", ") + std::string(name);
      error_ = Error::invalid_argument("unknown parameter " + quoted(member.key))
                   .with_why(known.empty() ? "this operation takes no parameters" : "known parameters: " + known);
      break;
    }
  } else if (!value.is_null()) {
    error_ = Error::invalid_argument("parameters must be an array or an object, found " +
                                     std::string(describe(value.kind())));
  }
}

const json::Value* Parameters::find(std::string_view name) {
  if (const json::Array* items = value_->as_array()) {
    const auto position = static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
    return position < items->size() ? &(*items)[position] : nullptr;
  }
  return value_->find(name);
}

void Parameters::wrong(std::string_view name, std::string_view expected, const json::Value* found) {
  if (error_) return;
  if (!found) {
    error_ = Error::invalid_argument("missing parameter " + quoted(name) + ": expected " + std::string(expected));
  } else {
    error_ = Error::invalid_argument("parameter " + quoted(name) + " must be " + std::string(expected) + ", found " +
                                     std::string(describe(found->kind())));
  }
}

std::string Parameters::string(std::string_view name) {
  const json::Value* found = find(name);
  if (found && found->as_string()) return *found->as_string();
  wrong(name, "a string", found);
  return {};
}

std::string Parameters::optional_string(std::string_view name, std::string fallback) {
  const json::Value* found = find(name);
  if (!found || found->is_null()) return fallback;
  return string(name);
}

bool Parameters::boolean(std::string_view name) {
  const json::Value* found = find(name);
  if (found && found->as_bool()) return *found->as_bool();
  wrong(name, "a boolean", found);
  return false;
}

bool Parameters::optional_boolean(std::string_view name, bool fallback) {
  const json::Value* found = find(name);
  if (!found || found->is_null()) return fallback;
  return boolean(name);
}

std::optional<std::int64_t> Parameters::optional_integer(std::string_view name) {
  const json::Value* found = find(name);
  if (!found || found->is_null()) return std::nullopt;
  if (const auto integer = found->as_int64()) return integer;
  wrong(name, "an integer", found);
  return std::nullopt;
}

const json::Value* Parameters::optional_object(std::string_view name) {
  const json::Value* found = find(name);
  if (!found || found->is_null()) return nullptr;
  if (found->is_object()) return found;
  wrong(name, "an object", found);
  return nullptr;
}

const json::Value* Parameters::optional_value(std::string_view name) {
  return find(name);
}

const json::Value& Parameters::object(std::string_view name) {
  const json::Value* found = find(name);
  if (found && found->is_object()) return *found;
  wrong(name, "an object", found);
  return nothing();
}

Result<void> Parameters::finish() {
  if (error_) return fail(*error_);
  return {};
}

}  // namespace cowork
