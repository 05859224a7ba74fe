// The pack registry as the host sees it: a catalog of packs that can be installed. Core knows no registry: assembly
// hands one in (loaders/registry).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/result.h"
#include "cowork/catalog/scope.h"
#include "cowork/operation/registry_operations.h"

namespace cowork {

/// Immutable once published.
struct RegistryCatalog {
  std::string updated_at;
  std::vector<RegistryEntry> entries;  ///< in the catalog's order; ids are unique

  const RegistryEntry* find(std::string_view id) const noexcept;
};

struct RegistryControl {
  std::stop_token stop;
  std::optional<std::chrono::steady_clock::time_point> deadline;
};

/// Threads: any.
class PackRegistry {
 public:
  virtual ~PackRegistry() = default;
  /// The catalog, at most five minutes old; the last good one where a newer can't be had, which diagnostics() then
  /// says. Errors: not-found (no registry is configured), network, io, invalid-argument (what was fetched is no
  /// catalog), cancelled, timeout; only where there is no last good one.
  virtual Result<std::shared_ptr<const RegistryCatalog>> catalog(const RegistryControl& control) = 0;
  /// What is wrong with it now: `registry-stale`, `invalid-registry`. For host:status.
  virtual std::vector<Diagnostic> diagnostics() const = 0;
};

}  // namespace cowork
