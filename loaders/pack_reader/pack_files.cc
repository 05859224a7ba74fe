#include "cowork/loaders/pack_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cowork/base/flat_index.h"
#include "cowork/loaders/pack_tree.h"

namespace cowork::loaders {
namespace {

/// "a/b/c" has the prefixes "a", "a/b" and "a/b/c". Calls `visit` with each until it returns false.
template <class Visit>
void each_step(std::string_view path, Visit visit) {
  for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
    if (!visit(path.substr(0, end)) || end == std::string_view::npos) return;
  }
}

}  // namespace

void TrustTrail::add(const Trust& trust) {
  if (intact() && !trust.trusted) reason_ = trust.reason.empty() ? "it is not trusted" : trust.reason;
}

void FileStamp::add(const FileStatus& status) {
  const std::array<std::uint64_t, 7> known{state_,
                                           static_cast<std::uint64_t>(status.kind) << 32U | status.mode,
                                           status.device,
                                           status.inode,
                                           status.size,
                                           static_cast<std::uint64_t>(status.modified_ns),
                                           static_cast<std::uint64_t>(status.changed_ns)};
  state_ = keyed_hash({reinterpret_cast<const char*>(known.data()), sizeof known});
  newest_ns_ = std::max({newest_ns_, status.modified_ns, status.changed_ns});
}

std::uint64_t FileStamp::value(std::int64_t began_ns) const noexcept {
  constexpr std::int64_t too_close_ns = 2'000'000'000;
  return newest_ns_ > began_ns - too_close_ns ? 0 : state_;
}

std::string_view describe(FileKind kind) noexcept {
  switch (kind) {
    case FileKind::regular:
      return "a regular file";
    case FileKind::directory:
      return "a directory";
    case FileKind::link:
      return "a link";
    case FileKind::other:
      break;
  }
  return "a special file";
}

std::string PackFiles::beneath(std::string_view path) const {
  return join_path(directory_, path);
}

std::string PackFiles::shown(std::string_view path) const {
  return join_path(shown_ ? *shown_ : join_path(base_.path(), directory_), path);
}

void PackFiles::trace_directory() const {
  if (!tracing()) return;
  if (const auto status = base_.status(directory_); status && !is_trusted(*status))
    trail_->add(trust_of(*status, shown({})));
}

/// The directories between the pack and the file.
void PackFiles::trace_way(std::string_view path) const {
  each_step(path, [&](std::string_view step) {
    if (!tracing() || step.size() == path.size()) return false;
    if (const auto status = base_.status(beneath(step)); status && !is_trusted(*status))
      trail_->add(trust_of(*status, shown(step)));
    return true;
  });
}

tl::expected<std::string, FileProblem> PackFiles::read(std::string_view path, std::size_t max_bytes) const {
  FileStatus status;
  auto bytes = base_.read(beneath(path), max_bytes, &status);
  if (!bytes) return tl::unexpected(problem(path, bytes.error(), max_bytes));
  note(path, status);
  return *std::move(bytes);
}

tl::expected<std::string_view, FileProblem> PackFiles::read_into(FileBuffer& buffer, std::string_view path,
                                                                 std::size_t max_bytes) const {
  FileStatus status;
  const auto bytes = base_.read_into(buffer, beneath(path), max_bytes, &status);
  if (!bytes) return tl::unexpected(problem(path, bytes.error(), max_bytes));
  note(path, status);
  return *bytes;
}

bool PackFiles::look(std::string_view path) const {
  // No look goes through a link, as no reading does. The pack's own directory was listed as one.
  const bool is_deeper = path.find('/') != std::string_view::npos;
  const auto status = is_deeper ? base_.status(beneath(path)) : base_.identity(beneath(path));
  if (!status) return false;
  note(path, *status);
  return true;
}

void PackFiles::note(std::string_view path, const FileStatus& status) const {
  trace_way(path);
  if (tracing() && !is_trusted(status)) trail_->add(trust_of(status, shown(path)));
  if (stamp_ != nullptr) stamp_->add(status);
}

tl::expected<FileStatus, FileProblem> PackFiles::status(std::string_view path) const {
  auto status = base_.status(beneath(path));
  if (stamp_ != nullptr) stamp_->add(status ? *status : FileStatus{});
  if (!status) return tl::unexpected(problem(path, status.error(), SIZE_MAX));
  if (status->kind == FileKind::link) {
    return tl::unexpected(FileProblem{FileProblem::Kind::link, shown(path), "is a link"});
  }
  return *status;
}

/// Looks again, step by step, since errors tell in words only what stands in the way.
FileProblem PackFiles::problem(std::string_view path, const Error& error, std::size_t max_bytes) const {
  FileProblem problem{FileProblem::Kind::failed, shown(path), error.message()};
  if (error.code() == ErrorCode::not_found) problem.kind = FileProblem::Kind::missing;
  each_step(path, [&](std::string_view step) {
    const auto status = base_.status(beneath(step));
    if (!status) return false;
    const FileKind wanted = step.size() == path.size() ? FileKind::regular : FileKind::directory;
    if (status->kind == FileKind::link) {
      problem = {FileProblem::Kind::link, shown(step), "is a link"};
    } else if (status->kind != wanted) {
      problem = {FileProblem::Kind::wrong_kind, shown(step),
                 fmt::format("expected {}, found {}", describe(wanted), describe(status->kind))};
    } else if (wanted == FileKind::regular && status->size > max_bytes) {
      problem = {FileProblem::Kind::too_large, shown(step), fmt::format("larger than {} bytes", max_bytes)};
    } else {
      return true;
    }
    return false;
  });
  return problem;
}

}  // namespace cowork::loaders
