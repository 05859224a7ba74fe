// What the user switched on and off: `<home>/pack-states.json` (SPEC §5).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/catalog/scope.h"
#include "cowork/ports/clock.h"
#include "cowork/ports/disk.h"

namespace cowork {

/// One version of the file, immutable once shared.
struct Toggles {
  std::map<std::string, bool, std::less<>> packs;
  std::map<std::string, std::map<std::string, bool, std::less<>>, std::less<>> skills;
  /// False after a corrupt file with no last good copy: packs of the user tier are off until they are toggled again.
  bool user_packs_default_on = true;
  std::uint64_t revision = 0;  ///< unique in this process

  std::optional<bool> pack(std::string_view name) const noexcept;
  std::optional<bool> skill(std::string_view pack, std::string_view skill_id) const noexcept;
};

/// Reads and writes the file durably. Callers of update() hold the home's mutation lock.
/// Threads: one at a time for update(); load() from any.
class ToggleStore {
 public:
  ToggleStore(std::shared_ptr<Disk> disk, std::string home, std::shared_ptr<Clock> clock);

  /// The file's content; defaults when there is none. A corrupt file is moved aside (pack-states.json.corrupt-<ms>), the last
  /// good copy (pack-states.json.last-good) is used, and the incident is added to `incidents`. Never fails closed to "all on":
  /// see Toggles::user_packs_default_on. Errors: io when the file exists and can't be read.
  Result<std::shared_ptr<const Toggles>> load(std::vector<Diagnostic>& incidents);

  /// Writes `next` (the whole state). Errors: io; the file then holds what it held.
  Result<std::shared_ptr<const Toggles>> save(Toggles next);

  /// Changes whenever the file changes; 0 when there is none. Cheap (one stat).
  std::uint64_t fingerprint() const;

 private:
  std::shared_ptr<Disk> disk_;
  std::string home_;
  std::shared_ptr<Clock> clock_;
};

}  // namespace cowork
