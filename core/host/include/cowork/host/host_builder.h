// HostBuilder: puts a PluginHost together. What is not given here does not exist in the host.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cowork/host/loading.h"
#include "cowork/host/native_code.h"
#include "cowork/host/plugin_host.h"
#include "cowork/host/registry.h"
#include "cowork/ports/clock.h"
#include "cowork/ports/disk.h"

namespace cowork {

struct HostOptions {
  std::string home;              ///< absolute; made with the first write
  std::shared_ptr<Disk> disk;    ///< null: the real one
  std::shared_ptr<Clock> clock;  ///< null: the real one
  /// Where a dry run puts what it fetches, for as long as it looks at it.
  std::string temporary_directory = "/tmp";
  /// How long a mutation waits for the home's lock.
  std::chrono::milliseconds lock_wait{10'000};
  /// A call that runs longer than this is named in a `diagnostic` event, with the interceptor that has it. Needs
  /// watch().
  std::chrono::milliseconds watchdog{5'000};
};

class HostBuilder {
 public:
  explicit HostBuilder(HostOptions options);
  HostBuilder(HostBuilder&&) noexcept;
  ~HostBuilder();

  /// Adds an interceptor at the end of its phase. `source` is what `host:chain` shows.
  HostBuilder& use(std::shared_ptr<Interceptor> interceptor, Phase phase = Phase::application,
                   std::string source = "application");
  /// A lambda will do; it sees every operation.
  HostBuilder& use(std::string name, std::function<Outcome(Call&, Next)> intercept, Phase phase = Phase::application);

  /// Adds an operation of the application's own. With a codec it can be called by name (`cowork call`, JSON-RPC).
  template <Operation Op>
  HostBuilder& operation(Handler<Op> handler, Codec<Op> codec = {}) {
    return add(std::make_unique<Registered<Op>>(std::move(handler), std::move(codec)));
  }

  /// Where packs are looked for; asked before every scan, so that a policy may change it.
  HostBuilder& tiers(std::function<std::vector<TierRoot>()> roots);
  HostBuilder& pack_source(std::shared_ptr<PackSource> source);
  HostBuilder& pack_stager(std::shared_ptr<PackStager> stager);
  HostBuilder& pack_fetcher(std::shared_ptr<PackFetcher> fetcher);
  /// Without one no native code is run.
  HostBuilder& code_loader(std::shared_ptr<CodeLoader> loader);
  HostBuilder& pack_registry(std::shared_ptr<PackRegistry> registry);
  HostBuilder& pack_scaffolder(std::shared_ptr<PackScaffolder> scaffolder);
  /// Adds to host:status `layers` (an array) and to its diagnostics.
  HostBuilder& status_contributor(std::function<void(GetStatus::Reply&)> contributor);
  /// Called by refresh() before the host looks for changes itself: re-read what may have changed on disk.
  HostBuilder& on_refresh(std::function<void()> hook);
  /// refresh() twice a second on a thread of the host's own. Off by default.
  HostBuilder& watch(bool on);
  /// start() fails when no interceptor is in the policy phase, unless this was called.
  HostBuilder& without_policy();

  /// Errors: invalid-argument (duplicate interceptor or operation, no policy, relative home).
  Result<PluginHost> start();

 private:
  HostBuilder& add(std::unique_ptr<RegisteredOperation> operation);
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace cowork
