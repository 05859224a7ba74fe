// The audit trail as one member of the chain (SPEC §10), and `audit:query`.
//
// The trail is one JSON object a line: seq, time, id, parent?, operation, subject, actor, entry, verdict, code?, rule?,
// policyRevision, micros, prev, hash. `prev` is the hash of the line before (64 zeros for the first one). `hash` is the
// lower-case hex SHA-256 of prev's 64 characters followed by the line without its member hash: from "{" to the
// quotation mark that ends prev, then "}". `<path>.lock` holds the newest line's number and hash. Verdicts: `allowed`
// (a change, written just before its effect), `denied`, `failed` (the effect of an allowed change; the same id again),
// `error` (a change that failed before its effect for another reason than a rule).
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
  std::string path;                     ///< absolute: <home>/audit.jsonl, or what the machine's host.json says
  std::uint64_t max_bytes = 16u << 20;  ///< rotated to `<path>.1` … `<path>.<max_files>` past this
  unsigned max_files = 8;
  bool reads = false;  ///< write reads down too
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
