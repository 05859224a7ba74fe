#include "scan_text.h"

#include "cowork/base/text.h"

namespace cowork {
namespace {

Result<ScanVerdict> verdict_at(const Place& object, std::string_view name) {
  COWORK_ASSIGN(const std::string word, text(object, name));
  for (const ScanVerdict verdict : {ScanVerdict::clean, ScanVerdict::warning, ScanVerdict::quarantined})
    if (word == to_string(verdict)) return verdict;
  return refused_value(object.document, *object.value.find(name), object.pointer + json::pointer_step(name),
                       std::string(name) + " must be one of clean, warning, quarantined; found " + quoted(word));
}

/// A count; 0 where there is none.
Result<std::uint32_t> count_at(const Place& object, std::string_view name) {
  const json::Value* value = object.value.find(name);
  if (!value) return 0U;
  const auto number = value->as_int64();
  if (number && *number >= 0 && *number <= UINT32_MAX) return static_cast<std::uint32_t>(*number);
  return unexpected_value(object.document, *value, object.pointer + json::pointer_step(name), "a count");
}

Result<ScanFinding> read_finding(const Place& place) {
  ScanFinding finding;
  COWORK_ASSIGN(finding.rule, text(place, "rule"));
  COWORK_ASSIGN(finding.severity, verdict_at(place, "severity"));
  COWORK_ASSIGN(finding.path, text(place, "path"));
  COWORK_ASSIGN(finding.line, count_at(place, "line"));
  COWORK_ASSIGN(finding.message, text(place, "message"));
  return finding;
}

}  // namespace

Result<ScanReport> read_scan_report(const Place& place) {
  ScanReport report;
  COWORK_ASSIGN(report.verdict, verdict_at(place, "verdict"));
  COWORK_ASSIGN(const Place findings, member(place, "findings"));
  const json::Array* list = findings.value.as_array();
  if (!list) return unexpected_value(place.document, findings.value, findings.pointer, "an array");
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Place each{place.document, (*list)[i], findings.pointer + "/" + std::to_string(i)};
    COWORK_ASSIGN(ScanFinding finding, read_finding(each));
    report.findings.push_back(std::move(finding));
  }
  COWORK_ASSIGN(report.omitted, count_at(place, "omitted"));
  COWORK_ASSIGN(report.scanned_at, text(place, "scannedAt"));
  COWORK_ASSIGN(report.released_at, optional_text(place, "releasedAt"));
  return report;
}

}  // namespace cowork
