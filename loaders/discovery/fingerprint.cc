#include "fingerprint.h"

#include "cowork/loaders/pack_tree.h"
#include "cowork/manifest/manifest.h"

namespace cowork::loaders {
namespace {

/// FNV-1a, 64 bits. Guards against accidents only: what is read again is compared by SHA-256.
class Mixer {
 public:
  void add(std::string_view bytes) {
    add(static_cast<std::uint64_t>(bytes.size()));
    for (const char byte : bytes) step(static_cast<unsigned char>(byte));
  }
  void add(std::uint64_t number) {
    for (unsigned shift = 0; shift < 64; shift += 8) step((number >> shift) & 0xFFU);
  }
  void add(const FileStatus& status) {
    add(static_cast<std::uint64_t>(status.kind));
    add(status.device);
    add(status.inode);
    add(status.size);
    add(static_cast<std::uint64_t>(status.modified_ns));
    add(static_cast<std::uint64_t>(status.changed_ns));
    add((std::uint64_t{status.owner} << 32U) | status.mode);
  }
  void add(const Result<FileStatus>& status) {
    if (status) {
      add(*status);
    } else {
      add(static_cast<std::uint64_t>(status.error().code()));
    }
  }
  std::uint64_t value() const { return value_; }

 private:
  void step(std::uint64_t byte) { value_ = (value_ ^ byte) * 0x100000001B3ULL; }
  std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

void add_entry(Mixer& mixer, const Directory& directory, const DirectoryEntry& entry) {
  if (entry.name.starts_with('.') || entry.kind == FileKind::regular) return;
  mixer.add(entry.name);
  mixer.add(static_cast<std::uint64_t>(entry.kind));
  if (entry.kind != FileKind::directory) return;
  mixer.add(directory.status(entry.name));
  mixer.add(directory.status(join_path(entry.name, manifest_file_name)));
}

void add_root(Mixer& mixer, const Disk& disk, const TierRoot& root) {
  mixer.add(static_cast<std::uint64_t>(root.scope));
  mixer.add(root.path);
  mixer.add(static_cast<std::uint64_t>(root.configured));
  const auto directory = disk.open(root.path);
  if (!directory) return mixer.add(static_cast<std::uint64_t>(directory.error().code()));
  mixer.add((*directory)->path());
  // Of the root itself only who it is: its times change with everything that is passed over.
  if (const auto status = (*directory)->status({})) {
    mixer.add(status->device);
    mixer.add(status->inode);
    mixer.add((std::uint64_t{status->owner} << 32U) | status->mode);
  }
  const auto entries = (*directory)->entries();
  if (!entries) return mixer.add(static_cast<std::uint64_t>(entries.error().code()));
  for (const DirectoryEntry& entry : *entries) add_entry(mixer, **directory, entry);
}

}  // namespace

std::uint64_t fingerprint_of(const Disk& disk, const std::vector<TierRoot>& roots) {
  Mixer mixer;
  for (const TierRoot& root : roots) add_root(mixer, disk, root);
  return mixer.value();
}

}  // namespace cowork::loaders
