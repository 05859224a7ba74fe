#include "../handlers.h"
#include "cowork/base/text.h"

namespace cowork::handlers {
namespace {

VerifyPacks::Entry verify(HostImpl& host, const LockRecord& record) {
  VerifyPacks::Entry entry;
  entry.name = record.name;
  entry.expected = record.tree_sha256;
  const auto fault = host.integrity().fault_now(host.extensions_directory() + "/" + record.name, record, entry.found);
  entry.verified = !fault;
  if (fault) entry.problem = fault->message() + ": " + fault->why();
  return entry;
}

}  // namespace

Result<VerifyPacks::Reply> verify_packs(HostImpl& host, Admitted<VerifyPacks>& admitted) {
  const Snapshot& snapshot = admitted.snapshot();
  VerifyPacks::Reply reply;
  std::string name = admitted.request().name;
  if (name.empty()) {
    for (const auto& [recorded, record] : snapshot.locks().packs) reply.push_back(verify(host, record));
    return reply;
  }
  const LockRecord* record = snapshot.locks().find(name);
  if (!record) {
    COWORK_ASSIGN(const std::size_t index, host.resolve(snapshot.catalog(), name));
    name = snapshot.catalog()[index].name();
    return fail(Error::not_found("pack " + quoted(name) + " has no lock record to verify it against")
                    .with_why("only what `cowork pack install` brought has one; it stands in " +
                              snapshot.catalog()[index].path()));
  }
  reply.push_back(verify(host, *record));
  return reply;
}

}  // namespace cowork::handlers
