// How often the process of a pack ended by itself, over all hosts of a home: <home>/native-crashes/<pack>, with the
// hash of its library and the times. Private to loaders/isolated.
//
// Threads: any. A home that can't be written means that one process counts for itself.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/ports/clock.h"
#include "cowork/ports/disk.h"

namespace cowork::loaders {

inline constexpr unsigned most_crashes = 5;
inline constexpr std::int64_t crash_window_ms = 10LL * 60 * 1000;

class CrashLedger {
 public:
  CrashLedger(std::shared_ptr<Disk> disk, std::shared_ptr<Clock> clock, const std::string& home)
      : disk_(std::move(disk)), clock_(std::move(clock)), path_(home + "/native-crashes") {}

  /// Writes one down; true when there were too many.
  bool note(const std::string& pack, const std::string& library_sha256);
  /// Whether there were too many already.
  bool is_full(const std::string& pack, const std::string& library_sha256) const;
  void forgive(const std::string& pack);
  /// Where it is written down.
  std::string place(std::string_view pack) const { return path_ + "/" + std::string(pack); }

 private:
  using Times = std::vector<std::int64_t>;
  bool note_on_disk(const std::string& pack, const std::string& library_sha256);
  void add(Times& times) const;

  std::shared_ptr<Disk> disk_;
  std::shared_ptr<Clock> clock_;
  std::string path_;
  mutable std::mutex mutex_;
  std::map<std::string, Times> here_;  ///< by pack and hash
};

}  // namespace cowork::loaders
