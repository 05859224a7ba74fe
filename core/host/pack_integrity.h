// Whether installed packs are still what was installed. Private to core/host.
//
// Threads: any.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "cowork/host/loading.h"
#include "cowork/state/lock_records.h"

namespace cowork {

class PackIntegrity {
 public:
  explicit PackIntegrity(std::shared_ptr<PackSource> source) : source_(std::move(source)) {}

  /// What keeps the pack from being what `record` says: an error with the code integrity. Its tree is hashed once for
  /// each catalog.
  std::optional<Error> fault(const PackRecord& pack, const LockRecord& record, std::uint64_t catalog_revision);
  /// The same, hashed anew, and kept for that catalog.
  std::optional<Error> verify(const PackRecord& pack, const LockRecord& record, std::uint64_t catalog_revision);
  /// Forgets what is known of the pack at `path`.
  void forget(const std::string& path);
  /// The same, hashed anew; `found` is the hash, or empty when the tree can't be read.
  std::optional<Error> fault_now(const PackRecord& pack, const LockRecord& record, std::string& found);

 private:
  struct Known {
    std::uint64_t catalog_revision = 0;
    std::string expected;
    std::optional<Error> fault;
  };
  std::shared_ptr<PackSource> source_;
  std::mutex mutex_;
  std::map<std::string, Known> known_;  ///< by path
};

}  // namespace cowork
