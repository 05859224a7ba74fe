#include "cowork/state/scan_report.h"

#include "cowork/base/json.h"

namespace cowork {

std::string_view to_string(ScanVerdict verdict) noexcept {
  switch (verdict) {
    case ScanVerdict::clean:
      return "clean";
    case ScanVerdict::warning:
      return "warning";
    case ScanVerdict::quarantined:
      return "quarantined";
  }
  return "quarantined";
}

json::Value to_json(const ScanReport& report) {
  json::Value findings = json::Value::array();
  for (const ScanFinding& finding : report.findings) {
    json::Value value = json::Value::object(
        {{"rule", finding.rule}, {"severity", to_string(finding.severity)}, {"path", finding.path}});
    if (finding.line > 0) value.set("line", static_cast<std::uint64_t>(finding.line));
    value.set("message", finding.message);
    findings.push_back(std::move(value));
  }
  json::Value value = json::Value::object({{"verdict", to_string(report.verdict)}});
  value.set("findings", std::move(findings));
  if (report.omitted > 0) value.set("omitted", static_cast<std::uint64_t>(report.omitted));
  value.set("scannedAt", report.scanned_at);
  if (!report.released_at.empty()) value.set("releasedAt", report.released_at);
  return value;
}

}  // namespace cowork
