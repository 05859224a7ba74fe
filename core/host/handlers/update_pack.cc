#include "cowork/base/text.h"
#include "publish_pack.h"
#include "stage_pack.h"

namespace cowork::handlers {
namespace {

Error no_record(const std::string& name) {
  return Error::not_found("nothing is known of where pack " + quoted(name) + " came from")
      .with_why("only what `cowork pack install` brought has a lock record")
      .with_remedy("cowork pack install --replace SOURCE");
}

/// The record of the pack that `id` names. Errors: not-found, invalid-argument (a pack of a higher tier).
Result<LockRecord> record_of(HostImpl& host, const Snapshot& snapshot, const std::string& id) {
  // A pack whose manifest got lost is in no catalog, and an update is what mends it.
  const LockRecord* record = snapshot.locks().find(id);
  const Catalog& catalog = snapshot.catalog();
  if (record && !catalog.resolve(id)) return *record;
  COWORK_ASSIGN(const std::size_t index, host.resolve(catalog, id));
  const PackRecord& pack = catalog[index];
  if (pack.scope != Scope::user) {
    return fail(Error::invalid_argument("pack " + quoted(pack.name()) + " is a pack of the " +
                                        std::string(to_string(pack.scope)) + " tier; only user packs are updated")
                    .with_why("it stands in " + pack.path()));
  }
  record = pack.alias == pack.name() ? snapshot.locks().find(pack.name()) : nullptr;
  if (!record) return fail(no_record(std::string(pack.name())));
  return *record;
}

bool is_as_recorded(HostImpl& host, const LockRecord& record) {
  const std::string path = host.extensions_directory() + "/" + record.name;
  std::string found;
  return !host.integrity().fault_now(path, record, found);
}

}  // namespace

Result<UpdatePack::Reply> update_pack(HostImpl& host, Admitted<UpdatePack>& admitted) {
  const UpdatePack& request = admitted.request();
  COWORK_ASSIGN(const LockRecord record, record_of(host, admitted.snapshot(), request.name));
  InstallOptions options = request.options;
  options.replace = true;
  if (options.ref.empty()) options.ref = record.ref;
  const PackOrigin origin{record.source_kind, record.source};
  COWORK_ASSIGN(const auto staged, stage(host, admitted, origin, options));
  // Compared with what stands there now, which somebody may have changed.
  const bool same = staged->tree_sha256() == record.tree_sha256 && is_as_recorded(host, record);
  COWORK_ASSIGN(const AdmissionNotes notes, publish(host, admitted,
                                                    {.staged = staged.get(),
                                                     .source_kind = origin.kind,
                                                     .source = origin.location,
                                                     .options = options,
                                                     .must_be = record.name},
                                                    {}));
  return UpdatePack::Reply{install_reply(host, *staged, notes), record.version, !same};
}

}  // namespace cowork::handlers
