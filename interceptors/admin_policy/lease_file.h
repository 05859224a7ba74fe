// `<home>/leases.json`, shared by all processes on a home. Written only under the home's mutation lock.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cowork/ports/clock.h"
#include "cowork/ports/disk.h"
#include "leases.h"

namespace cowork::admin_policy {

/// Threads: load() from any, the others by whoever holds the mutation lock.
class LeaseFile {
 public:
  struct Content {
    std::vector<Lease> leases;   ///< empty while `fault` is set
    std::optional<Error> fault;  ///< why the file is no list of leases
  };

  LeaseFile(std::shared_ptr<Disk> disk, const std::string& home) : disk_(std::move(disk)), home_(home) {}

  /// Errors: io where the file is there and can't be read.
  Result<Content> load() const;
  /// Errors: io; the file then holds what it held.
  Result<void> save(const std::vector<Lease>& leases) const;
  /// Moves a file that load() found at fault to `leases.json.corrupt-<now_ms>`; what it is called now.
  Result<std::string> move_aside(std::int64_t now_ms) const;

 private:
  std::shared_ptr<Disk> disk_;
  std::string home_;
};

}  // namespace cowork::admin_policy
