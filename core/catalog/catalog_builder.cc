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
  std::stable_sort(tiers.begin(), tiers.end(),
                   [](const TierFindings& a, const TierFindings& b) { return a.root.scope < b.root.scope; });
  for (TierFindings& findings : tiers) add_tier(std::move(findings));
  index();
  for (Diagnostic& duplicate : duplicate_contributions(catalog_->packs_)) {
    catalog_->diagnostics_.push_back(std::move(duplicate));
  }
  catalog_->revision_ = next_revision();
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

  for (PackRecord& pack : findings.packs) pack.scope = status.scope;
  const std::vector<std::string> why_out = obstacles(findings.packs);
  reserve(findings, status);
  for (std::size_t i = 0; i < findings.packs.size(); ++i) {
    if (why_out[i].empty()) {
      add_pack(std::move(findings.packs[i]), status);
    } else {
      report_shadowed(findings.packs[i], why_out[i]);
    }
  }
  if (!status.ever_read && !unknown_tier_) unknown_tier_ = &status;
}

void CatalogBuilder::keep_last_seen(const TierFindings& findings, TierStatus& status) {
  // What another directory held says nothing about this one.
  const TierStatus* before = previous_ ? &previous_->tier(status.scope) : nullptr;
  status.ever_read = before && before->ever_read && before->path == status.path;
  if (status.ever_read) status.reserved = before->reserved;
  if (has_diagnostic(findings, tier_unreadable)) return;
  std::string message = fmt::format("the {} tier cannot be read", to_string(status.scope));
  if (status.scope != lowest_scope) {
    message += status.ever_read ? "; the ids that it held before stay reserved"
                                : "; packs of the tiers below stay inactive until it can";
  }
  catalog_->diagnostics_.push_back(
      {Severity::error, std::string(tier_unreadable), std::move(message), SourcePlace{status.path, 0, 0, {}}});
}

std::vector<std::string> CatalogBuilder::obstacles(const std::vector<PackRecord>& packs) const {
  std::unordered_map<std::string_view, const PackRecord*> by_name;
  std::vector<std::string> why_out;
  why_out.reserve(packs.size());
  for (const PackRecord& pack : packs) {
    std::string reason = reserved_.obstacle(pack);
    if (reason.empty()) {
      const auto [first, added] = by_name.try_emplace(pack.name(), &pack);
      if (!added) {
        reason = fmt::format("directory {} of the same tier holds a pack of that name", quoted(first->second->alias));
      }
    }
    why_out.push_back(std::move(reason));
  }
  return why_out;
}

void CatalogBuilder::reserve(const TierFindings& findings, TierStatus& status) {
  for (const std::string& id : status.reserved) {
    reserved_.hold(id, status.scope, "which held it when it was last read");
  }
  for (const PackRecord& pack : findings.packs) {
    reserved_.hold(pack);
    status.reserved.push_back(pack.name());
    status.reserved.push_back(pack.alias);
  }
  for (const std::string& id : findings.reserved) {
    reserved_.hold(id, status.scope, "where it is no usable pack");
    status.reserved.push_back(id);
  }
  std::sort(status.reserved.begin(), status.reserved.end());
  status.reserved.erase(std::unique(status.reserved.begin(), status.reserved.end()), status.reserved.end());
}

void CatalogBuilder::add_pack(PackRecord record, TierStatus& status) {
  if (unknown_tier_ && !record.fault) record.fault = unknown_reservations(*unknown_tier_);
  catalog_->packs_.push_back(std::move(record));
  ++status.packs;
}

void CatalogBuilder::report_shadowed(const PackRecord& record, const std::string& reason) {
  catalog_->diagnostics_.push_back(
      {Severity::warning, "shadowed",
       fmt::format("pack {} in directory {} is shadowed: {}", quoted(record.name()), quoted(record.alias), reason),
       SourcePlace{fmt::format("{}/{}", record.path, manifest_file_name), 0, 0, {}}});
}

void CatalogBuilder::index() {
  const std::vector<PackRecord>& packs = catalog_->packs_;
  catalog_->by_name_.reserve(packs.size());
  for (std::size_t i = 0; i < packs.size(); ++i) {
    catalog_->by_name_.emplace(packs[i].name(), i);
    if (packs[i].scope == Scope::user) continue;
    catalog_->by_alias_.emplace(packs[i].alias, i);
  }
}

}  // namespace cowork
