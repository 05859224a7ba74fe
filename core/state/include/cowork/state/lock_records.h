// Where installed packs came from: `<home>/pack-lock.json` (SPEC §2, §7). A record says what an install put there; a
// user pack without one was copied by hand or made by scaffold and counts as custom (SPEC §6).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/catalog/scope.h"
#include "cowork/ports/clock.h"
#include "cowork/ports/disk.h"
#include "cowork/state/scan_report.h"

namespace cowork {

class StateFile;

struct LockRecord {
  std::string name;
  std::string version;
  std::string source_kind;                 ///< `directory`, `archive`, `git`, `url`
  std::string source;                      ///< path or address; whoever shows it masks it (masked_address)
  std::string ref;                         ///< git: as it was asked for; empty for the default branch
  std::string commit;                      ///< git: what that stood for
  std::string sha256;                      ///< of the bytes fetched (git: of the tree); empty for a directory
  std::string tree_sha256;                 ///< of the installed tree
  std::string installed_at;                ///< UTC
  std::shared_ptr<const ScanReport> scan;  ///< null where nobody examined it
  /// Written before the pack becomes visible, taken back after: which of the two it was when the process died between
  /// is told by the tree's hash.
  bool pending = false;
  std::shared_ptr<const LockRecord> previous;  ///< of the pack that a pending one replaces; null for none
};

/// One version of the file, immutable once shared.
struct LockRecords {
  std::map<std::string, LockRecord, std::less<>> packs;
  /// The file was damaged, and there was no good copy: a user pack without a record may be one that was held back, so it
  /// stays off until somebody switches it on. Kept in the file.
  bool lost = false;
  std::uint64_t revision = 0;

  const LockRecord* find(std::string_view name) const noexcept;
};

/// As ToggleStore, threads and errors included: durable, corrupt files are moved aside and reported; without a good
/// copy there are no records, and LockRecords::lost is set.
class LockStore {
 public:
  LockStore(std::shared_ptr<Disk> disk, std::string home, std::shared_ptr<Clock> clock);
  Result<std::shared_ptr<const LockRecords>> load(std::vector<Diagnostic>& incidents);
  Result<std::shared_ptr<const LockRecords>> save(LockRecords next);
  std::uint64_t fingerprint() const;

 private:
  std::shared_ptr<StateFile> file_;
};

}  // namespace cowork
