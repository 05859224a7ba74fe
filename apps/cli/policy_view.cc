#include "policy_view.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "cowork/base/text.h"
#include "json_fields.h"
#include "pack_view.h"
#include "policy_assignment.h"

namespace cowork::cli {
namespace {

Style layer_style(const std::string& state) {
  if (state == "valid") return Style::green;
  if (state == "absent") return Style::dim;
  return state == "last-good" ? Style::yellow : Style::red;
}

std::string pointer_of(std::string_view path) {
  std::string pointer = "/" + std::string(path);
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  return pointer;
}

std::string origin_words(const json::Value& status, const std::string& pointer) {
  const json::Value& origin = member_of(member_of(status, "origins"), pointer);
  const std::string layer = shown(origin, "layer");
  if (layer.empty() || layer == "default") return "default";
  const std::int64_t line = number_of(origin, "line");
  return layer + (line > 0 ? ", line " + std::to_string(line) : "");
}

std::string empty_list_words(std::string_view path) {
  return path == "packs.allowed" ? "(all)" : "(none)";
}

std::string list_change(const json::Value& before, const json::Value& after) {
  const std::vector<std::string> old_items = strings_of(before);
  const std::vector<std::string> new_items = strings_of(after);
  const std::unordered_set<std::string_view> old_set(old_items.begin(), old_items.end());
  const std::unordered_set<std::string_view> new_set(new_items.begin(), new_items.end());
  std::string text;
  for (const std::string& item : new_items)
    if (!old_set.contains(item)) text += " +" + printable(item);
  for (const std::string& item : old_items)
    if (!new_set.contains(item)) text += " -" + printable(item);
  return text.empty() ? " order" : text;
}

std::string scalar_words(const json::Value& value) {
  return value.is_null() ? "(not set)" : shown_value(value);
}

}  // namespace

Table layer_table(const json::Value& status) {
  Table table({{"LAYER"}, {"STATE"}, {"REVISION"}, {"FILE"}});
  for (const json::Value& layer : array_of(status, "layers")) {
    const std::string state = shown(layer, "state");
    table.add({shown(layer, "layer"),
               {state, layer_style(state)},
               state == "absent" ? "" : shown(layer, "revision"),
               shown(layer, "path")});
  }
  return table;
}

Table value_table(const json::Value& policy, const json::Value& status) {
  const bool origins = !status.is_null();
  Table table(origins ? std::vector<Column>{{"MEMBER"}, {"VALUE"}, {"FROM"}}
                      : std::vector<Column>{{"MEMBER"}, {"VALUE"}});
  const auto add = [&](std::string_view member, std::string value, const std::string& pointer) {
    std::vector<Cell> row{Cell(std::string(member), Style::bold), std::move(value)};
    if (origins) row.emplace_back(origin_words(status, pointer), Style::dim);
    table.add(std::move(row));
  };
  for (const std::string& path : policy_paths()) {
    const json::Value* value = at_path(policy, path);
    const std::string pointer = pointer_of(path);
    const json::Array* items = value ? value->as_array() : nullptr;
    if (!items) {
      add(path, value ? shown_value(*value) : "(not set)", pointer);
      continue;
    }
    if (items->empty()) add(path, empty_list_words(path), pointer);
    for (std::size_t index = 0; index < items->size(); ++index)
      add(index == 0 ? path : std::string(), shown_value((*items)[index]), pointer + "/" + std::to_string(index));
  }
  return table;
}

std::vector<std::string> changes_between(const json::Value& before, const json::Value& after) {
  static const json::Value nothing;
  std::vector<std::string> lines;
  for (const std::string& path : policy_paths()) {
    const json::Value* old_found = at_path(before, path);
    const json::Value* new_found = at_path(after, path);
    const json::Value& old_value = old_found ? *old_found : nothing;
    const json::Value& new_value = new_found ? *new_found : nothing;
    if (old_value == new_value) continue;
    if (old_value.is_array() || new_value.is_array())
      lines.push_back(path + ":" + list_change(old_value, new_value));
    else
      lines.push_back(path + ": " + scalar_words(old_value) + " -> " + scalar_words(new_value));
  }
  return lines;
}

std::string unmatched_words(const json::Value& entry) {
  const std::string near = text_of(entry, "nearest");
  return text_of(entry, "list") + " of the " + text_of(entry, "layer") + " layer names " +
         cowork::quoted(text_of(entry, "id")) + ", which matches no known pack" +
         (near.empty() ? "" : "; did you mean " + cowork::quoted(near) + "?");
}

std::string explanation(const json::Value& answer, const Styler& styler, std::size_t width) {
  const bool allowed = flag_of(answer, "allowed");
  const json::Value& rule = member_of(answer, "rule");
  const auto line = [&](std::string_view title, const std::string& text) {
    return detail_line(title, text, styler, width);
  };
  std::string text = styler(allowed ? Style::green : Style::red, allowed ? "allowed" : "denied") + "  " +
                     shown(answer, "operation") + "\n";
  text += line("decided by", shown(answer, "decidedBy"));
  text += line("reason", shown(answer, "reason"));
  text += line("rule", shown(rule, "name")) + line("layer", shown(rule, "layer")) + line("place", shown_place(rule));
  text += line("code", shown(answer, "code")) + line("message", shown(answer, "message"));
  return text + line("why", shown(answer, "why")) + line("try", shown(answer, "try"));
}

std::string standing_words(const json::Value& side) {
  if (flag_of(side, "blocked")) {
    const std::string reason = shown(side, "reason");
    return reason.empty() ? "blocked" : reason;
  }
  return flag_of(side, "required") ? "required" : "permitted";
}

std::string loosening_words(const json::Value& loosening) {
  const json::Value& before = member_of(loosening, "before");
  const json::Value& after = member_of(loosening, "after");
  const std::string what = shown(loosening, "what") + ": ";
  // An entry of a list that appears or goes away.
  if (before.is_null()) return what + "+" + shown_value(after);
  if (after.is_null()) return what + "-" + shown_value(before);
  return what + shown_value(before) + " -> " + shown_value(after);
}

}  // namespace cowork::cli
