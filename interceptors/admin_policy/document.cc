#include "document.h"

#include <algorithm>

#include "cowork/base/json_reader.h"

namespace cowork::admin_policy {
namespace {

struct Names {
  std::string_view rule;
  std::string_view pointer;
};

constexpr std::array<Names, all_lists.size()> list_names{{{"packs.allowed", "/packs/allowed"},
                                                          {"packs.blocked", "/packs/blocked"},
                                                          {"packs.required", "/packs/required"},
                                                          {"connectors.blocked", "/connectors/blocked"}}};

constexpr std::array<Names, all_switches.size()> switch_names{
    {{"general.allowCustomPacks", "/general/allowCustomPacks"},
     {"general.allowGitInstall", "/general/allowGitInstall"},
     {"general.allowUrlInstall", "/general/allowUrlInstall"}}};

}  // namespace

void PolicyDocument::Ids::make_index() {
  index_.build(entries.size(), [this](std::size_t position) { return entries[position].value; });
}

const Entry* PolicyDocument::Ids::find(const HashedText& id) const noexcept {
  const auto found = index_.find(id, [this](std::size_t position) { return entries[position].value; });
  return found ? &entries[*found] : nullptr;
}

json::Value PolicyDocument::json() const {
  auto read = json::parse(*text, file, json::policy_limits, ErrorCode::invalid_policy);
  return read ? std::move(read->root) : json::Value();  // it was read before: there is no fault in it
}

bool PolicyDocument::states(std::string_view rule) const noexcept {
  return std::find(stated.begin(), stated.end(), rule) != stated.end();
}

std::string_view rule_name(List list) noexcept {
  return list_names[static_cast<std::size_t>(list)].rule;
}
std::string_view pointer_of(List list) noexcept {
  return list_names[static_cast<std::size_t>(list)].pointer;
}
std::string_view rule_name(Switch which) noexcept {
  return switch_names[static_cast<std::size_t>(which)].rule;
}
std::string_view pointer_of(Switch which) noexcept {
  return switch_names[static_cast<std::size_t>(which)].pointer;
}

}  // namespace cowork::admin_policy
