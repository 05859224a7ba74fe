#include "pack_integrity.h"

#include "cowork/base/text.h"

namespace cowork {
namespace {

Error unreadable(const std::string& path, const LockRecord& record, const Error& error) {
  return Error(ErrorCode::integrity, "pack " + quoted(record.name) + " can't be compared with what was installed")
      .with_why(error.message())
      .with_remedy("cowork pack update " + record.name)
      .with_place({path, 0, 0, {}});
}

Error changed(const std::string& path, const LockRecord& record, std::string why) {
  return Error(ErrorCode::integrity, "pack " + quoted(record.name) + " was changed after it was installed")
      .with_why(std::move(why))
      .with_remedy("cowork pack update " + record.name)
      .with_place({path, 0, 0, {}});
}

}  // namespace

std::optional<Error> PackIntegrity::fault_now(const std::string& path, const LockRecord& record, std::string& found) {
  auto hash = source_->tree_sha256(path);
  if (!hash) return unreadable(path, record, hash.error());
  found = *std::move(hash);
  if (found == record.tree_sha256) return std::nullopt;
  return changed(path, record, "the treeSha256 of " + path + " is " + found + ", installed was " + record.tree_sha256);
}

void PackIntegrity::forget(const std::string& path) {
  const std::lock_guard lock(mutex_);
  known_.erase(path);
}

std::optional<Error> PackIntegrity::fault(const std::string& path, const LockRecord& record) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = known_.find(path);
    if (known != known_.end() && known->second.expected == record.tree_sha256) return known->second.fault;
  }
  return verify(path, record);
}

void PackIntegrity::start_over() {
  const std::lock_guard lock(mutex_);
  if (known_.empty() && verifying_ == 0) return;
  known_.clear();
  ++revision_;
}

std::optional<Error> PackIntegrity::verify(const std::string& path, const LockRecord& record) {
  std::string found;
  const Verifying verifying(*this);
  const std::uint64_t began = revision();
  std::optional<Error> fault = fault_now(path, record, found);
  const std::lock_guard lock(mutex_);
  // What was read before everybody started over may be older than that.
  if (began == revision()) known_.insert_or_assign(path, Known{record.tree_sha256, fault});
  return fault;
}

}  // namespace cowork
