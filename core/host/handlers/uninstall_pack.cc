#include "uninstall_pack.h"

#include "cowork/base/text.h"
#include "publish_pack.h"

namespace cowork::handlers {
namespace {

/// Under the lock: the directory still holds the pack that was judged. Errors: conflict, io.
Result<void> still_there(HostImpl& host, const PackRecord& pack) {
  auto now = host.source().read_again(pack);
  if (now || now.error().code() == ErrorCode::not_found) return {};
  if (now.error().code() != ErrorCode::integrity) return fail(std::move(now).error());
  return fail(Error::conflict("pack " + quoted(pack.name()) + " was changed meanwhile")
                  .with_why("its manifest in " + pack.path() + " is no longer the one that was read")
                  .with_remedy("run the command again"));
}

/// What is to go: a pack of the catalog, or a directory that holds none which could be listed.
struct Doomed {
  std::string name;
  std::string directory;
  const PackRecord* pack = nullptr;
};

bool has_directory(HostImpl& host, const std::string& name) {
  const auto extensions = host.disk().open(host.extensions_directory());
  return extensions && (*extensions)->status(name);
}

/// Broken packs are in no catalog, and have to be removable all the same. Errors: not-found, conflict,
/// invalid-argument.
Result<Doomed> find_doomed(HostImpl& host, const Snapshot& snapshot, const std::string& id) {
  const Catalog& catalog = snapshot.catalog();
  const bool listed = catalog.resolve(id).has_value();
  if (!listed && is_pack_name(id) && (snapshot.locks().find(id) || has_directory(host, id))) {
    if (const PackRecord* other = other_pack_in(catalog, id)) {
      return fail(Error::conflict("the directory " + quoted(id) + " holds pack " + quoted(other->name()))
                      .with_why("it stands in " + other->path())
                      .with_remedy("cowork pack remove " + std::string(other->name())));
    }
    return Doomed{id, id, nullptr};
  }
  COWORK_ASSIGN(const std::size_t index, host.resolve(catalog, id));
  const PackRecord& pack = catalog[index];
  if (pack.scope == Scope::user) return Doomed{std::string(pack.name()), pack.alias.str(), &pack};
  return fail(Error::invalid_argument("pack " + quoted(pack.name()) + " is a pack of the " +
                                      std::string(to_string(pack.scope)) + " tier; only user packs can be uninstalled")
                  .with_why("it stands in " + pack.path())
                  .with_remedy("cowork pack disable " + std::string(pack.name())));
}

/// Killed between removing the tree and the record, the record is pending, and a tree that is gone means that it goes.
Result<void> announce_removal(HostImpl& host, const Snapshot& current, const Doomed& doomed) {
  const LockRecord* record = current.locks().find(doomed.name);
  if (!record) return {};
  LockRecords locks = current.locks();
  LockRecord& pending = locks.packs[doomed.name];
  pending.pending = true;
  pending.previous = std::make_shared<const LockRecord>(*record);
  return host.save_locks(std::move(locks));
}

/// A directory that somebody has removed already is no fault: what is left of the pack goes too.
Result<void> remove_directory(HostImpl& host, const Snapshot& current, const Doomed& doomed) {
  if (doomed.pack) COWORK_TRY(still_there(host, *doomed.pack));
  COWORK_TRY(announce_removal(host, current, doomed));
  auto removed = host.stager().remove(host.extensions_directory(), doomed.directory);
  if (removed) return {};
  if (!current.locks().find(doomed.name)) return removed;
  if (removed.error().code() == ErrorCode::not_found) return {};
  // What can't be taken back is settled when the records are read next: the tree is there.
  if (auto restored = host.save_locks(current.locks()); !restored)
    return fail(
        removed.error().prefixed("and the lock record could not be taken back (" + restored.error().message() + ")"));
  return removed;
}

}  // namespace

Result<std::string> uninstall(HostImpl& host, AdmittedBase& admitted, const std::string& id,
                              const RemovalCondition& condition) {
  COWORK_ASSIGN(const Doomed doomed, find_doomed(host, admitted.snapshot(), id));
  const std::string& name = doomed.name;
  if (condition) COWORK_TRY(condition(admitted.snapshot(), name));
  auto committed = admitted.commit([&](const Snapshot& current) -> Result<void> {
    if (condition) COWORK_TRY(condition(current, name));
    COWORK_TRY(remove_directory(host, current, doomed));
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
  return name;
}

Result<UninstallPack::Reply> uninstall_pack(HostImpl& host, Admitted<UninstallPack>& admitted) {
  COWORK_ASSIGN(std::string name, uninstall(host, admitted, admitted.request().name));
  return UninstallPack::Reply{std::move(name)};
}

}  // namespace cowork::handlers
