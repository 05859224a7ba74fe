// libarchive, held to what a pack may be.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "cowork/base/result.h"
#include "cowork/loaders/pack_tree.h"

namespace cowork::fetch {

/// Each is one reader of libarchive with no filter, but for gzip, which is that filter and no format.
enum class ArchiveFormat { tar, zip_by_directory, zip_by_stream, gzip };

using BytesVisitor = std::function<Result<void>(std::string_view bytes)>;

struct ArchiveVisitor {
  /// An entry, before its bytes come; its size is not known yet. `path` is without a leading "./" and a trailing "/";
  /// the root itself is passed over.
  std::function<Result<void>(const loaders::TreeEntry& entry)> on_entry;
  BytesVisitor on_bytes;
};

/// Reads `archive` from begin to end; where the last entry with its padding ended. Errors: invalid-argument for
/// anything that libarchive does not like without reserve, and for entries that are neither regular file nor directory,
/// links, encrypted, sparse, with setuid, setgid or sticky bits; the visitor's.
Result<std::uint64_t> read_archive(std::string_view archive, ArchiveFormat format, const ArchiveVisitor& visitor);

}  // namespace cowork::fetch
