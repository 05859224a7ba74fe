#include "tree_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/text.h"

namespace cowork::fetch {
namespace {

using loaders::TreeEntry;

constexpr std::string_view manifest_name = "cowork.plugin.json";

std::string_view first_step(std::string_view path) {
  return path.substr(0, path.find('/'));
}

bool has_file(const std::vector<TreeEntry>& entries, std::string_view path) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const TreeEntry& entry) { return entry.kind == FileKind::regular && entry.path == path; });
}

}  // namespace

Result<void> TreePlan::add(const TreeEntry& entry) {
  // By itself first, so that what is refused is named as it came.
  COWORK_TRY(loaders::TreeRule({}).admit(entry));
  COWORK_TRY(add_directories_above(entry.path));
  // An archive may name a directory after what lies in it.
  if (entry.kind == FileKind::directory && meant_.erase(entry.path) != 0) return {};
  COWORK_TRY(admit(entry));
  (entry.kind == FileKind::directory ? directories_ : files_).insert(entry.path);
  return {};
}

Result<void> TreePlan::add_directories_above(const std::string& path) {
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    std::string above = path.substr(0, slash);
    if (files_.contains(above))
      return fail(Error::invalid_argument(fmt::format("{} lies in {}, which is a file", quoted(path), quoted(above))));
    if (directories_.contains(above)) continue;
    COWORK_TRY(admit({above, FileKind::directory, 0, false}));
    directories_.insert(above);
    meant_.insert(std::move(above));
  }
  return {};
}

Result<void> TreePlan::admit(const TreeEntry& entry) {
  COWORK_TRY(rule_.admit(entry));
  if (++entries_ > limits_->entries)
    return fail(Error::invalid_argument(fmt::format("{} is one too many: at most {} files and directories are fetched",
                                                    quoted(entry.path), limits_->entries)));
  if (entry.size > limits_->unpacked_bytes - bytes_)
    return fail(Error::invalid_argument(
        fmt::format("{} is too much: at most {} bytes are fetched", quoted(entry.path), limits_->unpacked_bytes)));
  bytes_ += entry.size;
  return {};
}

Result<std::string> pack_root(const std::vector<TreeEntry>& entries) {
  if (has_file(entries, manifest_name)) return std::string();
  if (!entries.empty()) {
    const std::string top(first_step(entries.front().path));
    const bool only = std::all_of(entries.begin(), entries.end(),
                                  [&](const TreeEntry& entry) { return first_step(entry.path) == top; });
    if (only && has_file(entries, fmt::format("{}/{}", top, manifest_name))) return top;
  }
  return fail(Error::invalid_argument("it holds no pack")
                  .with_why("there is no cowork.plugin.json at its root or in its only top-level directory"));
}

}  // namespace cowork::fetch
