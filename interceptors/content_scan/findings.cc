#include "findings.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace cowork::content_scan {

void Findings::add(ScanRule rule, std::string path, unsigned line, std::string message) {
  auto& list = rule.severity == ScanVerdict::quarantined ? grave_ : light_;
  if (list.size() < most)
    list.push_back({std::string(rule.name), rule.severity, std::move(path), line, std::move(message)});
  else
    ++omitted_;
}

void Findings::add(const Hits& hits, std::string_view text, const std::string& path) {
  std::size_t counted = 0;
  unsigned line = 1;
  for (const Hit& hit : hits.kept()) {
    const auto from = text.begin() + static_cast<std::ptrdiff_t>(counted);
    const auto to = text.begin() + static_cast<std::ptrdiff_t>(std::max(hit.offset, counted));
    line += static_cast<unsigned>(std::count(from, to, '\n'));
    counted = std::max(hit.offset, counted);
    add(hit.rule, path, line, hit.message);
  }
  omitted_ += hits.omitted();
}

ScanReport Findings::report() && {
  ScanReport report;
  if (!light_.empty()) report.verdict = ScanVerdict::warning;
  if (!grave_.empty()) report.verdict = ScanVerdict::quarantined;
  const std::size_t room = std::min(light_.size(), most - grave_.size());
  report.omitted = omitted_ + light_.size() - room;
  light_.resize(room);
  report.findings = std::move(grave_);
  std::move(light_.begin(), light_.end(), std::back_inserter(report.findings));
  std::stable_sort(report.findings.begin(), report.findings.end(), [](const ScanFinding& a, const ScanFinding& b) {
    return std::tie(a.path, a.line) < std::tie(b.path, b.line);
  });
  return report;
}

}  // namespace cowork::content_scan
