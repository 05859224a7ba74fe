#include "find_contribution.h"

namespace cowork::handlers {

Result<FoundContribution> find_skill(const std::shared_ptr<const PackTable>& table, std::string_view skill_id) {
  return find_contribution(
      table, "skill", skill_id, &PackSummary::skills, [](const SkillSummary& skill) { return skill.id.view(); },
      [](const Pack& pack, const SkillSummary& skill) { return pack.skill_enabled(skill); });
}

Result<GetSkill::Reply> get_skill(HostImpl& host, Admitted<GetSkill>& admitted) {
  const std::string& id = admitted.request().skill_id;
  COWORK_ASSIGN(const FoundContribution found, find_skill(host.table_of(admitted.snapshot()), id));
  COWORK_ASSIGN(Skill skill, host.source().read_skill(found.pack.record(), id));
  return GetSkill::Reply{std::move(skill), std::string(found.pack.name())};
}

}  // namespace cowork::handlers
