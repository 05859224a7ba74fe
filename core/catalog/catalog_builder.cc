#include "catalog_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "cowork/base/text.h"
#include "duplicate_contributions.h"

namespace cowork {
namespace {

constexpr Scope lowest_scope = Scope::user;
constexpr std::string_view tier_unreadable = "tier-unreadable";

std::uint64_t next_revision() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

bool has_diagnostic(const TierFindings& findings, std::string_view code) {
  return std::any_of(findings.diagnostics.begin(), findings.diagnostics.end(),
                     [&](const Diagnostic& diagnostic) { return diagnostic.code == code; });
}

Error unknown_reservations(const TierStatus& tier) {
  return Error::io(fmt::format("the {} tier could not be read, so the ids it holds are unknown", to_string(tier.scope)))
      .with_place({tier.path, 0, 0, {}})
      .with_remedy(fmt::format("make {} readable, then scan again", quoted(tier.path)));
}

}  // namespace

CatalogBuilder::CatalogBuilder(const Catalog* previous) : previous_(previous), catalog_(new Catalog) {
  for (const Scope scope : {Scope::builtin, Scope::organization, Scope::user}) {
    TierStatus status;
    status.scope = scope;
    status.ever_read = true;
    catalog_->tiers_.push_back(std::move(status));
  }
}

std::shared_ptr<const Catalog> CatalogBuilder::build(std::vector<TierFindings> tiers) {
  for (const TierFindings& findings : tiers) left_ += findings.packs.size();
  catalog_->packs_.reserve(left_);
  catalog_->stamps_.reserve(left_);
  for (TierFindings& findings : tiers) add_tier(std::move(findings));
  index();
  for (Diagnostic& duplicate : duplicate_contributions(catalog_->packs_)) {
    catalog_->diagnostics_.push_back(std::move(duplicate));
  }
  catalog_->revision_ = previous_ && catalog_->says_the_same(*previous_) ? previous_->revision() : next_revision();
  return catalog_;
}

void CatalogBuilder::add_tier(TierFindings findings) {
  TierStatus& status = catalog_->tiers_[static_cast<std::size_t>(findings.root.scope)];
  status.path = findings.root.path;
  status.readable = findings.readable;
  status.trusted = findings.trusted;
  status.untrusted_reason = findings.untrusted_reason;
  std::vector<Diagnostic>& diagnostics = catalog_->diagnostics_;
  diagnostics.insert(diagnostics.end(), findings.diagnostics.begin(), findings.diagnostics.end());
  if (!findings.readable) keep_last_seen(findings, status);
  status.reserved.insert(status.reserved.end(), findings.reserved.begin(), findings.reserved.end());

  left_ -= findings.packs.size();
  drop_what_is_unused(findings);
  const std::vector<Shadowed> out = shadowed(findings.packs);
  for (const Shadowed& one : out) {
    const PackRecord& pack = *findings.packs[one.position].record;
    report_shadowed(pack, one.reason);
    status.reserved.emplace_back(pack.name());
    status.reserved.push_back(pack.alias.str());
  }
  std::sort(status.reserved.begin(), status.reserved.end());
  status.reserved.erase(std::unique(status.reserved.begin(), status.reserved.end()), status.reserved.end());
  reserve(findings, status);
  auto next_out = out.begin();
  for (std::size_t i = 0; i < findings.packs.size(); ++i) {
    if (next_out != out.end() && next_out->position == i)
      ++next_out;
    else
      add_pack(std::move(findings.packs[i]), status);
  }
  std::move(findings.storage.begin(), findings.storage.end(), std::back_inserter(catalog_->storage_));
  if (!status.ever_read && !unknown_tier_) unknown_tier_ = &status;
}

/// Records that were taken over keep the storage of those that changed since: now and then the living move out.
void CatalogBuilder::drop_what_is_unused(TierFindings& findings) {
  std::size_t held = 0, used = 0;
  for (const auto& storage : findings.storage) held += storage->bytes();
  for (const TierFindings::Entry& entry : findings.packs) used += entry.record->block_bytes;
  constexpr std::size_t small = 1u << 16, most_storages = 64;
  if (findings.packs.empty() || (held <= 2 * used + small && findings.storage.size() <= most_storages)) return;
  const std::string_view path = findings.packs.front().record->tier_path->view();
  const auto lies_there = [&](const TierFindings::Entry& entry) { return *entry.record->tier_path == path; };
  if (!std::all_of(findings.packs.begin(), findings.packs.end(), lies_there)) return;
  const auto fresh = std::make_shared<PackStorage>(findings.root.scope, path);
  for (TierFindings::Entry& entry : findings.packs) entry.record = &fresh->add(*entry.record);
  findings.storage = {fresh};
}

void CatalogBuilder::keep_last_seen(const TierFindings& findings, TierStatus& status) {
  // What another directory held says nothing about this one.
  const TierStatus* before = previous_ ? &previous_->tier(status.scope) : nullptr;
  status.ever_read = before && before->ever_read && before->path == status.path;
  if (status.ever_read) status.reserved = previous_->reserved(status.scope);
  if (has_diagnostic(findings, tier_unreadable)) return;
  std::string message = fmt::format("the {} tier cannot be read", to_string(status.scope));
  if (status.scope != lowest_scope) {
    message += status.ever_read ? "; the ids that it held before stay reserved"
                                : "; packs of the tiers below stay inactive until it can";
  }
  catalog_->diagnostics_.push_back(
      {Severity::error, std::string(tier_unreadable), std::move(message), SourcePlace{status.path, 0, 0, {}}});
}

std::vector<CatalogBuilder::Shadowed> CatalogBuilder::shadowed(const std::vector<TierFindings::Entry>& packs) const {
  FlatIndex by_name;
  by_name.start(packs.size());
  const auto name_at = [&](std::size_t index) { return packs[index].record->name(); };
  std::vector<Shadowed> out;
  for (std::size_t i = 0; i < packs.size(); ++i) {
    const PackRecord& pack = *packs[i].record;
    std::string reason = reserved_.obstacle(pack);
    if (reason.empty()) {
      if (const auto first = by_name.add(pack.name(), static_cast<std::uint32_t>(i), name_at)) {
        reason =
            fmt::format("directory {} of the same tier holds a pack of that name", quoted(packs[*first].record->alias));
      }
    }
    if (!reason.empty()) out.push_back({i, std::move(reason)});
  }
  return out;
}

void CatalogBuilder::reserve(const TierFindings& findings, const TierStatus& status) {
  if (left_ == 0) return;  // nobody is left to be kept out
  if (!findings.readable)
    for (const std::string& id : status.reserved)
      reserved_.hold(id, status.scope, "which held it when it was last read");
  for (const TierFindings::Entry& found : findings.packs) reserved_.hold(*found.record);
  for (const std::string& id : status.reserved) reserved_.hold(id, status.scope, "where it is no usable pack");
}

void CatalogBuilder::add_pack(TierFindings::Entry found, TierStatus& status) {
  if (found.fault)
    catalog_->faults_.emplace_back(catalog_->packs_.size(), *found.fault);
  else if (unknown_tier_)
    catalog_->faults_.emplace_back(catalog_->packs_.size(), unknown_reservations(*unknown_tier_));
  if (found.fault || found.remarks) catalog_->remarked_.emplace_back(catalog_->packs_.size(), found);
  catalog_->packs_.push_back(found.record);
  catalog_->stamps_.push_back(found.stamp);
  ++status.packs;
}

void CatalogBuilder::report_shadowed(const PackRecord& record, const std::string& reason) {
  catalog_->diagnostics_.push_back(
      {Severity::warning, "shadowed",
       fmt::format("pack {} in directory {} is shadowed: {}", quoted(record.name()), quoted(record.alias), reason),
       SourcePlace{fmt::format("{}/{}", record.path(), manifest_file_name), 0, 0, {}}});
}

void CatalogBuilder::index() {
  const std::vector<const PackRecord*>& packs = catalog_->packs_;
  catalog_->by_name_.start(packs.size());
  const auto first_of_user =
      std::find_if(packs.begin(), packs.end(), [](const PackRecord* pack) { return pack->scope == Scope::user; });
  // Where all directories are called as their packs, their names say it all.
  const bool aliases_matter =
      std::any_of(packs.begin(), first_of_user, [](const PackRecord* pack) { return pack->alias != pack->name(); });
  const auto with_alias = aliases_matter ? static_cast<std::size_t>(first_of_user - packs.begin()) : 0;
  catalog_->by_alias_.start(with_alias);
  for (std::size_t i = 0; i < packs.size(); ++i) {
    const auto position = static_cast<std::uint32_t>(i);
    catalog_->by_name_.add(packs[i]->name(), position, [&](std::size_t index) { return packs[index]->name(); });
    if (i >= with_alias) continue;
    catalog_->by_alias_.add(packs[i]->alias, position, [&](std::size_t index) { return packs[index]->alias.view(); });
  }
}

}  // namespace cowork
