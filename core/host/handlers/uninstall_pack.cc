#include "../handlers.h"
#include "cowork/base/text.h"

namespace cowork::handlers {

Result<UninstallPack::Reply> uninstall_pack(HostImpl& host, Admitted<UninstallPack>& admitted) {
  COWORK_ASSIGN(const std::size_t index, host.resolve(admitted.snapshot().catalog(), admitted.request().name));
  const PackRecord& pack = admitted.snapshot().catalog()[index];
  const std::string name = pack.name();
  if (pack.scope != Scope::user) {
    return fail(Error::invalid_argument("pack " + quoted(name) + " is a pack of the " + std::string(to_string(pack.scope)) +
                                        " tier; only user packs can be uninstalled")
                    .with_why("it stands in " + pack.path)
                    .with_remedy("cowork pack disable " + name));
  }
  auto committed = admitted.commit([&](const Snapshot& current) -> Result<void> {
    COWORK_TRY(host.stager().remove(host.extensions_directory(), pack.alias));
    // From here on the pack is gone: what is left of it elsewhere is a warning.
    Toggles toggles = current.toggles();
    if (toggles.packs.erase(name) + toggles.skills.erase(name) > 0) {
      if (auto saved = host.save_toggles(current, std::move(toggles)); !saved) admitted.call().warn("its switches stay: " + saved.error().message());
    }
    LockRecords locks = current.locks();
    if (locks.packs.erase(name) > 0) {
      if (auto saved = host.save_locks(std::move(locks)); !saved) admitted.call().warn("its lock record stays: " + saved.error().message());
    }
    return {};
  });
  COWORK_TRY(std::move(committed));
  if (!admitted.dry_run()) {
    host.rescan();
    host.reconcile(admitted.call().id());
  }
  return UninstallPack::Reply{name};
}

}  // namespace cowork::handlers
