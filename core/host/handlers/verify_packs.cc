#include "../handlers.h"
#include "cowork/base/text.h"

namespace cowork::handlers {
namespace {

VerifyPacks::Entry verify(HostImpl& host, const PackRecord& pack, const LockRecord& record) {
  VerifyPacks::Entry entry;
  entry.name = pack.name();
  entry.expected = record.tree_sha256;
  const auto fault = host.integrity().fault_now(pack, record, entry.found);
  entry.verified = !fault;
  if (fault) entry.problem = fault->message() + ": " + fault->why();
  return entry;
}

PackRecord place_of(HostImpl& host, const std::string& name) {
  PackRecord pack;
  pack.manifest.name = name;
  pack.alias = name;
  pack.path = host.extensions_directory() + "/" + name;
  return pack;
}

}  // namespace

Result<VerifyPacks::Reply> verify_packs(HostImpl& host, Admitted<VerifyPacks>& admitted) {
  const Snapshot& snapshot = admitted.snapshot();
  VerifyPacks::Reply reply;
  std::string name = admitted.request().name;
  if (name.empty()) {
    for (const auto& [recorded, record] : snapshot.locks().packs)
      reply.push_back(verify(host, place_of(host, recorded), record));
    return reply;
  }
  const LockRecord* record = snapshot.locks().find(name);
  if (!record) {
    COWORK_ASSIGN(const std::size_t index, host.resolve(snapshot.catalog(), name));
    name = snapshot.catalog()[index].name();
    return fail(Error::not_found("pack " + quoted(name) + " has no lock record to verify it against")
                    .with_why("only what `cowork pack install` brought has one; it stands in " +
                              snapshot.catalog()[index].path));
  }
  reply.push_back(verify(host, place_of(host, name), *record));
  return reply;
}

}  // namespace cowork::handlers
