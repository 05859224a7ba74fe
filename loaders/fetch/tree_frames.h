// Frames → the tree that the host asked for. Private to loaders/fetch.
#pragma once

#include <chrono>
#include <set>
#include <string>

#include "cowork/loaders/fetcher.h"
#include "cowork/loaders/pack_tree.h"
#include "frame_reader.h"

namespace cowork::loaders {

/// Checks again what the fetch program should have checked, and hands the entries on. Threads: one owner.
class TreeFrames final : public FrameHandler {
 public:
  TreeFrames(const FetchRequest& request, const FetchLimits& limits, TreeWriter& writer, const FetchControl& control)
      : request_(&request), limits_(&limits), writer_(&writer), control_(&control), rule_({}) {}

  void on_progress(const FetchProgress& progress) override;
  Result<void> on_directory(const std::string& path) override;
  Result<void> on_file_announced(const std::string& path, std::uint64_t size, bool executable) override;
  Result<void> on_file(const std::string& path, std::string_view bytes, bool executable) override;
  Result<void> on_done(FetchResult result) override;

  /// What `done` said.
  FetchResult take_result() { return std::move(result_); }

 private:
  Result<void> check_parent(const std::string& path) const;
  Result<void> admit(const TreeEntry& entry);

  const FetchRequest* request_;
  const FetchLimits* limits_;
  TreeWriter* writer_;
  const FetchControl* control_;
  TreeRule rule_;
  std::set<std::string> directories_;
  std::uint64_t entries_ = 0;
  std::uint64_t bytes_ = 0;
  std::chrono::steady_clock::time_point next_progress_{};
  FetchResult result_;
};

}  // namespace cowork::loaders
