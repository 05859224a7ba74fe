#include "lease_file.h"

#include "cowork/base/json_reader.h"

namespace cowork::admin_policy {
namespace {

constexpr std::string_view file_name = "leases.json";

}  // namespace

Result<LeaseFile::Content> LeaseFile::load() const {
  const auto directory = disk_->open(home_);
  if (!directory && directory.error().code() == ErrorCode::not_found) return Content{};
  if (!directory) return fail(directory.error());
  const auto bytes = (*directory)->read(file_name, json::policy_limits.max_bytes);
  if (!bytes && bytes.error().code() == ErrorCode::not_found) return Content{};
  // A link, or something that is no file, is moved aside as well.
  if (!bytes && bytes.error().code() == ErrorCode::invalid_argument) return Content{{}, bytes.error()};
  if (!bytes) return fail(bytes.error());
  auto leases = parse_leases(*bytes, home_ + '/' + std::string(file_name));
  if (!leases) return Content{{}, std::move(leases).error()};
  return Content{std::move(*leases), std::nullopt};
}

Result<void> LeaseFile::save(const std::vector<Lease>& leases) const {
  COWORK_ASSIGN(const auto directory, disk_->open_or_make(home_, 0700));
  return directory->replace(file_name, leases_text(leases), 0600);
}

Result<std::string> LeaseFile::move_aside(std::int64_t now_ms) const {
  COWORK_ASSIGN(const auto directory, disk_->open(home_));
  std::string name = std::string(file_name) + ".corrupt-" + std::to_string(now_ms);
  COWORK_TRY(directory->rename(file_name, *directory, name, RenameMode::no_replace));
  return name;
}

}  // namespace cowork::admin_policy
