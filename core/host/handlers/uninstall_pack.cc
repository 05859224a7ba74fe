#include "../handlers.h"
#include "cowork/base/text.h"

namespace cowork::handlers {
namespace {

/// Under the lock: the directory still holds the pack that was judged. Errors: conflict, io.
Result<void> still_there(HostImpl& host, const PackRecord& pack) {
  auto now = host.source().read_again(pack);
  if (now || now.error().code() == ErrorCode::not_found) return {};
  if (now.error().code() != ErrorCode::integrity) return fail(std::move(now).error());
  return fail(Error::conflict("pack " + quoted(pack.name()) + " was changed meanwhile")
                  .with_why("its manifest in " + pack.path + " is no longer the one that was read")
                  .with_remedy("run the command again"));
}

}  // namespace

Result<UninstallPack::Reply> uninstall_pack(HostImpl& host, Admitted<UninstallPack>& admitted) {
  COWORK_ASSIGN(const std::size_t index, host.resolve(admitted.snapshot().catalog(), admitted.request().name));
  const PackRecord& pack = admitted.snapshot().catalog()[index];
  const std::string name = pack.name();
  if (pack.scope != Scope::user) {
    return fail(Error::invalid_argument("pack " + quoted(name) + " is a pack of the " +
                                        std::string(to_string(pack.scope)) +
                                        " tier; only user packs can be uninstalled")
                    .with_why("it stands in " + pack.path)
                    .with_remedy("cowork pack disable " + name));
  }
  auto committed = admitted.commit([&](const Snapshot& current) -> Result<void> {
    COWORK_TRY(still_there(host, pack));
    COWORK_TRY(host.stager().remove(host.extensions_directory(), pack.alias));
    // From here on the pack is gone: what is left of it elsewhere is a warning.
    Toggles toggles = current.toggles();
    if (toggles.packs.erase(name) + toggles.skills.erase(name) > 0) {
      if (auto saved = host.save_toggles(current, std::move(toggles)); !saved)
        admitted.call().warn("its switches stay: " + saved.error().message());
    }
    LockRecords locks = current.locks();
    if (locks.packs.erase(name) > 0) {
      if (auto saved = host.save_locks(std::move(locks)); !saved)
        admitted.call().warn("its lock record stays: " + saved.error().message());
    }
    return {};
  });
  COWORK_TRY(std::move(committed));
  admitted.after_commit([&] {
    host.rescan();
    host.reconcile(admitted.call().id());
  });
  return UninstallPack::Reply{name};
}

}  // namespace cowork::handlers
