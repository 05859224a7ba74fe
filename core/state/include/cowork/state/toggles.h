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

class StateFile;

/// One version of the file, immutable once shared.
struct Toggles {
  std::map<std::string, bool, std::less<>> packs;
  std::map<std::string, std::map<std::string, bool, std::less<>>, std::less<>> skills;
  /// False after a corrupt file with no last good copy: packs of the user tier are off until they are toggled again.
  /// Kept in the file (`"userPacksDefaultOn": false`), or the first toggle after the loss would switch all others on.
  bool user_packs_default_on = true;
  std::uint64_t revision = 0;  ///< unique in this process

  std::optional<bool> pack(std::string_view name) const noexcept;
  std::optional<bool> skill(std::string_view pack, std::string_view skill_id) const noexcept;
};

/// Reads and writes the file durably. Callers of save() hold the home's mutation lock from their load() to their
/// save(). Threads: one at a time for save(); load() and fingerprint() from any.
class ToggleStore {
 public:
  ToggleStore(std::shared_ptr<Disk> disk, std::string home, std::shared_ptr<Clock> clock);

  /// The file's content; defaults when there is none. A corrupt file is moved aside (pack-states.json.corrupt-<ms>),
  /// the last good copy (pack-states.json.last-good) is used, and the incident (`state-corrupt`) is added to
  /// `incidents`. A loss never ends in "all on": see Toggles::user_packs_default_on. Writes nothing unless the file is
  /// corrupt. Errors: io when the file exists and can't be read.
  Result<std::shared_ptr<const Toggles>> load(std::vector<Diagnostic>& incidents);

  /// Writes `next` (the whole state), makes the home when it is missing. Errors: io; the file then holds what it held.
  /// A last good copy that could not be refreshed after that is no error: the next load() reports it
  /// (`state-copy-failed`).
  Result<std::shared_ptr<const Toggles>> save(Toggles next);

  /// Changes whenever the file changes; 0 when there is none. Cheap (one stat).
  std::uint64_t fingerprint() const;

 private:
  std::shared_ptr<StateFile> file_;
  std::shared_ptr<Clock> clock_;
};

}  // namespace cowork
