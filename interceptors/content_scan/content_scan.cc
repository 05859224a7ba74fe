#include "cowork/content_scan/content_scan.h"

#include <algorithm>
#include <tuple>

#include "cowork/base/text.h"
#include "cowork/operation/pack_operations.h"

namespace cowork::content_scan {
namespace {

/// The report that holds back a user pack; null when none does. A record speaks of the pack that an install put there,
/// and of no other.
const ScanReport* holding_back(const Snapshot& snapshot, const PackRecord& pack) {
  if (pack.scope != Scope::user || pack.alias != pack.name()) return nullptr;
  const LockRecord* record = snapshot.locks().find(pack.name());
  return record && record->scan && record->scan->holds_back() ? record->scan.get() : nullptr;
}

std::string words_of(const ScanReport& report) {
  for (const ScanFinding& finding : report.findings) {
    if (finding.severity != report.verdict) continue;
    const std::string line = finding.line > 0 ? ":" + std::to_string(finding.line) : "";
    return printable(finding.path) + line + ": " + finding.message;
  }
  return "its report names no finding";
}

/// Not policy-denied: no administrator said so, and the user may release it.
Error quarantined(const std::string& name, const ScanReport& report) {
  return Error::conflict("pack " + quoted(name) + " is quarantined")
      .with_why(words_of(report))
      .with_remedy("cowork pack info " + name);
}

Verdict judge_pack(const Snapshot& snapshot, std::string_view id) {
  const auto index = snapshot.catalog().resolve(id);
  if (!index) return Verdict::no_opinion();
  const PackRecord& pack = snapshot.catalog()[*index];
  const ScanReport* report = holding_back(snapshot, pack);
  if (!report) return Verdict::no_opinion();
  return Verdict::deny(quarantined(std::string(pack.name()), *report), std::string(quarantined_reason),
                       {"content-scan", {}, {}});
}

std::string warning_of(const std::string& name, const ScanReport& report) {
  const std::size_t all = report.findings.size() + report.omitted;
  const std::string more = all > 1 ? " (and " + std::to_string(all - 1) + " more)" : "";
  const bool held = report.verdict == ScanVerdict::quarantined;
  return "content-scan: pack " + quoted(name) + (held ? " is quarantined: " : " has a warning: ") + words_of(report) +
         more;
}

bool same_finding(const ScanFinding& a, const ScanFinding& b) {
  return std::tie(a.rule, a.path, a.line, a.message) == std::tie(b.rule, b.path, b.line, b.message);
}

/// Whoever released these very files has released them when they come again, unless more is found by now.
void keep_release(ScanReport& report, const ScanReport& before) {
  if (report.omitted != before.omitted || report.findings.size() != before.findings.size()) return;
  if (!std::equal(report.findings.begin(), report.findings.end(), before.findings.begin(), same_finding)) return;
  report.released_at = before.released_at;
}

class ContentScan final : public Interceptor {
 public:
  explicit ContentScan(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}

  std::string_view name() const noexcept override { return "content-scan"; }

  bool applies_to(const OperationInfo& info) const override {
    return info.name == AdmitPack::info.name || info.name == ActivatePack::info.name ||
           info.name == TogglePack::info.name || info.name == ToggleSkill::info.name;
  }

  Outcome intercept(Call& call, Next next) override {
    const auto* admission = call.request<AdmitPack>();
    if (!admission || !admission->files || !admission->manifest) return next(call);
    Result<ScanReport> report = scan_pack(*admission->manifest, *admission->files);
    if (!report) return std::move(report).error().prefixed("the content of pack " + quoted(admission->name));
    report->scanned_at = utc_timestamp(clock_->system_ms());
    if (admission->notes && admission->notes->scan) keep_release(*report, *admission->notes->scan);
    const bool known = !report->released_at.empty();
    if (report->verdict != ScanVerdict::clean && !known) call.warn(warning_of(admission->name, *report));
    if (admission->notes) admission->notes->scan = std::make_shared<const ScanReport>(std::move(*report));
    return next(call);
  }

  Verdict judge(const CallView& call, const Snapshot& snapshot) const override {
    if (const auto* request = call.request<ActivatePack>()) return judge_pack(snapshot, request->name);
    if (const auto* request = call.request<TogglePack>())
      return request->enabled ? judge_pack(snapshot, request->name) : Verdict::no_opinion();
    if (const auto* request = call.request<ToggleSkill>())
      return request->enabled ? judge_pack(snapshot, request->pack_name) : Verdict::no_opinion();
    return Verdict::no_opinion();
  }

 private:
  std::shared_ptr<Clock> clock_;
};

}  // namespace

std::shared_ptr<Interceptor> make_content_scan(std::shared_ptr<Clock> clock) {
  return std::make_shared<ContentScan>(std::move(clock));
}

}  // namespace cowork::content_scan
