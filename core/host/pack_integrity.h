// Whether installed packs are still what was installed. Private to core/host.
//
// Threads: any.
#pragma once

#include <atomic>
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

  /// What keeps the pack in the directory `path` from being what `record` says: an error with the code integrity. Its
  /// tree is hashed once in each revision.
  std::optional<Error> fault(const std::string& path, const LockRecord& record);
  /// The same, hashed anew, and kept for this revision.
  std::optional<Error> verify(const std::string& path, const LockRecord& record);
  /// A new revision: what is known is forgotten.
  void start_over();
  std::uint64_t revision() const noexcept { return revision_.load(std::memory_order_acquire); }
  /// Forgets what is known of the pack at `path`.
  void forget(const std::string& path);
  /// The same, hashed anew; `found` is the hash, or empty when the tree can't be read.
  std::optional<Error> fault_now(const std::string& path, const LockRecord& record, std::string& found);

 private:
  /// While it lives a thread hashes.
  class Verifying {
   public:
    explicit Verifying(PackIntegrity& owner) : owner_(owner) {
      const std::lock_guard lock(owner_.mutex_);
      ++owner_.verifying_;
    }
    Verifying(const Verifying&) = delete;
    Verifying& operator=(const Verifying&) = delete;
    ~Verifying() {
      const std::lock_guard lock(owner_.mutex_);
      --owner_.verifying_;
    }

   private:
    PackIntegrity& owner_;
  };
  struct Known {
    std::string expected;
    std::optional<Error> fault;
  };
  std::shared_ptr<PackSource> source_;
  std::mutex mutex_;
  std::map<std::string, Known> known_;  ///< by path
  std::size_t verifying_ = 0;           ///< threads that hash
  std::atomic<std::uint64_t> revision_{1};
};

}  // namespace cowork
