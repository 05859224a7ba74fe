// Reads pack directories of one tier, or sees that they are as they were.
//
// Threads: one at a time for a PackLooker; several may work on one tier.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cowork/catalog/catalog.h"
#include "cowork/loaders/pack_reader.h"

namespace cowork::loaders {

/// What a look at one directory gave.
struct Sight {
  const PackRecord* record = nullptr;  ///< null: no usable pack
  std::uint64_t stamp = 0;
  /// Of what is rare.
  struct Remarks {
    std::shared_ptr<const Error> fault;
    std::shared_ptr<const std::vector<Diagnostic>> diagnostics;
    std::optional<PackRefusal> refusal;
    std::string distrust;  ///< empty while everything that was taken is root's alone to write
  };
  std::unique_ptr<Remarks> remarks;
};

class PackLooker {
 public:
  /// `tracing`: whether it still matters who may write. `began_ns` (CLOCK_REALTIME): before the tier was listed.
  PackLooker(const Directory& tier, Scope scope, bool tracing, std::int64_t began_ns)
      : tier_(tier), scope_(scope), tracing_(tracing), began_ns_(began_ns) {}

  /// `known`: as the last scan found it; its stamp is 0 where it did not.
  Sight look(const std::string& name, const TierFindings::Entry& known);
  /// Where the records lie that were made; null when there are none.
  std::shared_ptr<const PackStorage> storage() const noexcept { return storage_; }

 private:
  bool is_known(const std::string& name, const TierFindings::Entry& known, TrustTrail& trail) const;
  void read(const std::string& name, TrustTrail& trail, Sight& sight);

  const Directory& tier_;
  Scope scope_;
  bool tracing_;
  std::int64_t began_ns_;
  PackScratch scratch_;
  std::shared_ptr<PackStorage> storage_;
};

}  // namespace cowork::loaders
