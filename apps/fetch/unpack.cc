#include "unpack.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "archive_ends.h"
#include "archive_reader.h"
#include "archive_survey.h"
#include "cowork/base/text.h"
#include "tree_plan.h"
#include "zip_directory.h"

namespace cowork::fetch {
namespace {

using loaders::TreeEntry;

constexpr std::string_view gzip_mark{"\x1f\x8b", 2};
constexpr std::string_view zip_mark{"PK", 2};
// What tar adds to each entry: its header, its padding, and a header of its own for a long name.
constexpr std::uint64_t tar_bytes_per_entry = 4096;

Error cut_short() {
  return Error::invalid_argument("it is no archive of tar, tar.gz or zip that can be relied on")
      .with_why("it ends before its end mark, or goes on behind it");
}

bool is_manifest(std::string_view bytes) {
  const std::size_t begin = bytes.find_first_not_of(" \t\r\n");
  return begin != std::string_view::npos && bytes[begin] == '{';
}

Result<void> send_manifest(std::string_view bytes, FrameWriter& frames) {
  frames.file("cowork.plugin.json", bytes.size(), false);
  frames.data(bytes);
  return {};
}

/// `path` within the pack, whose root is `root`; empty for the root itself.
std::string within(const std::string& root, const std::string& path) {
  if (root.empty()) return path;
  return path.size() > root.size() ? path.substr(root.size() + 1) : std::string();
}

Result<TreePlan> plan_of(const std::vector<SurveyedEntry>& survey, const std::string& root, const Request& request) {
  TreePlan plan(request.limits);
  for (const SurveyedEntry& surveyed : survey) {
    TreeEntry entry = surveyed.entry;
    entry.path = within(root, entry.path);
    if (entry.path.empty() && entry.kind == FileKind::directory) continue;
    COWORK_TRY(plan.add(entry));
  }
  return plan;
}

/// The second reading: everything is known to be good, and has the size that was seen.
Result<void> send(std::string_view archive, ArchiveFormat format, const std::vector<SurveyedEntry>& survey,
                  const std::string& root, FrameWriter& frames) {
  std::size_t next = 0;
  std::uint64_t left = 0;
  ArchiveVisitor visitor;
  visitor.on_entry = [&](const TreeEntry&) -> Result<void> {
    const TreeEntry& entry = survey[next++].entry;
    if (entry.kind == FileKind::directory) return {};
    left = entry.size;
    frames.file(within(root, entry.path), entry.size, entry.executable);
    return {};
  };
  visitor.on_bytes = [&](std::string_view bytes) -> Result<void> {
    if (bytes.size() > left) return fail(Error::io("an archive has changed while it was read"));
    left -= bytes.size();
    frames.data(bytes);
    return {};
  };
  return read_archive(archive, format, visitor).map([](auto) {});
}

Result<void> unpack_format(std::string_view archive, ArchiveFormat format, const SurveyBounds& bounds,
                           const Request& request, FrameWriter& frames) {
  COWORK_ASSIGN(const Survey survey, survey_archive(archive, format, bounds, frames));
  if (format == ArchiveFormat::tar && !has_tar_end(archive, survey.end)) return fail(cut_short());
  if (format == ArchiveFormat::zip_by_directory) {
    COWORK_TRY(check_zip_directory(archive));
    COWORK_ASSIGN(const Survey streamed, survey_archive(archive, ArchiveFormat::zip_by_stream, bounds, frames));
    COWORK_TRY(check_same(survey.entries, streamed.entries));
  }
  std::vector<TreeEntry> entries;
  for (const SurveyedEntry& surveyed : survey.entries) entries.push_back(surveyed.entry);
  COWORK_ASSIGN(const std::string root, pack_root(entries));
  COWORK_ASSIGN(const TreePlan plan, plan_of(survey.entries, root, request));
  for (const std::string& directory : plan.directories()) frames.directory(directory);
  return send(archive, format, survey.entries, root, frames);
}

/// gzip first, alone, so that tar is read from bytes whose end can be looked at.
Result<FetchedFile> gunzip(std::string_view bytes, const SurveyBounds& bounds, const Request& request,
                           FrameWriter& frames) {
  const std::uint64_t most = request.limits.unpacked_bytes + (request.limits.entries + 3) * tar_bytes_per_entry;
  COWORK_ASSIGN(FetchedFile unpacked, FetchedFile::make(request.scratch, most));
  ArchiveVisitor visitor;
  visitor.on_bytes = [&](std::string_view more) -> Result<void> {
    frames.progress("unpack", unpacked.size(), 0);
    COWORK_TRY(bounds.check_bytes(unpacked.size() + more.size()));
    return unpacked.append(more);
  };
  COWORK_TRY(read_archive(bytes, ArchiveFormat::gzip, visitor));
  return unpacked;
}

}  // namespace

Result<loaders::Descriptor> open_local_archive(const std::string& path) {
  if (!path.starts_with('/')) return fail(Error::invalid_argument(quoted(path) + " is no absolute path"));
  loaders::Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0)
    return fail(Error::from_errno(errno, "open " + quoted(path)).with_remedy("check the path"));
  if (!S_ISREG(status.st_mode)) return fail(Error::invalid_argument(quoted(path) + " is no regular file"));
  return file;
}

Result<FetchedFile> copy_archive(int descriptor, const Request& request, FrameWriter& frames) {
  COWORK_ASSIGN(FetchedFile file, FetchedFile::make(request.scratch, request.limits.download_bytes));
  std::array<char, 64 * 1024> buffer;
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got == 0) return file;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Error::from_errno(errno, "read " + quoted(request.what.address)));
    COWORK_TRY(file.append({buffer.data(), static_cast<std::size_t>(got)}));
    frames.progress("download", file.size(), 0);
  }
}

Result<void> unpack(std::string_view bytes, const Request& request, FrameWriter& frames) {
  if (request.what.kind == FetchRequest::Kind::url && is_manifest(bytes)) return send_manifest(bytes, frames);
  const SurveyBounds bounds(request.limits, bytes.size());
  if (bytes.starts_with(zip_mark))
    return unpack_format(bytes, ArchiveFormat::zip_by_directory, bounds, request, frames);
  if (!bytes.starts_with(gzip_mark)) return unpack_format(bytes, ArchiveFormat::tar, bounds, request, frames);
  COWORK_ASSIGN(FetchedFile unpacked, gunzip(bytes, bounds, request, frames));
  COWORK_ASSIGN(const std::string_view tar, unpacked.bytes());
  return unpack_format(tar, ArchiveFormat::tar, bounds, request, frames);
}

}  // namespace cowork::fetch
