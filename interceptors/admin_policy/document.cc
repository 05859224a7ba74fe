#include "document.h"

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
