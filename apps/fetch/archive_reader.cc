#include "archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <memory>

#include "cowork/base/text.h"

namespace cowork::fetch {
namespace {

struct FreeArchive {
  void operator()(archive* handle) const noexcept { ::archive_read_free(handle); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

constexpr mode_t owner_may_execute = 0100;
constexpr mode_t special_bits = 07000;
constexpr std::size_t longest_path = 4096;

Error no_archive(archive* handle) {
  const char* why = ::archive_error_string(handle);
  return Error::invalid_argument("it is no archive of tar, tar.gz or zip that can be relied on")
      .with_why(why ? printable(why) : "it is damaged, or was cut short");
}

Error refused(std::string_view path, std::string_view fault) {
  return Error::invalid_argument(fmt::format("{} {}", quoted(path), fault));
}

int support(archive* handle, ArchiveFormat format) {
  switch (format) {
    case ArchiveFormat::tar:
      return ::archive_read_support_format_tar(handle);
    case ArchiveFormat::zip_by_directory:
      return ::archive_read_support_format_zip_seekable(handle);
    case ArchiveFormat::zip_by_stream:
      return ::archive_read_support_format_zip_streamable(handle);
    case ArchiveFormat::gzip:
      break;
  }
  const int filter = ::archive_read_support_filter_gzip(handle);
  return filter == ARCHIVE_OK ? ::archive_read_support_format_raw(handle) : filter;
}

Result<Archive> open_archive(std::string_view bytes, ArchiveFormat format) {
  Archive opened(::archive_read_new());
  if (!opened) return fail(Error::io("libarchive cannot be initialized"));
  if (support(opened.get(), format) != ARCHIVE_OK ||
      ::archive_read_open_memory(opened.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    return fail(no_archive(opened.get()));
  return opened;
}

/// "./a/" → "a"; what is wrong in it is found by those who know the rule of paths.
std::string normalised(std::string_view path) {
  if (path.starts_with("./")) path.remove_prefix(2);
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return std::string(path == "." ? "" : path);
}

std::string_view fault_of(archive_entry* entry) {
  const auto type = ::archive_entry_filetype(entry);
  if (::archive_entry_hardlink(entry)) return "is a hard link; a pack holds regular files and directories only";
  if (type == AE_IFLNK || ::archive_entry_symlink(entry))
    return "is a link; a pack holds regular files and directories only";
  if (type != AE_IFREG && type != AE_IFDIR)
    return "is neither a regular file nor a directory; a pack holds nothing else";
  if ((::archive_entry_perm(entry) & special_bits) != 0) return "has a setuid, setgid or sticky bit";
  if (::archive_entry_is_encrypted(entry) != 0) return "is encrypted";
  if (::archive_entry_sparse_count(entry) > 0) return "is a sparse file";
  return {};
}

Result<loaders::TreeEntry> entry_of(archive_entry* entry) {
  const char* path = ::archive_entry_pathname(entry);
  if (!path || *path == '\0') return fail(Error::invalid_argument("it holds an entry without a name"));
  const std::string_view name(path);
  if (name.size() > longest_path) return fail(refused(name, "is longer than 512 bytes"));
  if (const auto fault = fault_of(entry); !fault.empty()) return fail(refused(name, fault));
  const bool directory = ::archive_entry_filetype(entry) == AE_IFDIR;
  return loaders::TreeEntry{normalised(name), directory ? FileKind::directory : FileKind::regular, 0,
                            (::archive_entry_perm(entry) & owner_may_execute) != 0};
}

Result<void> read_bytes(archive* handle, const BytesVisitor& on_bytes) {
  std::uint64_t expected = 0;
  for (;;) {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int got = ::archive_read_data_block(handle, &data, &size, &offset);
    if (got == ARCHIVE_EOF) return {};
    if (got != ARCHIVE_OK) return fail(no_archive(handle));
    if (size == 0) continue;
    // A hole would be bytes that nobody counted.
    if (static_cast<std::uint64_t>(offset) != expected) return fail(Error::invalid_argument("it holds a sparse file"));
    expected += size;
    COWORK_TRY(on_bytes({static_cast<const char*>(data), size}));
  }
}

bool is_root(const loaders::TreeEntry& entry) {
  return entry.path.empty() && entry.kind == FileKind::directory;
}

Result<void> visit(archive* handle, archive_entry* raw, ArchiveFormat format, const ArchiveVisitor& visitor) {
  if (format == ArchiveFormat::gzip) return read_bytes(handle, visitor.on_bytes);
  COWORK_ASSIGN(const loaders::TreeEntry entry, entry_of(raw));
  if (!is_root(entry)) COWORK_TRY(visitor.on_entry(entry));
  if (entry.kind == FileKind::regular) return read_bytes(handle, visitor.on_bytes);
  return read_bytes(handle, [&](std::string_view) { return fail(refused(entry.path, "is a directory with bytes")); });
}

}  // namespace

Result<std::uint64_t> read_archive(std::string_view archive, ArchiveFormat format, const ArchiveVisitor& visitor) {
  COWORK_ASSIGN(const Archive opened, open_archive(archive, format));
  std::uint64_t end = 0;
  for (;;) {
    archive_entry* entry = nullptr;
    const int got = ::archive_read_next_header(opened.get(), &entry);
    if (got == ARCHIVE_EOF) break;
    if (got != ARCHIVE_OK) return fail(no_archive(opened.get()));
    // gzip within gzip is nothing that anybody makes.
    if (format == ArchiveFormat::gzip && ::archive_filter_count(opened.get()) != 2)
      return fail(Error::invalid_argument("it is packed by gzip more than once"));
    COWORK_TRY(visit(opened.get(), entry, format, visitor));
    // What is left to skip is the padding.
    if (::archive_read_data_skip(opened.get()) != ARCHIVE_OK) return fail(no_archive(opened.get()));
    end = static_cast<std::uint64_t>(::archive_filter_bytes(opened.get(), 0));
  }
  if (::archive_read_has_encrypted_entries(opened.get()) > 0) return fail(Error::invalid_argument("it is encrypted"));
  return end;
}

}  // namespace cowork::fetch
