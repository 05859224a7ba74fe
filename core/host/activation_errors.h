// What kept packs from being activated. Private to core/host.
//
// Threads: any.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "cowork/base/result.h"
#include "cowork/catalog/catalog.h"

namespace cowork {

/// What distinguishes one content of a pack from another: what is activated anew when it changes.
inline std::string content_of(const PackRecord& pack) {
  return pack.path() + '\n' + std::string(pack.manifest_hash.begin(), pack.manifest_hash.end());
}

class ActivationErrors {
 public:
  struct Entry {
    std::string content;
    Error error;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  /// Keeps the error, or forgets the one there was.
  void remember(const std::string& name, const std::string& content, const Result<void>& activated);
  /// Forgets what `obsolete` says, so that the packs are tried again.
  void forget_if(const std::function<bool(const std::string& name, const Entry& entry)>& obsolete);
  Entries entries() const;
  /// Changes whenever the entries do.
  std::uint64_t revision() const noexcept { return revision_.load(std::memory_order_acquire); }

 private:
  mutable std::mutex mutex_;
  Entries entries_;
  std::atomic<std::uint64_t> revision_{0};
};

}  // namespace cowork
