// Remembers which pack was being loaded when the host died.
//
// `<home>/native-loads/<name>` is there, and locked, from just before a library is loaded until the pack has started.
// It holds the library's SHA-256 and how many times loading it was begun. One that nobody holds is what a host left
// behind that died meanwhile: after the second time the library is not loaded any more, until forgive_crashes() or
// until it is another one.
//
// Threads: any. A home that can't be written means no guard, not an error.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/ports/disk.h"

namespace cowork::loaders {

class CrashGuard {
 public:
  /// Errors: conflict when the library crashed the host too often.
  static Result<std::unique_ptr<CrashGuard>> enter(const std::shared_ptr<Disk>& disk, const std::string& home,
                                                   const std::string& name, std::string_view library_sha256);
  /// The host is still alive: takes the mark away, with the directories that were made for it.
  ~CrashGuard();
  CrashGuard(const CrashGuard&) = delete;
  CrashGuard& operator=(const CrashGuard&) = delete;

 private:
  CrashGuard() = default;
  bool begin(Disk& disk, const std::string& home, const std::string& name);
  Result<void> mark(const std::string& home, std::string_view library_sha256);

  std::string name_;
  std::string path_;                   // of the directory of marks
  std::vector<std::string> made_for_;  // what has to be removed again, innermost first
  std::shared_ptr<Directory> marks_;
  std::unique_ptr<FileLock> lock_;
};

void forgive_crashes(Disk& disk, const std::string& home, const std::string& name);

}  // namespace cowork::loaders
