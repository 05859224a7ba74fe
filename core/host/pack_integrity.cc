#include "pack_integrity.h"

#include "cowork/base/text.h"

namespace cowork {
namespace {

Error unreadable(const PackRecord& pack, const Error& error) {
  return Error(ErrorCode::integrity, "pack " + quoted(pack.name()) + " can't be compared with what was installed")
      .with_why(error.message())
      .with_remedy("cowork pack update " + pack.name())
      .with_place({pack.path, 0, 0, {}});
}

Error changed(const PackRecord& pack, std::string why) {
  return Error(ErrorCode::integrity, "pack " + quoted(pack.name()) + " was changed after it was installed")
      .with_why(std::move(why))
      .with_remedy("cowork pack update " + pack.name())
      .with_place({pack.path, 0, 0, {}});
}

}  // namespace

std::optional<Error> PackIntegrity::fault_now(const PackRecord& pack, const LockRecord& record, std::string& found) {
  auto hash = source_->tree_sha256(pack);
  if (!hash) return unreadable(pack, hash.error());
  found = *std::move(hash);
  if (found == record.tree_sha256) return std::nullopt;
  return changed(pack, "the treeSha256 of " + pack.path + " is " + found + ", installed was " + record.tree_sha256);
}

void PackIntegrity::forget(const std::string& path) {
  const std::lock_guard lock(mutex_);
  known_.erase(path);
}

std::optional<Error> PackIntegrity::fault(const PackRecord& pack, const LockRecord& record,
                                          std::uint64_t catalog_revision) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = known_.find(pack.path);
    if (known != known_.end() && known->second.catalog_revision == catalog_revision &&
        known->second.expected == record.tree_sha256)
      return known->second.fault;
  }
  return verify(pack, record, catalog_revision);
}

std::optional<Error> PackIntegrity::verify(const PackRecord& pack, const LockRecord& record,
                                           std::uint64_t catalog_revision) {
  std::string found;
  std::optional<Error> fault = fault_now(pack, record, found);
  const std::lock_guard lock(mutex_);
  known_.insert_or_assign(pack.path, Known{catalog_revision, record.tree_sha256, fault});
  return fault;
}

}  // namespace cowork
