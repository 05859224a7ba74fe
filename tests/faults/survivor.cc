#include "survivor.h"

namespace cowork::test {
namespace {

constexpr std::size_t block_bytes = 4096;

/// What lasts of one moment.
class Remains {
 public:
  Remains(const DiskMoment& moment, Survives survives, std::mt19937& random)
      : nodes_(moment.nodes), survives_(survives), random_(random) {
    for (const NameChange& change : moment.pending) {
      if (!keeps_names()) continue;
      for (const NameChange::Entry& entry : change.entries) entry.apply(nodes_[entry.directory].safe_names);
    }
  }

  std::shared_ptr<MemoryDisk> plant() {
    plant(root_id, "");
    return disk_;
  }

 private:
  bool keeps_names() {
    if (survives_ == Survives::some) return random_() % 2 == 0;
    return survives_ == Survives::everything || survives_ == Survives::names;
  }
  std::string lasting(const DiskNode& node) {
    if (survives_ == Survives::everything || survives_ == Survives::bytes) return node.bytes;
    if (survives_ != Survives::some) return node.safe_bytes;
    const auto chance = random_() % 3;
    if (chance == 0) return node.safe_bytes;
    if (chance == 1 || is_one_block(node)) return node.bytes;
    // Appending risks only what is appended.
    const std::size_t least = node.bytes.starts_with(node.safe_bytes) ? node.safe_bytes.size() : 0;
    return node.bytes.substr(0, least + random_() % (node.bytes.size() - least + 1));
  }
  /// What was overwritten within one block is the old or the new.
  static bool is_one_block(const DiskNode& node) {
    return node.bytes.size() == node.safe_bytes.size() && node.bytes.size() <= block_bytes;
  }

  void plant(NodeId id, const std::string& path) {
    const auto names = nodes_[id].safe_names;
    for (const auto& [name, child] : names) {
      const DiskNode& node = nodes_[child];
      const std::string at = path + "/" + name;
      if (node.kind == FileKind::directory) {
        disk_->open_or_make(at, 0700).value();
        disk_->set_status(at, 0, node.mode);
        plant(child, at);
      } else {
        disk_->plant_file(at, lasting(node), node.mode);
      }
    }
  }

  std::vector<DiskNode> nodes_;
  Survives survives_;
  std::mt19937& random_;
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
};

}  // namespace

std::shared_ptr<MemoryDisk> survivor_of(const DiskMoment& moment, Survives survives, std::mt19937& random) {
  return Remains(moment, survives, random).plant();
}

}  // namespace cowork::test
