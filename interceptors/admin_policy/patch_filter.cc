#include "patch_filter.h"

#include <algorithm>
#include <unordered_set>

#include "effective_document.h"
#include "refusals.h"

namespace cowork::admin_policy {
namespace {

constexpr std::array<std::string_view, 4> sections{"packs", "connectors", "agents", "general"};

std::unordered_set<std::string_view> strings_of(const json::Value& value) {
  std::unordered_set<std::string_view> strings;
  if (const json::Array* items = value.as_array())
    for (const json::Value& item : *items)
      if (const std::string* text = item.as_string()) strings.insert(*text);
  return strings;
}

bool is_optional_text(std::string_view rule) {
  return rule == organization_name_rule || rule == organization_directory_rule;
}

}  // namespace

tl::expected<json::Value, Verdict> PatchFilter::filter(const json::Value& patch) {
  json::Object out;
  for (const json::Member& member : *patch.as_object()) {
    const bool is_section = std::find(sections.begin(), sections.end(), member.key) != sections.end();
    if (is_section && member.value.is_object()) {
      json::Object rest = filter_section(member.key, *member.value.as_object());
      if (!rest.empty()) out.push_back({member.key, std::move(rest)});
      continue;
    }
    const json::Value* shown = member.key == "version" ? shown_.find(member.key) : nullptr;
    if (!shown || !(*shown == member.value)) out.push_back(member);
  }
  if (locked_) return tl::unexpected(std::move(*locked_));
  return out;
}

json::Object PatchFilter::filter_section(const std::string& section, const json::Object& members) {
  const json::Value* shown = shown_.find(section);
  json::Object out;
  for (const json::Member& member : members) {
    Filtered kept = filter_member(section, member, shown->find(member.key));
    if (kept) out.push_back({member.key, std::move(*kept)});
  }
  return out;
}

bool PatchFilter::file_states(std::string_view rule) const {
  return target_.document() && target_.document()->states(rule);
}

PatchFilter::Filtered PatchFilter::filter_member(const std::string& section, const json::Member& member,
                                                 const json::Value* shown) {
  const std::string rule = section + '.' + member.key;
  json::Value value = member.value;
  if (is_optional_text(rule) && value == json::Value("")) value = nullptr;
  // Taking out what the file says loosens nothing; where it says nothing, only the value from above can be meant.
  if (value.is_null() && file_states(rule)) return value;
  if (shown ? *shown == value : value.is_null()) return std::nullopt;
  for (const List list : {List::blocked, List::required, List::blocked_connectors})
    if (rule == rule_name(list)) return filter_united(list, std::move(value));
  if (rule == rule_name(List::allowed)) return filter_allowed(std::move(value));
  for (const Switch which : all_switches)
    if (rule == rule_name(which)) check_switch(which, value);
  if (rule == heartbeat_rule) check_heartbeat(value);
  if (rule == concurrency_rule) check_concurrency(value);
  check_text(rule, rule == organization_name_rule ? above_.organization_name : above_.organization_directory, value);
  return value;
}

PatchFilter::Filtered PatchFilter::filter_united(List list, json::Value value) {
  if (!value.is_array() && !value.is_null()) return value;  // validation refuses it
  const auto stated = strings_of(value);
  for (const auto& layer : above_.layers) {
    if (!layer->document()) continue;
    for (const auto& entry : layer->document()->list(list).entries)
      if (!stated.contains(entry.value))
        lock(named(entry.value) + " in " + std::string(rule_name(list)), *layer, rule_of_entry(*layer, list, entry));
  }
  json::Array* items = value.as_array();
  if (!items) return value;
  std::erase_if(*items, [&](const json::Value& item) {
    const std::string* text = item.as_string();
    if (!text) return false;
    const HashedText id(*text);
    if (target_.find(list, id)) return false;
    return std::any_of(above_.layers.begin(), above_.layers.end(),
                       [&](const auto& layer) { return layer->find(list, id) != nullptr; });
  });
  return value;
}

PatchFilter::Filtered PatchFilter::filter_allowed(json::Value value) {
  const auto imposing = std::find_if(above_.layers.begin(), above_.layers.end(),
                                     [](const auto& layer) { return layer->has_entries(List::allowed); });
  if (imposing == above_.layers.end()) return value;
  const Layer& layer = **imposing;
  const Rule rule = rule_of_list(layer, List::allowed);
  const bool lifted = value.is_null() || (value.is_array() && value.as_array()->empty());
  if (lifted) lock(std::string(rule_name(List::allowed)), layer, rule);
  for (const std::string_view id : strings_of(value)) {
    // What the file has already is not loosened by staying there.
    const bool stays = target_.find(List::allowed, id) != nullptr || id == nothing_allowed;
    if (!stays && !permitted_above(above_, target_, id, catalog_))
      lock(named(id) + " is not permitted by packs.allowed, which", layer, rule);
  }
  return value;
}

void PatchFilter::check_switch(Switch which, const json::Value& value) {
  const Effective<bool>& imposed = above_.allows(which);
  const bool* wanted = value.as_bool();
  if (imposed.value || !(value.is_null() || (wanted && *wanted))) return;
  lock(std::string(rule_name(which)), *imposed.layer,
       rule_at(*imposed.layer, rule_name(which), pointer_of(which), imposed.at));
}

void PatchFilter::check_heartbeat(const json::Value& value) {
  const auto& imposed = above_.heartbeat_sec;
  const auto wanted = value.is_null() ? std::optional(default_heartbeat_sec) : value.as_double();
  if (!imposed.layer || !wanted || *wanted >= imposed.value) return;
  lock(std::string(heartbeat_rule), *imposed.layer,
       rule_at(*imposed.layer, heartbeat_rule, pointer_of_rule(heartbeat_rule), imposed.at));
}

void PatchFilter::check_concurrency(const json::Value& value) {
  const auto& imposed = above_.concurrent_agents;
  const auto wanted = value.is_null() ? std::optional(default_concurrent_agents) : value.as_int64();
  if (!imposed.layer || !wanted || *wanted <= imposed.value) return;
  lock(std::string(concurrency_rule), *imposed.layer,
       rule_at(*imposed.layer, concurrency_rule, pointer_of_rule(concurrency_rule), imposed.at));
}

void PatchFilter::check_text(std::string_view rule, const Effective<std::string>& imposed, const json::Value& value) {
  if (!is_optional_text(rule) || !imposed.layer) return;
  const std::string* wanted = value.as_string();
  if (!value.is_null() && (!wanted || *wanted == imposed.value)) return;
  lock(std::string(rule), *imposed.layer, rule_at(*imposed.layer, rule, pointer_of_rule(rule), imposed.at));
}

void PatchFilter::lock(std::string subject, const Layer& layer, const Rule& rule) {
  if (locked_) return;
  std::string message = std::move(subject) + " is locked by the " + std::string(layer.name()) + " policy";
  locked_ = Verdict::deny(denied(above_, std::move(message), rule, "cowork policy show"), "locked", rule);
}

}  // namespace cowork::admin_policy
