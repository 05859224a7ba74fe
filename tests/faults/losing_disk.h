// A disk in memory that loses what was not synced, cut at any step: the other half of what SIGKILL shows.
//
// What is done to it happens at once in `memory`, and is taken apart into steps: a new name, bytes, the sync of a file,
// the sync of a directory. After each step it is known what is safe: the bytes that a file had when it was synced last,
// and the names that a directory had. survivor() is a disk on which the power failed after that step. A file that was
// synced without its directory has no name; a rename that lasted without its bytes leads to an empty file. Changes of
// names are whole: a rename lasts or it does not.
//
// The steps of a durable write are those of core/ports/durable_write.cc; tests/faults/fault_points.py holds the program
// to their order. Threads: one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "cowork/ports/memory_disk.h"

namespace cowork::test {

/// What of the unsynced lasts.
enum class Survives : std::uint8_t {
  nothing,
  everything,
  names,  ///< renames without the bytes
  bytes,  ///< bytes without the names
  some    ///< each name, and of each file all, none or the beginning of its bytes: as the generator has it
};

/// Which syncs a disk leaves out: to see that their absence shows.
struct LeftOut {
  bool file_sync = false;
  bool directory_sync = false;
  bool sync_of_made_directories = false;
};

class DiskModel;

class LosingDisk final : public Disk {
 public:
  /// All that `memory` holds now is safe.
  explicit LosingDisk(std::shared_ptr<MemoryDisk> memory, LeftOut left_out = {});
  ~LosingDisk() override;

  Result<std::shared_ptr<Directory>> open(std::string_view path) const override;
  Result<std::shared_ptr<Directory>> open_or_make(std::string_view path, std::uint32_t mode) override;
  Trust trust_of_directory(std::string_view path) const override;

  /// How many steps there were so far.
  std::size_t steps() const noexcept;
  /// What a machine finds that lost its power after `step` steps.
  std::shared_ptr<MemoryDisk> survivor(std::size_t step, Survives survives, std::mt19937& random) const;

 private:
  std::shared_ptr<MemoryDisk> memory_;
  std::shared_ptr<DiskModel> model_;
};

}  // namespace cowork::test
