#include "disk_worlds.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "real_disk.h"

namespace cowork::testing {
namespace {

class RealWorld final : public World {
 public:
  explicit RealWorld(ports::Resolver resolver) : World(std::make_shared<ports::RealDisk>(resolver), make_root()) {}
  ~RealWorld() override {
    const std::size_t slash = root_.rfind('/');
    auto above = disk_->open(root_.substr(0, slash));
    if (above) (*above)->remove(root_.substr(slash + 1));
  }
  RealWorld(const RealWorld&) = delete;
  RealWorld& operator=(const RealWorld&) = delete;

  void plant_link(std::string_view relative, std::string_view target) override {
    if (::symlink(std::string(target).c_str(), at(relative).c_str()) != 0) throw std::runtime_error("symlink");
  }
  void plant_fifo(std::string_view relative) override {
    if (::mkfifo(at(relative).c_str(), 0644) != 0) throw std::runtime_error("mkfifo");
  }
  bool set_status(std::string_view relative, std::uint32_t owner, std::uint32_t mode) override {
    const std::string path = relative.empty() ? root_ : at(relative);
    return ::chown(path.c_str(), owner, static_cast<gid_t>(-1)) == 0 && ::chmod(path.c_str(), mode) == 0;
  }

 private:
  static std::string make_root() {
    std::string name = "/tmp/cowork-ports-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    return name;
  }
};

class MemoryWorld final : public World {
 public:
  explicit MemoryWorld(std::string_view root) : MemoryWorld(std::make_shared<MemoryDisk>(), root) {}

  void plant_link(std::string_view relative, std::string_view target) override {
    memory_->plant_link(at(relative), target);
  }
  void plant_fifo(std::string_view relative) override { memory_->plant_other(at(relative)); }
  bool set_status(std::string_view relative, std::uint32_t owner, std::uint32_t mode) override {
    memory_->set_status(relative.empty() ? root_ : at(relative), owner, mode);
    return true;
  }

 private:
  MemoryWorld(const std::shared_ptr<MemoryDisk>& memory, std::string_view root)
      : World(memory, std::string(root)), memory_(memory) {
    if (!memory_->open_or_make(root_, 0700)) throw std::runtime_error("open_or_make");
  }

  std::shared_ptr<MemoryDisk> memory_;
};

std::string line_of(Directory& directory, const std::string& path, FileKind kind) {
  constexpr std::size_t any_size = 1 << 24;
  std::string line = path;
  if (kind == FileKind::directory) line += "/";
  if (kind == FileKind::link) line += " link";
  if (kind == FileKind::other) line += " other";
  if (kind == FileKind::regular) line += " " + directory.read(path, any_size).value_or("(unreadable)");
  return line + " " + std::to_string(directory.status(path).value_or(FileStatus{}).mode) + "\n";
}

}  // namespace

std::unique_ptr<World> make_world(WorldKind kind, std::string_view memory_root) {
  if (kind == WorldKind::memory) return std::make_unique<MemoryWorld>(memory_root);
  const bool by_component = kind == WorldKind::real_by_component;
  return std::make_unique<RealWorld>(by_component ? ports::Resolver::by_component : ports::Resolver::automatic);
}

std::string snapshot(Directory& directory) {
  std::string text;
  std::vector<std::string> pending{""};
  while (!pending.empty()) {
    const std::string above = std::move(pending.back());
    pending.pop_back();
    const auto opened = above.empty() ? nullptr : directory.directory(above).value_or(nullptr);
    const Directory& listed = above.empty() ? directory : *opened;
    const std::vector<DirectoryEntry> entries = listed.entries().value();
    for (const DirectoryEntry& entry : entries) {
      const std::string path = above.empty() ? entry.name : above + "/" + entry.name;
      text += line_of(directory, path, entry.kind);
      if (entry.kind == FileKind::directory) pending.push_back(path);
    }
  }
  return text;
}

}  // namespace cowork::testing
