#include "policy_assignment.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"

namespace cowork::cli {
namespace {

enum class Type { list, boolean, number, text };

struct Field {
  std::string_view path;
  Type type;
};

constexpr std::array<Field, 11> fields{{{"packs.allowed", Type::list},
                                        {"packs.blocked", Type::list},
                                        {"packs.required", Type::list},
                                        {"connectors.blocked", Type::list},
                                        {"agents.maxHeartbeatFrequencySec", Type::number},
                                        {"agents.maxConcurrentAgents", Type::number},
                                        {"general.allowCustomPacks", Type::boolean},
                                        {"general.allowGitInstall", Type::boolean},
                                        {"general.allowUrlInstall", Type::boolean},
                                        {"general.orgName", Type::text},
                                        {"general.orgPluginDir", Type::text}}};

const Field* find_field(std::string_view path) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.path == path; });
  return found == fields.end() ? nullptr : &*found;
}

/// The length of the dotted path that an assignment begins with; npos where there is no assignment.
std::size_t path_length(std::string_view word) {
  const auto in_path = [](unsigned char letter) { return std::isalnum(letter) != 0 || letter == '.' || letter == '_'; };
  const auto length = static_cast<std::size_t>(std::find_if_not(word.begin(), word.end(), in_path) - word.begin());
  const std::string_view rest = word.substr(length);
  const bool assigns = rest.starts_with("=") || rest.starts_with("+=") || rest.starts_with("-=");
  return length > 0 && assigns ? length : std::string_view::npos;
}

Error unknown_path(std::string_view path) {
  Error error = Error::invalid_argument("the policy has no member " + cowork::quoted(path))
                    .with_why("its members are those of `cowork policy show`")
                    .with_remedy("cowork policy show");
  const std::vector<std::string> found = nearest(path, policy_paths());
  if (!found.empty()) error.with_remedy("did you mean " + found.front() + "?");
  return error;
}

Error wrong_value(const Assignment& assignment, std::string_view expected) {
  return Error::invalid_argument(assignment.path + " takes " + std::string(expected) + ", not " +
                                 cowork::quoted(assignment.value))
      .with_why("values are never coerced")
      .with_remedy("cowork policy set --help");
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
  }
  return items;
}

Result<std::vector<std::string>> list_value(const Assignment& assignment) {
  if (!assignment.value.starts_with("[")) return split_list(assignment.value);
  const auto document =
      json::parse(assignment.value, assignment.path, json::request_limits, ErrorCode::invalid_argument);
  if (!document) return fail(document.error());
  std::vector<std::string> items;
  for (const json::Value& item : *document->root.as_array()) {
    if (!item.is_string()) return fail(wrong_value(assignment, "a list of strings"));
    items.push_back(*item.as_string());
  }
  return items;
}

Result<json::Value> scalar_value(const Assignment& assignment, Type type) {
  const std::string& text = assignment.value;
  if (type == Type::text) return text.empty() ? json::Value() : json::Value(text);
  if (type == Type::boolean) {
    if (text == "true" || text == "false") return json::Value(text == "true");
    return fail(wrong_value(assignment, "true or false"));
  }
  const auto document = json::parse(text, assignment.path, json::request_limits, ErrorCode::invalid_argument);
  if (!document || document->root.kind() != json::Kind::number) return fail(wrong_value(assignment, "a number"));
  return document->root;
}

std::vector<std::string> changed_list(std::vector<std::string> list, const std::vector<std::string>& items,
                                      AssignmentKind kind) {
  if (kind == AssignmentKind::set) return items;
  for (const std::string& item : items) {
    const auto found = std::find(list.begin(), list.end(), item);
    if (kind == AssignmentKind::add && found == list.end()) list.push_back(item);
    if (kind == AssignmentKind::remove && found != list.end()) list.erase(found);
  }
  return list;
}

std::vector<std::string> strings_in(const json::Value* value) {
  std::vector<std::string> items;
  if (value && value->as_array())
    for (const json::Value& item : *value->as_array())
      if (item.as_string()) items.push_back(*item.as_string());
  return items;
}

void set_at_path(json::Value& document, std::string_view path, json::Value value) {
  const std::size_t dot = path.find('.');
  json::Value* section = document.find(path.substr(0, dot));
  if (!section) section = &document.set(path.substr(0, dot), json::Value::object());
  section->set(path.substr(dot + 1), std::move(value));
}

}  // namespace

bool looks_like_assignment(std::string_view word) {
  return path_length(word) != std::string_view::npos;
}

Result<Assignment> parse_assignment(std::string_view word) {
  const std::size_t length = path_length(word);
  if (length == std::string_view::npos)
    return fail(Error::invalid_argument(cowork::quoted(word) + " is no assignment")
                    .with_why("assignments are packs.blocked+=x, packs.blocked-=x and general.orgName=x")
                    .with_remedy("cowork policy set --help"));
  Assignment result;
  result.path = std::string(word.substr(0, length));
  if (word[length] == '+') result.kind = AssignmentKind::add;
  if (word[length] == '-') result.kind = AssignmentKind::remove;
  result.value = std::string(word.substr(length + (result.kind == AssignmentKind::set ? 1 : 2)));
  const Field* field = find_field(result.path);
  if (!field) return fail(unknown_path(result.path));
  if (result.kind != AssignmentKind::set && field->type != Type::list)
    return fail(Error::invalid_argument(result.path + " is not a list, so nothing can be added to it or taken from it")
                    .with_why("+= and -= work on packs.allowed, packs.blocked, packs.required and connectors.blocked")
                    .with_remedy("cowork policy set " + result.path + "=VALUE"));
  return result;
}

bool needs_current(const std::vector<Assignment>& assignments) {
  return std::any_of(assignments.begin(), assignments.end(),
                     [](const Assignment& assignment) { return assignment.kind != AssignmentKind::set; });
}

Result<json::Value> to_patch(const std::vector<Assignment>& assignments, const json::Value& current) {
  json::Value patch = json::Value::object();
  for (const Assignment& assignment : assignments) {
    const Field* field = find_field(assignment.path);
    if (!field) return fail(unknown_path(assignment.path));
    if (field->type == Type::list) {
      COWORK_ASSIGN(const std::vector<std::string> items, list_value(assignment));
      const json::Value* before = at_path(patch, assignment.path);
      if (!before) before = at_path(current, assignment.path);
      set_at_path(patch, assignment.path,
                  json::Value::strings(changed_list(strings_in(before), items, assignment.kind)));
    } else {
      COWORK_ASSIGN(json::Value value, scalar_value(assignment, field->type));
      set_at_path(patch, assignment.path, std::move(value));
    }
  }
  return patch;
}

std::vector<std::string> policy_paths() {
  std::vector<std::string> paths;
  for (const Field& field : fields) paths.emplace_back(field.path);
  return paths;
}

const json::Value* at_path(const json::Value& document, std::string_view path) {
  const json::Value* value = &document;
  while (value && !path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    value = value->find(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return value;
}

}  // namespace cowork::cli
