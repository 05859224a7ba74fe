#include "staging_area.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "cowork/base/text.h"

namespace cowork::loaders {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view prefix = ".staging-";
constexpr std::string_view lock_suffix = ".lock";
constexpr std::size_t id_length = 32;

/// The area that an entry of the target belongs to; empty when it belongs to none.
std::string_view area_of(std::string_view entry) {
  if (entry.ends_with(lock_suffix)) entry.remove_suffix(lock_suffix.size());
  if (!entry.starts_with(prefix) || entry.size() != prefix.size() + id_length) return {};
  const std::string_view id = entry.substr(prefix.size());
  return id.find_first_not_of("0123456789abcdef") == std::string_view::npos ? entry : std::string_view{};
}

/// With the lock held. The lock file goes last: while it is there, somebody may be at work.
void remove_area(Directory& target, const std::string& name) {
  const auto removed = target.remove(name);
  if (!removed && removed.error().code() != ErrorCode::not_found) return;
  // A lock file that stays is harmless, and the next sweep's.
  static_cast<void>(target.remove(name + std::string(lock_suffix)));
}

}  // namespace

Result<std::unique_ptr<StagingArea>> StagingArea::make(std::shared_ptr<Directory> target) {
  std::string name = std::string(prefix) + random_id();
  COWORK_ASSIGN(auto lock, target->lock(name + std::string(lock_suffix), 5s));
  std::unique_ptr<StagingArea> area(new StagingArea(std::move(target), std::move(name), std::move(lock)));
  COWORK_TRY(area->target_->make_directory(area->name_, 0700));
  return area;
}

StagingArea::~StagingArea() {
  remove_area(*target_, name_);
}

void sweep_staging(Directory& target) {
  const auto entries = target.entries();
  if (!entries) return;
  std::set<std::string> areas;
  for (const DirectoryEntry& entry : *entries) {
    if (const std::string_view area = area_of(entry.name); !area.empty()) areas.emplace(area);
  }
  for (const std::string& area : areas) {
    const auto lock = target.lock(area + std::string(lock_suffix), 0ms);
    if (lock) remove_area(target, area);
  }
}

}  // namespace cowork::loaders
