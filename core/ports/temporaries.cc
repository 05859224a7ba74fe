#include "temporaries.h"

#include <sys/file.h>
#include <time.h>

#include "cowork/base/text.h"
#include "path_rules.h"
#include "tree_removal.h"

namespace cowork::ports {
namespace {

constexpr std::size_t id_length = 32;
constexpr int attempts = 100;
constexpr timespec pause{0, 1'000'000};

bool is_temporary(const DirectoryEntry& entry) {
  const std::string_view name = entry.name;
  if (entry.kind != FileKind::regular || !name.starts_with(temporary_prefix)) return false;
  const std::string_view id = name.substr(temporary_prefix.size());
  return id.size() == id_length && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool lock(int directory, int how) {
  return uninterrupted([&] { return ::flock(directory, how | LOCK_NB); }) == 0;
}

/// With the directory locked exclusively. What can't be removed is the next writer's.
Result<void> sweep(int directory, const Parent& parent) {
  auto entries = list_directory(directory, parent.path);
  if (!entries) return fail(std::move(entries).error());
  for (const DirectoryEntry& entry : *entries)
    if (is_temporary(entry)) static_cast<void>(::unlinkat(directory, entry.name.c_str(), 0));
  return {};
}

/// Not for ever: whoever may read the directory can lock it. Without the announcement a sweep may at worst take the
/// temporary file away, and the write fails.
void announce(int directory) {
  for (int attempt = 0; attempt < attempts && !lock(directory, LOCK_SH); ++attempt) {
    if (errno != EWOULDBLOCK) return;  // a file system without locks; there nobody sweeps either
    ::nanosleep(&pause, nullptr);
  }
}

}  // namespace

std::string temporary_name() {
  return std::string(temporary_prefix) + random_id();
}

Result<Descriptor> begin_temporary(const Parent& parent) {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  Descriptor own(uninterrupted([&] { return ::openat(parent.directory, ".", flags); }));
  if (!own.valid() && errno == EACCES) return own;
  if (!own.valid()) return fail(failed(errno, "replace", parent.path));
  if (lock(own.get(), LOCK_EX)) COWORK_TRY(sweep(own.get(), parent));
  announce(own.get());
  return own;
}

}  // namespace cowork::ports
