// What a disk holds, what of it is safe, and each step on the way there: the model beneath LosingDisk.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "losing_disk.h"

namespace cowork::test {

using NodeId = std::size_t;
inline constexpr NodeId root_id = 0;

/// A file or a directory: what it holds, and what of that is safe.
struct DiskNode {
  FileKind kind = FileKind::regular;
  std::uint32_t mode = 0;
  std::string bytes, safe_bytes;
  std::map<std::string, NodeId> names, safe_names;
};

/// One whole change of names; no node is no name.
struct NameChange {
  struct Entry {
    NodeId directory;
    std::string name;
    std::optional<NodeId> node;
    bool safe = false;
    void apply(std::map<std::string, NodeId>& names) const;
  };
  std::vector<Entry> entries;
};

/// Everything at one moment.
struct DiskMoment {
  std::vector<DiskNode> nodes{{FileKind::directory, 0755, {}, {}, {}, {}}};
  std::vector<NameChange> pending;  ///< changes of names that are not safe, oldest first
};

/// "/a/b" is {"/a", "b"}; "/b" is {"", "b"}, which means the root.
std::pair<std::string, std::string> split_path(const std::string& path);

/// Takes what is done apart into steps, and remembers the moment after each.
class DiskModel {
 public:
  explicit DiskModel(LeftOut left_out) : left_out_(left_out) {}

  std::optional<NodeId> find(const std::string& path) const;
  /// Throws std::logic_error where there is nothing.
  NodeId at(const std::string& path) const;
  DiskNode& node(NodeId id) { return now_.nodes[id]; }

  NodeId make(const std::string& path, FileKind kind, std::uint32_t mode);
  void write(NodeId file, std::string bytes);
  void change_names(NameChange change);
  void sync_file(NodeId file);
  void sync_directory(NodeId directory);
  void make_directories(const std::string& path, std::uint32_t mode);
  /// The durable write.
  void replace(const std::string& path, std::string bytes, std::uint32_t mode);
  /// With all that is in it, a step for each name.
  void remove(const std::string& path);

  /// As if it had been there for ever. Its bytes and names become safe, and the steps begin anew.
  void settle();
  const std::vector<DiskMoment>& moments() const noexcept { return moments_; }

 private:
  void make_names_safe(NodeId directory);
  void done() { moments_.push_back(now_); }

  LeftOut left_out_;
  DiskMoment now_;
  std::vector<DiskMoment> moments_{now_};
};

}  // namespace cowork::test
