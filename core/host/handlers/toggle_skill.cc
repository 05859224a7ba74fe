#include "../handlers.h"
#include "cowork/base/text.h"
#include "same_pack.h"

namespace cowork::handlers {
namespace {

Error unknown_skill(const PackRecord& pack, std::string_view id) {
  std::vector<std::string> ids;
  for (const SkillSummary& skill : pack.manifest.skills) ids.push_back(skill.id.str());
  const std::vector<std::string> near = nearest(id, ids);
  return Error::not_found("pack " + quoted(pack.name()) + " has no skill " + quoted(id))
      .with_why("it has " + std::to_string(ids.size()) + " skills")
      .with_remedy(near.empty() ? "cowork pack info " + std::string(pack.name())
                                : "did you mean " + quoted(near.front()) + "?");
}

}  // namespace

Result<ToggleSkill::Reply> toggle_skill(HostImpl& host, Admitted<ToggleSkill>& admitted) {
  const ToggleSkill& request = admitted.request();
  COWORK_ASSIGN(const std::size_t index, host.resolve(admitted.snapshot().catalog(), request.pack_name));
  const PackRecord& pack = admitted.snapshot().catalog()[index];
  if (!pack.manifest.find_skill(request.skill_id)) return fail(unknown_skill(pack, request.skill_id));
  auto committed = admitted.commit([&](const Snapshot& current) -> Result<void> {
    COWORK_TRY(same_pack(current.catalog(), admitted.request().pack_name, pack.name()));
    Toggles next = current.toggles();
    next.skills[std::string(pack.name())][request.skill_id] = request.enabled;
    return host.save_toggles(current, std::move(next));
  });
  COWORK_TRY(std::move(committed));
  admitted.after_commit([&] {
    host.emit(
        {"pack-state-changed",
         json::Value::object({{"name", pack.name()}, {"skillId", request.skill_id}, {"enabled", request.enabled}})});
  });
  return ToggleSkill::Reply{std::string(pack.name()), request.skill_id, request.enabled};
}

}  // namespace cowork::handlers
