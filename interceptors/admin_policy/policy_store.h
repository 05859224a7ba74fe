// What is in force now: the layers' files read, merged and published as one immutable EffectivePolicy.
//
// Threads: every method may be called by any thread; current() never waits for the disk.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "cowork/admin_policy/admin_policy.h"
#include "layer_file.h"
#include "layers.h"

namespace cowork::admin_policy {

class PolicyStore {
 public:
  explicit PolicyStore(const Options& options);

  std::shared_ptr<const EffectivePolicy> current() const;
  /// Whether that is `state`, which somebody holds.
  bool is_current(const JudgeState& state) const noexcept {
    return current_address_.load(std::memory_order_acquire) == &state;
  }
  /// Looks at each file and takes in what changed. True when something did.
  bool refresh();
  /// Writes one layer's file if that layer still is as in `judged`, and publishes the result. Errors: of
  /// LayerFile::write.
  Result<void> write(const EffectivePolicy& judged, LayerKind kind, std::string_view text);
  /// When the host started, for a policy without any file.
  std::int64_t started_ms() const noexcept { return started_ms_; }

 private:
  bool refresh_locked();
  void publish_locked();

  std::int64_t started_ms_;
  std::mutex files_mutex_;
  std::vector<LayerFile> files_;  ///< highest first
  mutable std::mutex current_mutex_;
  std::shared_ptr<const EffectivePolicy> current_;
  std::atomic<const JudgeState*> current_address_{nullptr};
};

}  // namespace cowork::admin_policy
