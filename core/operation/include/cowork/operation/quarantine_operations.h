// Operations on packs that the content scan holds back (docs/content-scan.md).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cowork/operation/operation.h"
#include "cowork/state/scan_report.h"

namespace cowork {

/// Installed packs that are held back.
struct ListQuarantine {
  struct Entry {
    std::string name;
    std::string path;                          ///< of the pack's directory
    std::shared_ptr<const ScanReport> report;  ///< never null
  };
  using Reply = std::vector<Entry>;
  static constexpr OperationInfo info{.name = "quarantine:list", .pace = Pace::memory};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

/// Lets a quarantined pack be what its switch says: these very files, until it is installed anew. Errors: not-found,
/// conflict (it is not quarantined, or was changed meanwhile), policy-denied (it must not be enabled).
struct ReleaseQuarantined {
  std::string name;
  struct Reply {
    std::string pack_name;
  };
  static constexpr OperationInfo info{.name = "quarantine:release", .effect = Effect::mutate};
  Result<void> validate() const;
  Subject subject() const { return {"pack", name}; }
};

/// As `pluginPack:uninstall`, of a quarantined pack only. Errors: as there, and conflict when it is not quarantined.
struct RemoveQuarantined {
  std::string name;
  struct Reply {
    std::string pack_name;
  };
  static constexpr OperationInfo info{.name = "quarantine:remove", .effect = Effect::mutate};
  Result<void> validate() const;
  Subject subject() const { return {"pack", name}; }
};

}  // namespace cowork
