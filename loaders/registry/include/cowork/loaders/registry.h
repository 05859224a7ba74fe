// The pack registry: `pack-catalog.json` of a directory, or of an https address by way of a fetcher.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cowork/host/fetching.h"
#include "cowork/host/registry.h"
#include "cowork/ports/clock.h"
#include "cowork/ports/disk.h"

namespace cowork::loaders {

struct RegistryOptions {
  std::shared_ptr<Disk> disk;
  std::shared_ptr<Clock> clock;
  std::shared_ptr<PackFetcher> fetcher;  ///< asked for documents
  /// Where the catalog is (is_registry_address). Asked before each use, since whoever governs the machine may change;
  /// its errors are handed on (not-found: none is configured). Any thread.
  std::function<Result<std::string>()> address;
  std::string home;                 ///< absolute; `registry.json` in it keeps what came over the network
  std::string temporary_directory;  ///< absolute; a directory of a fetch's own is made in it, and removed
};

/// An https address without user information, query and fragment, or an absolute directory.
bool is_registry_address(std::string_view text) noexcept;

/// Keeps a catalog for five minutes, and looks again no sooner than 30 seconds after it could not be had; callers who
/// ask meanwhile wait for one and the same look. What can't be used is diagnostics: `invalid-registry` for entries that
/// are left out (a hundred of them, and a count of the rest), for a document that is no catalog and for a copy that
/// can't be read; `registry-stale` while the last good catalog answers; `registry-not-kept` when no copy could be
/// written. A catalog that is not there is `network` or `io`, so that not-found always means that none is configured.
std::shared_ptr<PackRegistry> make_pack_registry(RegistryOptions options);

}  // namespace cowork::loaders
