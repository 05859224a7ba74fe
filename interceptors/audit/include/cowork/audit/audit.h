// The audit trail as one member of the chain (SPEC §10), and `audit:query`.
//
// Threads: every method may be called by any thread; several processes share one trail.
#pragma once

#include <memory>
#include <string>

#include "cowork/host/host_builder.h"

namespace cowork::audit {

struct Options {
  std::shared_ptr<Disk> disk;
  std::shared_ptr<Clock> clock;
  std::string path;                          ///< <home>/audit.jsonl, or what the machine's host.json says
  std::uint64_t max_bytes = 16u << 20;       ///< rotated to `<path>.1` … `<path>.<max_files>` past this
  unsigned max_files = 8;
  bool reads = false;                        ///< write reads down too
};

class Audit {
 public:
  static std::shared_ptr<Audit> make(Options options);
  virtual ~Audit() = default;
  /// For HostBuilder::use(…, Phase::observe).
  virtual std::shared_ptr<Interceptor> interceptor() = 0;
  /// Adds `audit:query` with its JSON.
  virtual void register_operations(HostBuilder& builder) = 0;
};

}  // namespace cowork::audit
