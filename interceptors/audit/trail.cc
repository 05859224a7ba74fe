#include "trail.h"

#include <algorithm>

#include "rotation.h"

namespace cowork::audit {
namespace {

constexpr std::uint32_t directory_mode = 0700;
constexpr std::uint32_t file_mode = 0600;
constexpr std::size_t max_head_bytes = 64u << 10;
/// A file may be larger than max_bytes says today.
constexpr std::size_t least_readable = 256u << 20;
constexpr std::size_t longest_line = 1u << 20;

/// Identifies the machine's present start; empty where the system does not say.
std::string present_boot(const Disk& disk) {
  const auto directory = disk.open("/proc/sys/kernel/random");
  if (!directory) return {};
  std::string boot = (*directory)->read("boot_id", 256).value_or("");
  return boot.substr(0, boot.find('\n'));
}

/// 0 for a file that does not exist.
Result<std::uint64_t> size_of(const Directory& directory, std::string_view name) {
  const Result<FileStatus> status = directory.status(name);
  if (status) return status->size;
  if (status.error().code() == ErrorCode::not_found) return 0;
  return fail(status.error());
}

std::string found_wrong(const FirstBad& bad) {
  std::string place = bad.file;
  if (bad.line != 0) place += ":" + std::to_string(bad.line);
  return "the audit trail is not as it was written: " + place + ": " + bad.reason;
}

}  // namespace

/// Where the next line goes.
struct Trail::Position {
  Head head;
  bool in_fragment = false;  ///< the file ends inside a line that is not ours to cut off
  bool first = false;        ///< there was no head before this one
  std::string warning;
};

Trail::Trail(TrailOptions options) : options_(std::move(options)) {
  const std::size_t slash = options_.path.rfind('/');
  directory_ = slash == 0 ? "/" : options_.path.substr(0, slash);
  name_ = options_.path.substr(slash + 1);
  lock_name_ = name_ + ".lock";
  max_file_bytes_ = std::max<std::size_t>(options_.max_bytes, least_readable) + longest_line;
  boot_ = present_boot(*options_.disk);
}

Result<std::string> Trail::append(const Record& record) {
  COWORK_ASSIGN(const auto directory, options_.disk->open_or_make(directory_, directory_mode));
  COWORK_ASSIGN(const auto lock, directory->lock(lock_name_, options_.lock_wait));
  COWORK_ASSIGN(Position position, find_position(*directory, *lock));
  return write_line(*directory, *lock, std::move(position), record);
}

Result<Trail::Position> Trail::find_position(Directory& directory, FileLock& lock) const {
  COWORK_ASSIGN(const std::string text, lock.read());
  COWORK_ASSIGN(const std::uint64_t size, size_of(directory, name_));
  std::optional<Head> head = parse_head(text);
  if (head && head->size == size) return Position{std::move(*head), false, false, {}};
  const bool first = !head;
  COWORK_ASSIGN(Position position, recover(directory, std::move(head), size));
  position.first = first;
  return position;
}

/// The head and the file differ: a crash is mended, tampering is left for everybody to see.
Result<Trail::Position> Trail::recover(Directory& directory, std::optional<Head> head, std::uint64_t size) const {
  COWORK_ASSIGN(const std::vector<TrailFile> files, read_trail(directory, name_, max_file_bytes_));
  const Walk found = walk(files, head, boot_);
  Position position;
  const bool lost = !head && size > 0;
  if (lost) position.warning = "the audit trail had lost its head, and goes on from its last line";
  if (!head) head = Head{found.start, found.last, 0, std::nullopt, {}, std::nullopt};
  if (lost) head->lost_after = found.last.seq;
  position.head = std::move(*head);
  if (found.first_bad) {
    position.warning = found_wrong(*found.first_bad);
    position.in_fragment = !files.back().bytes.empty() && !files.back().bytes.ends_with('\n');
    position.head.size = size;
    return position;
  }
  if (found.complete < size) COWORK_TRY(directory.truncate(name_, found.complete));
  position.head.last = found.last;
  position.head.size = found.complete;
  return position;
}

/// A trail whose head got lost could not be told from one whose last lines were taken away.
Result<void> Trail::sync_head(Directory& directory, std::size_t size) const {
  COWORK_TRY(directory.truncate(lock_name_, size));
  return directory.sync();
}

Result<std::string> Trail::write_line(Directory& directory, FileLock& lock, Position position,
                                      const Record& record) const {
  Head& head = position.head;
  Link place;
  std::string line = chained_line(record, head.last, place);
  head.boot = boot_;
  head.next.reset();
  if (head.size > 0 && head.size + line.size() > options_.max_bytes) {
    COWORK_TRY(rotate(directory, name_, options_.max_files, max_file_bytes_, lock, head));
  } else if (position.in_fragment) {
    line.insert(line.begin(), '\n');
  }
  head.next = place;
  COWORK_TRY(lock.write(to_text(head)));
  if (position.first) COWORK_TRY(sync_head(directory, to_text(head).size()));
  if (Result<void> appended = directory.append(name_, line, file_mode); !appended) {
    // What was announced is taken back; where that fails too, the next line's recovery does it.
    head.next.reset();
    if (directory.truncate(name_, head.size)) static_cast<void>(lock.write(to_text(head)));
    return fail(std::move(appended).error());
  }
  head.last = place;
  head.size += line.size();
  head.next.reset();
  // The line stands, and the announcement leads to it: only slower for whoever comes next.
  if (Result<void> written = lock.write(to_text(head)); !written) position.warning = written.error().message();
  return std::move(position.warning);
}

Result<TrailContents> Trail::read() const {
  TrailContents contents;
  const Result<std::shared_ptr<Directory>> directory = options_.disk->open(directory_);
  if (!directory && directory.error().code() == ErrorCode::not_found) return contents;
  if (!directory) return fail(directory.error());
  contents.head_path = (*directory)->path() + "/" + lock_name_;
  // Without a lock file nobody writes, and none is made; where it can't be taken for writing, nobody else writes
  // either.
  std::unique_ptr<FileLock> lock;
  if ((*directory)->status(lock_name_)) {
    auto taken = (*directory)->lock(lock_name_, options_.lock_wait);
    if (!taken && taken.error().code() == ErrorCode::timeout) return fail(std::move(taken).error());
    if (taken) lock = std::move(*taken);
    const auto text = lock ? lock->read() : (*directory)->read(lock_name_, max_head_bytes);
    if (!text) return fail(text.error());
    contents.head = parse_head(*text);
  }
  COWORK_ASSIGN(contents.files, read_trail(**directory, name_, max_file_bytes_));
  return contents;
}

Walk Trail::verify(const TrailContents& contents) const {
  Walk found = walk(contents.files, contents.head, boot_);
  const bool has_lines = std::any_of(contents.files.begin(), contents.files.end(),
                                     [](const TrailFile& file) { return !file.bytes.empty(); });
  if (!found.first_bad && !contents.head && has_lines) {
    found.first_bad = FirstBad{contents.head_path, 0, "the head is missing, so lines may be missing at the end"};
  }
  if (!found.first_bad && contents.head && contents.head->lost_after) {
    found.first_bad = FirstBad{contents.head_path, 0,
                               "the head was lost after line " + std::to_string(*contents.head->lost_after) +
                                   ", so lines may be missing there"};
  }
  return found;
}

}  // namespace cowork::audit
