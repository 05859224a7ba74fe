// A directory to play in, on every disk that there is: RealDisk with both resolvers, and MemoryDisk.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cowork/ports/disk.h"
#include "cowork/ports/memory_disk.h"

namespace cowork::testing {

enum class WorldKind { real, real_by_component, memory };

/// An empty directory and the disk it is on; removed with the World.
class World {
 public:
  virtual ~World() = default;

  Disk& disk() { return *disk_; }
  std::shared_ptr<Disk> shared_disk() { return disk_; }
  /// Opened anew.
  std::shared_ptr<Directory> top() { return disk_->open(root_).value(); }
  const std::string& root() const { return root_; }
  std::string at(std::string_view relative) const { return root_ + "/" + std::string(relative); }
  /// `at()` in quotation marks, as messages have it.
  std::string named(std::string_view relative) const { return "\"" + at(relative) + "\""; }

  virtual void plant_link(std::string_view relative, std::string_view target) = 0;
  virtual void plant_fifo(std::string_view relative) = 0;
  /// False when the process may not do that.
  virtual bool set_status(std::string_view relative, std::uint32_t owner, std::uint32_t mode) = 0;

 protected:
  World(std::shared_ptr<Disk> disk, std::string root) : disk_(std::move(disk)), root_(std::move(root)) {}

  std::shared_ptr<Disk> disk_;
  std::string root_;
};

/// `memory_root` is where the directory of a MemoryDisk lies; a real one lies in a temporary directory.
std::unique_ptr<World> make_world(WorldKind kind, std::string_view memory_root = "/playground");

/// "success", or "<code>: <message>".
template <class T>
std::string said(const Result<T>& result) {
  if (result) return "success";
  return std::string(to_string(result.error().code())) + ": " + result.error().message();
}

/// All that lies beneath a directory, a line each: path, kind, mode, content. What a test compares before and after.
std::string snapshot(Directory& directory);

}  // namespace cowork::testing

/// Runs the rest of the test case once for every disk.
#define IN_EVERY_WORLD(world)                                                                                \
  const auto world = ::cowork::testing::make_world(GENERATE(::cowork::testing::WorldKind::real,              \
                                                            ::cowork::testing::WorldKind::real_by_component, \
                                                            ::cowork::testing::WorldKind::memory));          \
  CAPTURE(world->root())
