// Where a pack is put together, out of everybody's sight but on the file system where it will be visible.
#pragma once

#include <memory>
#include <string>

#include "cowork/ports/disk.h"

namespace cowork::loaders {

/// A directory `.staging-<random>` (0700) in the target. As long as it is in use, the file `.staging-<random>.lock`
/// beside it is locked; what a killed process leaves behind is not, so that sweep_staging() knows it.
class StagingArea {
 public:
  /// Errors: io.
  static Result<std::unique_ptr<StagingArea>> make(std::shared_ptr<Directory> target);
  /// Removes everything in it. What can't be removed is left to the next sweep.
  ~StagingArea();
  StagingArea(const StagingArea&) = delete;
  StagingArea& operator=(const StagingArea&) = delete;

  Directory& target() const noexcept { return *target_; }
  /// The path of `below` beneath the target.
  std::string path(std::string_view below) const { return name_ + "/" + std::string(below); }

 private:
  StagingArea(std::shared_ptr<Directory> target, std::string name, std::unique_ptr<FileLock> lock)
      : target_(std::move(target)), name_(std::move(name)), lock_(std::move(lock)) {}

  std::shared_ptr<Directory> target_;
  std::string name_;
  std::unique_ptr<FileLock> lock_;
};

/// Removes staging areas that nobody holds. What can't be removed stays until next time.
void sweep_staging(Directory& target);

}  // namespace cowork::loaders
