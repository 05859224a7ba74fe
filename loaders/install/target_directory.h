// The directory that a pack is brought into.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cowork/ports/disk.h"

namespace cowork::loaders {

/// Made with all that is missing above it when it does not exist; taken back by the destructor, as far as it is empty,
/// unless kept: a refused install leaves the disk as it was.
class TargetDirectory {
 public:
  /// Errors: invalid-argument, io.
  static Result<std::unique_ptr<TargetDirectory>> open(std::shared_ptr<Disk> disk, std::string_view path);
  ~TargetDirectory();
  TargetDirectory(const TargetDirectory&) = delete;
  TargetDirectory& operator=(const TargetDirectory&) = delete;

  const std::shared_ptr<Directory>& directory() const noexcept { return directory_; }
  void keep() noexcept { made_.clear(); }

 private:
  TargetDirectory(std::shared_ptr<Disk> disk, std::shared_ptr<Directory> directory, std::vector<std::string> made)
      : disk_(std::move(disk)), directory_(std::move(directory)), made_(std::move(made)) {}

  std::shared_ptr<Disk> disk_;
  std::shared_ptr<Directory> directory_;
  std::vector<std::string> made_;  // deepest first
};

}  // namespace cowork::loaders
