#include "disk_model.h"

#include <algorithm>
#include <stdexcept>

namespace cowork::test {

void NameChange::Entry::apply(std::map<std::string, NodeId>& names) const {
  if (node) {
    names[name] = *node;
  } else {
    names.erase(name);
  }
}

std::pair<std::string, std::string> split_path(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return {path.substr(0, slash), path.substr(slash + 1)};
}

std::optional<NodeId> DiskModel::find(const std::string& path) const {
  NodeId at = root_id;
  for (std::size_t begin = 1; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const auto& names = now_.nodes[at].names;
    const auto found = names.find(path.substr(begin, end - begin));
    if (found == names.end()) return std::nullopt;
    at = found->second;
    begin = end + 1;
  }
  return at;
}

NodeId DiskModel::at(const std::string& path) const {
  if (const auto found = find(path)) return *found;
  throw std::logic_error("the model of the disk has no " + path);
}

void DiskModel::change_names(NameChange change) {
  for (const NameChange::Entry& entry : change.entries) entry.apply(node(entry.directory).names);
  now_.pending.push_back(std::move(change));
  done();
}

NodeId DiskModel::make(const std::string& path, FileKind kind, std::uint32_t mode) {
  const auto [above, name] = split_path(path);
  const NodeId directory = at(above);
  now_.nodes.push_back({kind, mode, {}, {}, {}, {}});
  const NodeId made = now_.nodes.size() - 1;
  change_names({{{directory, name, made}}});
  return made;
}

void DiskModel::write(NodeId file, std::string bytes) {
  node(file).bytes = std::move(bytes);
  done();
}

void DiskModel::sync_file(NodeId file) {
  if (left_out_.file_sync) return;
  node(file).safe_bytes = node(file).bytes;
  done();
}

void DiskModel::sync_directory(NodeId directory) {
  if (left_out_.directory_sync) return;
  make_names_safe(directory);
  done();
}

/// Renames between two directories are safe when both are synced.
void DiskModel::make_names_safe(NodeId directory) {
  for (NameChange& change : now_.pending)
    for (NameChange::Entry& entry : change.entries) entry.safe = entry.safe || entry.directory == directory;
  std::erase_if(now_.pending, [this](const NameChange& change) {
    if (!std::all_of(change.entries.begin(), change.entries.end(), [](const auto& entry) { return entry.safe; }))
      return false;
    for (const NameChange::Entry& entry : change.entries) entry.apply(node(entry.directory).safe_names);
    return true;
  });
}

void DiskModel::make_directories(const std::string& path, std::uint32_t mode) {
  for (std::size_t end = 1; end < path.size(); ++end) {
    end = std::min(path.find('/', end), path.size());
    const std::string step = path.substr(0, end);
    if (find(step)) continue;
    make(step, FileKind::directory, mode);
    if (!left_out_.sync_of_made_directories) sync_directory(at(split_path(step).first));
  }
}

void DiskModel::replace(const std::string& path, std::string bytes, std::uint32_t mode) {
  const auto [above, name] = split_path(path);
  const NodeId directory = at(above);
  const std::string temporary = ".cowork-tmp-" + std::string(32, '0');
  const NodeId made = make(above + "/" + temporary, FileKind::regular, mode);
  write(made, std::move(bytes));
  sync_file(made);
  const std::optional<NodeId> before = find(path);
  change_names({{{directory, temporary, before}, {directory, name, made}}});
  sync_directory(directory);
  if (before) change_names({{{directory, temporary, std::nullopt}}});
}

void DiskModel::remove(const std::string& path) {
  const auto [above, name] = split_path(path);
  const auto inside = node(at(path)).names;
  for (const auto& [each, id] : inside) remove(path + "/" + each);
  change_names({{{at(above), name, std::nullopt}}});
}

void DiskModel::settle() {
  now_.pending.clear();
  for (DiskNode& each : now_.nodes) {
    each.safe_bytes = each.bytes;
    each.safe_names = each.names;
  }
  moments_ = {now_};
}

}  // namespace cowork::test
