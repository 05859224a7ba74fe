// The tree that will be sent: complete and checked before its first frame.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cowork/loaders/fetcher.h"
#include "cowork/loaders/pack_tree.h"

namespace cowork::fetch {

/// Threads: one owner.
class TreePlan {
 public:
  explicit TreePlan(const loaders::FetchLimits& limits) : limits_(&limits), rule_({}) {}

  /// In any order; directories that are only meant by a path are added. Errors: invalid-argument.
  Result<void> add(const loaders::TreeEntry& entry);
  /// Sorted, so that each comes before what lies in it.
  const std::set<std::string>& directories() const noexcept { return directories_; }

 private:
  Result<void> add_directories_above(const std::string& path);
  Result<void> admit(const loaders::TreeEntry& entry);

  const loaders::FetchLimits* limits_;
  loaders::TreeRule rule_;
  std::set<std::string> directories_;
  std::set<std::string> meant_;  // of them those that no entry has named yet
  std::set<std::string> files_;
  std::uint64_t entries_ = 0;
  std::uint64_t bytes_ = 0;
};

/// The one top-level directory that all of `entries` lie in; empty when they lie at the root, which is where a
/// cowork.plugin.json stands. Errors: invalid-argument (no cowork.plugin.json at either place).
Result<std::string> pack_root(const std::vector<loaders::TreeEntry>& entries);

}  // namespace cowork::fetch
