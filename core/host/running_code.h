// The native packs that run in a host. Private to core/host.
//
// Threads: any. No lock is held while code of a pack runs.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "activation_errors.h"
#include "cowork/chain/chain.h"
#include "cowork/host/isolated_code.h"
#include "cowork/host/native_code.h"

namespace cowork {

class RunningCode {
 public:
  /// Without a loader no pack's code may run.
  explicit RunningCode(std::shared_ptr<CodeLoader> loader);

  /// Why this pack's code may not run here; empty when it may.
  std::string refusal(const PackRecord& pack, const TierStatus& tier) const;
  /// Whether this pack's code belongs outside of the host.
  bool isolates(const PackRecord& pack, const TierStatus& tier) const;
  /// Whether it is outside of the host: what was loaded stays where it is until it is stopped.
  bool runs_isolated(const PackRecord& pack, const TierStatus& tier) const;
  /// Whether what runs under this pack's name was loaded from this very record, and may run where it does.
  bool runs(const PackRecord& pack, const TierStatus& tier) const;
  /// What has to be loaded anew when it changes.
  std::string content(const PackRecord& pack, const TierStatus& tier) const;
  /// Null when it does not run.
  std::shared_ptr<NativePack> find(std::string_view name) const;
  /// Loads and starts it, in place of what ran under its name. Errors: those of CodeLoader::load.
  Result<void> load(const PackRecord& pack, const TierStatus& tier, const LockRecord* lock_record);
  /// Calls that are under way end first; the pack stops with the last of them.
  void stop(std::string_view name);
  void forgive(std::string_view name);
  /// As CodeLoader has them.
  void on_given_up(std::function<void(const std::string& name, const Error& why)> listener);
  void stop_telling() noexcept;

  /// Of all packs that run, by pack name.
  std::vector<ChainMember> interceptors() const;
  void tell(const Event& event) const;
  /// Changes whenever something is loaded or stopped, or says what tools it has (an isolated pack does when it runs
  /// first).
  std::uint64_t revision() const {
    return silent_.load(std::memory_order_acquire) == 0 ? revision_.load(std::memory_order_acquire) : look_again();
  }

 private:
  struct Running {
    std::string content;
    bool isolated = false;
    std::shared_ptr<NativePack> pack;
    std::vector<std::shared_ptr<Interceptor>> interceptors;
  };
  /// Whether a silent pack has said something since.
  std::uint64_t look_again() const;
  /// Under the lock.
  std::size_t count_silent() const;

  std::shared_ptr<CodeLoader> loader_;
  CodeIsolation* isolation_;  ///< the loader; null where it isolates nothing
  mutable std::mutex mutex_;
  std::map<std::string, Running, std::less<>> packs_;
  mutable std::atomic<std::uint64_t> revision_{0};
  /// Packs that have not said yet what tools they have, when somebody looked last.
  mutable std::atomic<std::size_t> silent_{0};
};

}  // namespace cowork
