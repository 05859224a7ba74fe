// What handlers of components may ask of the host that runs them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json.h"
#include "cowork/chain/chain.h"
#include "cowork/operation/pack.h"

namespace cowork {

/// Told to subscribers. Types of SPEC §7: `policy-changed`, `catalog-changed`, `pack-state-changed`,
/// `install-progress`, `diagnostic`.
struct Event {
  std::string type;
  json::Value data;  ///< an object
};

/// Threads: any. Ownership: the host's; valid for as long as the host is.
class HostServices {
 public:
  virtual ~HostServices() = default;
  /// The packs with their flags, from one snapshot. Cached per revision.
  virtual std::shared_ptr<const PackTable> table() = 0;
  virtual std::shared_ptr<const Snapshot> snapshot(Freshness freshness) = 0;
  /// The verdict on a public operation with these JSON parameters, without side effects: the same that a call would
  /// get. Errors: invalid-argument (unknown operation, bad parameters).
  virtual Result<Verdict> explain(std::string_view operation, const json::Value& params,
                                  const CallOptions& options) = 0;
  /// Says what changed since the last time: packs newly blocked are deactivated (`pack:deactivate`), newly permitted or
  /// required ones activated (`pack:activate`), each through the chain with `parent` as their parent; tiers are scanned
  /// again when their roots changed. Emits `policy-changed`/`catalog-changed`/`pack-state-changed`. Must not be called
  /// inside a commit.
  virtual void reconcile(std::uint64_t parent) = 0;
  virtual void emit(Event event) = 0;
  virtual const std::string& home() const noexcept = 0;
};

}  // namespace cowork
