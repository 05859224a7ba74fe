#include "cowork/state/toggles.h"

#include <atomic>

#include "state_file.h"
#include "toggle_text.h"

namespace cowork {
namespace {

std::shared_ptr<const Toggles> numbered(Toggles toggles) {
  static std::atomic<std::uint64_t> last{0};
  toggles.revision = ++last;
  return std::make_shared<const Toggles>(std::move(toggles));
}

}  // namespace

std::optional<bool> Toggles::pack(std::string_view name) const noexcept {
  const auto found = packs.find(name);
  if (found == packs.end()) return std::nullopt;
  return found->second;
}

std::optional<bool> Toggles::skill(std::string_view pack, std::string_view skill_id) const noexcept {
  const auto of_pack = skills.find(pack);
  if (of_pack == skills.end()) return std::nullopt;
  const auto found = of_pack->second.find(skill_id);
  if (found == of_pack->second.end()) return std::nullopt;
  return found->second;
}

ToggleStore::ToggleStore(std::shared_ptr<Disk> disk, std::string home, std::shared_ptr<Clock> clock)
    : file_(std::make_shared<StateFile>(std::move(disk), std::move(home), clock, "pack-states.json")),
      clock_(std::move(clock)) {}

Result<std::shared_ptr<const Toggles>> ToggleStore::load(std::vector<Diagnostic>& incidents) {
  Toggles toggles;
  const auto decode = [&](const json::Document& document) -> Result<void> {
    COWORK_ASSIGN(toggles, read_toggles(document));
    return {};
  };
  Toggles after_loss;
  after_loss.user_packs_default_on = false;
  const StateLoss loss{toggle_text(after_loss, clock_->system_ms()),
                       "user packs stay off until they are toggled again"};
  COWORK_ASSIGN(const StateOrigin origin, file_->load(decode, loss, incidents));
  return numbered(origin == StateOrigin::lost ? std::move(after_loss) : std::move(toggles));
}

Result<std::shared_ptr<const Toggles>> ToggleStore::save(Toggles next) {
  COWORK_TRY(file_->save(toggle_text(next, clock_->system_ms())));
  return numbered(std::move(next));
}

std::uint64_t ToggleStore::fingerprint() const {
  return file_->fingerprint();
}

}  // namespace cowork
