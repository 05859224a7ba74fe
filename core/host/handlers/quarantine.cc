#include "cowork/base/text.h"
#include "uninstall_pack.h"

namespace cowork::handlers {
namespace {

Error not_quarantined(const std::string& name) {
  return Error::conflict("pack " + quoted(name) + " is not quarantined")
      .with_why("the content scan holds nothing back of what is installed under this name")
      .with_remedy("cowork pack quarantine list");
}

/// The record that holds `name` back. Errors: conflict.
Result<LockRecord> held_back(const Snapshot& snapshot, const std::string& name) {
  const LockRecord* record = snapshot.locks().find(name);
  const auto index = snapshot.catalog().find(name);
  const bool of_user = !index || snapshot.catalog()[*index].scope == Scope::user;
  if (!record || !of_user || !record->scan || !record->scan->holds_back()) return fail(not_quarantined(name));
  return *record;
}

/// Under the lock: the files are those that the report is about. Errors: integrity.
Result<void> still_what_was_scanned(HostImpl& host, const LockRecord& record) {
  const std::string path = host.extensions_directory() + "/" + record.name;
  std::string found;
  if (auto changed = host.integrity().fault_now(path, record, found)) return fail(*std::move(changed));
  return {};
}

}  // namespace

Result<ListQuarantine::Reply> list_quarantine(HostImpl& host, Admitted<ListQuarantine>& admitted) {
  ListQuarantine::Reply reply;
  for (const auto& [name, record] : admitted.snapshot().locks().packs) {
    if (record.scan && record.scan->holds_back())
      reply.push_back({name, host.extensions_directory() + "/" + name, record.scan});
  }
  return reply;
}

Result<ReleaseQuarantined::Reply> release_quarantined(HostImpl& host, Admitted<ReleaseQuarantined>& admitted) {
  std::string name = admitted.request().name;
  if (!admitted.snapshot().locks().find(name)) {
    COWORK_ASSIGN(const std::size_t index, host.resolve(admitted.snapshot().catalog(), name));
    name = admitted.snapshot().catalog()[index].name();
  }
  COWORK_ASSIGN(const LockRecord examined, held_back(admitted.snapshot(), name));
  COWORK_TRY(still_what_was_scanned(host, examined));
  auto committed = admitted.commit([&](const Snapshot& current) -> Result<void> {
    COWORK_ASSIGN(LockRecord record, held_back(current, name));
    if (record.tree_sha256 != examined.tree_sha256)
      return fail(Error::conflict("pack " + quoted(name) + " was installed anew meanwhile")
                      .with_why("another pack was looked at than the one that would be released")
                      .with_remedy("cowork pack info " + name));
    ScanReport released = *record.scan;
    released.released_at = utc_timestamp(host.clock().system_ms());
    record.scan = std::make_shared<const ScanReport>(std::move(released));
    LockRecords locks = current.locks();
    locks.packs[name] = std::move(record);
    return host.save_locks(std::move(locks));
  });
  COWORK_TRY(std::move(committed));
  admitted.after_commit([&] { host.reconcile(admitted.call().id()); });
  return ReleaseQuarantined::Reply{name};
}

Result<RemoveQuarantined::Reply> remove_quarantined(HostImpl& host, Admitted<RemoveQuarantined>& admitted) {
  const RemovalCondition condition = [](const Snapshot& snapshot, const std::string& name) -> Result<void> {
    COWORK_TRY(held_back(snapshot, name));
    return {};
  };
  COWORK_ASSIGN(std::string name, uninstall(host, admitted, admitted.request().name, condition));
  return RemoveQuarantined::Reply{std::move(name)};
}

}  // namespace cowork::handlers
