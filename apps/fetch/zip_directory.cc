#include "zip_directory.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "cowork/base/text.h"

namespace cowork::fetch {
namespace {

constexpr std::string_view local_mark{"PK\x03\x04", 4};
constexpr std::string_view record_mark{"PK\x01\x02", 4};
constexpr std::string_view end_mark{"PK\x05\x06", 4};
constexpr std::size_t local_bytes = 30;
constexpr std::size_t record_bytes = 46;
constexpr std::size_t end_bytes = 22;
constexpr std::size_t longest_comment = 0xffff;
constexpr std::size_t made_by_unix = 3;
constexpr std::size_t made_by_darwin = 19;

std::size_t number(std::string_view bytes, std::size_t at, unsigned width) {
  std::size_t value = 0;
  for (unsigned i = width; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// The part of `bytes` from `at` on, unless it has less than `least` bytes or another mark.
std::optional<std::string_view> part(std::string_view bytes, std::size_t at, std::string_view mark, std::size_t least) {
  if (at > bytes.size() || bytes.size() - at < least || !bytes.substr(at).starts_with(mark)) return std::nullopt;
  return bytes.substr(at);
}

std::optional<std::string_view> name_of(std::string_view header, std::size_t length_at, std::size_t name_at) {
  const std::size_t length = number(header, length_at, 2);
  if (header.size() - name_at < length) return std::nullopt;
  return header.substr(name_at, length);
}

Error damaged(std::string_view why) {
  return Error::invalid_argument("it is no archive of tar, tar.gz or zip that can be relied on")
      .with_why(std::string(why));
}

/// Where the end record stands whose comment ends with the file.
std::optional<std::size_t> end_of_directory(std::string_view archive) {
  const std::size_t most = std::min(archive.size(), end_bytes + longest_comment);
  for (std::size_t back = end_bytes; back <= most; ++back) {
    const std::string_view record = archive.substr(archive.size() - back);
    if (record.starts_with(end_mark) && number(record, 20, 2) == back - end_bytes) return archive.size() - back;
  }
  return std::nullopt;
}

/// What libarchive reads past: it ends a name at a NUL, and takes a FIFO for a file.
Result<void> check_kind(std::string_view record, std::string_view name) {
  if (name.find('\0') != std::string_view::npos)
    return fail(Error::invalid_argument(fmt::format("{} has a NUL in its name", quoted(name))));
  const std::size_t made_by = number(record, 5, 1);
  if (made_by != made_by_unix && made_by != made_by_darwin) return {};
  const std::size_t kind = number(record, 40, 2) & S_IFMT;
  if (kind == 0 || kind == S_IFREG || kind == S_IFDIR || kind == S_IFLNK) return {};  // links are refused by the reader
  return fail(Error::invalid_argument(
      fmt::format("{} is neither a regular file nor a directory; a pack holds nothing else", quoted(name))));
}

/// Compares one record with what it stands for; how long the record is.
Result<std::size_t> check_record(std::string_view archive, std::string_view directory) {
  const auto record = part(directory, 0, record_mark, record_bytes);
  const auto name = record ? name_of(*record, 28, record_bytes) : std::nullopt;
  if (!name) return fail(damaged("its directory is damaged"));
  const auto local = part(archive, number(*record, 42, 4), local_mark, local_bytes);
  const auto local_name = local ? name_of(*local, 26, local_bytes) : std::nullopt;
  if (!local_name) return fail(damaged("its directory leads to where no file begins"));
  if (*name != *local_name) {
    return fail(Error::invalid_argument(
                    fmt::format("{} is called {} where it lies in the zip file", quoted(*name), quoted(*local_name)))
                    .with_why("readers of zip files would not agree on what this pack is"));
  }
  COWORK_TRY(check_kind(*record, *name));
  const std::size_t length = record_bytes + name->size() + number(*record, 30, 2) + number(*record, 32, 2);
  if (length > directory.size()) return fail(damaged("its directory is damaged"));
  return length;
}

}  // namespace

Result<void> check_zip_directory(std::string_view archive) {
  const auto end = end_of_directory(archive);
  if (!end) return fail(damaged("it ends before its end mark, or goes on behind it"));
  const std::string_view record = archive.substr(*end);
  const std::size_t count = number(record, 10, 2);
  const std::size_t size = number(record, 12, 4);
  const std::size_t offset = number(record, 16, 4);
  // Numbers of a disk other than 0 are of archives in parts; all ones stand for zip64, and lie nowhere.
  if (number(record, 4, 4) != 0 || number(record, 8, 2) != count || size > *end || offset != *end - size)
    return fail(damaged("its directory does not lie where its end says"));
  std::string_view directory = archive.substr(offset, size);
  for (std::size_t i = 0; i < count; ++i) {
    COWORK_ASSIGN(const std::size_t length, check_record(archive, directory));
    directory.remove_prefix(length);
  }
  return directory.empty() ? Result<void>() : fail(damaged("its directory is damaged"));
}

}  // namespace cowork::fetch
