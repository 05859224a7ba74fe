#include "../handlers.h"
#include "same_pack.h"

namespace cowork::handlers {

Result<TogglePack::Reply> toggle_pack(HostImpl& host, Admitted<TogglePack>& admitted) {
  const bool enabled = admitted.request().enabled;
  COWORK_ASSIGN(const std::size_t index, host.resolve(admitted.snapshot().catalog(), admitted.request().name));
  const std::string name(admitted.snapshot().catalog()[index].name());
  auto committed = admitted.commit([&](const Snapshot& current) -> Result<void> {
    COWORK_TRY(same_pack(current.catalog(), admitted.request().name, name));
    Toggles next = current.toggles();
    next.packs[name] = enabled;
    return host.save_toggles(current, std::move(next));
  });
  COWORK_TRY(std::move(committed));
  admitted.after_commit([&] {
    if (enabled) host.forgive(name);
    host.reconcile(admitted.call().id());
  });
  return TogglePack::Reply{name, enabled};
}

}  // namespace cowork::handlers
