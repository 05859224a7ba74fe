#include "crash_guard.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <charconv>

#include "cowork/base/text.h"

namespace cowork::loaders {
namespace {

namespace files = boost::filesystem;

constexpr unsigned most_crashes = 2;

std::string directory_of_marks(const std::string& home) {
  return home + "/native-loads";
}

/// `path` and what is missing above it, innermost first.
std::vector<std::string> missing_directories(const std::string& path) {
  std::vector<std::string> missing;
  boost::system::error_code code;
  for (files::path step = path; !step.empty() && !files::exists(files::symlink_status(step, code));
       step = step.parent_path()) {
    missing.push_back(step.string());
  }
  return missing;
}

/// A mark outlives the process, not the machine: a directory made by Disk would wait for the disk at each load.
Result<std::shared_ptr<Directory>> open_marks(Disk& disk, const std::string& path) {
  static_cast<void>(::mkdir(path.c_str(), 0700));  // there already, or with what is above it
  auto marks = disk.open(path);
  if (marks || marks.error().code() != ErrorCode::not_found) return marks;
  return disk.open_or_make(path, 0700);
}

/// Removes directories that are empty; the first that is not, or is no directory, ends it.
void remove_empty(const std::vector<std::string>& directories) {
  for (const std::string& directory : directories) {
    if (::rmdir(directory.c_str()) != 0) return;
  }
}

/// How often loading that library was begun and never ended, by a mark that nobody holds.
unsigned crashes_in(std::string_view mark, std::string_view library_sha256) {
  if (!mark.starts_with(library_sha256)) return 0;
  mark.remove_prefix(library_sha256.size());
  if (!mark.starts_with(' ')) return 0;
  unsigned crashes = 0;
  const auto read = std::from_chars(mark.data() + 1, mark.data() + mark.size(), crashes);
  return read.ec == std::errc() ? crashes : 0;
}

}  // namespace

Result<std::unique_ptr<CrashGuard>> CrashGuard::enter(const std::shared_ptr<Disk>& disk, const std::string& home,
                                                      const std::string& name, std::string_view library_sha256) {
  std::unique_ptr<CrashGuard> guard(new CrashGuard);
  guard->name_ = name;
  guard->path_ = directory_of_marks(home);
  guard->made_for_ = missing_directories(guard->path_);
  if (guard->made_for_.empty()) guard->made_for_.push_back(guard->path_);  // holds nothing but marks
  // Where another process loads the same pack, its mark serves for both.
  if (guard->begin(*disk, home, name)) COWORK_TRY(guard->mark(home, library_sha256));
  return guard;
}

bool CrashGuard::begin(Disk& disk, const std::string& home, const std::string& name) {
  // Twice: a host that has just finished may take the directory away in between.
  for (int attempt = 0; attempt < 2 && !lock_; ++attempt) {
    auto marks = open_marks(disk, directory_of_marks(home));
    if (!marks) continue;
    marks_ = *std::move(marks);
    auto lock = marks_->lock(name, std::chrono::milliseconds(0));
    if (lock) lock_ = *std::move(lock);
    if (!lock && lock.error().code() != ErrorCode::not_found) break;
  }
  return lock_ != nullptr;
}

Result<void> CrashGuard::mark(const std::string& home, std::string_view library_sha256) {
  const auto found = lock_->read();
  const unsigned crashes = found ? crashes_in(*found, library_sha256) : 0;
  if (crashes >= most_crashes) {
    lock_.reset();  // without taking the mark away
    return fail(Error::conflict(
                    fmt::format("the library of pack {} is not loaded any more: the host died {} times while it was",
                                quoted(name_), crashes))
                    .with_why(directory_of_marks(home) + "/" + name_)
                    .with_remedy("install another version, or try again with: cowork pack enable " + name_));
  }
  static_cast<void>(
      lock_->write(fmt::format("{} {}", library_sha256, crashes + 1)));  // what isn't written isn't guarded
  return {};
}

CrashGuard::~CrashGuard() {
  if (lock_) {
    // What can't be removed is an empty promise of a crash: emptied, it is none.
    if (!marks_->remove(name_)) static_cast<void>(lock_->write({}));
    lock_.reset();
  }
  remove_empty(made_for_);
}

void forgive_crashes(Disk& disk, const std::string& home, const std::string& name) {
  const std::string path = directory_of_marks(home);
  const auto marks = disk.open(path);
  if (!marks) return;
  static_cast<void>((*marks)->remove(name));  // missing: nothing to forgive
  remove_empty({path});
}

}  // namespace cowork::loaders
