// What an examination of a pack's files found before the pack became visible. Kept with its lock record, so that report
// and pack appear by one step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cowork {

namespace json {
class Value;
}

enum class ScanVerdict : std::uint8_t {
  clean,        ///< nothing to say
  warning,      ///< worth a look; the pack may be used
  quarantined,  ///< the pack is kept, and brings nothing until somebody releases it
};
std::string_view to_string(ScanVerdict verdict) noexcept;

struct ScanFinding {
  std::string rule;  ///< a constant word, such as `hidden-text`
  ScanVerdict severity = ScanVerdict::warning;
  std::string path;   ///< relative to the pack's root
  unsigned line = 0;  ///< from 1; 0 where lines mean nothing
  std::string message;
};

struct ScanReport {
  ScanVerdict verdict = ScanVerdict::clean;  ///< the worst of the findings
  std::vector<ScanFinding> findings;         ///< in the order of paths and lines; bounded, see `omitted`
  std::size_t omitted = 0;                   ///< findings that are not listed
  std::string scanned_at;                    ///< UTC
  std::string released_at;                   ///< UTC; empty while it is not released

  bool holds_back() const noexcept { return verdict == ScanVerdict::quarantined && released_at.empty(); }
};

/// {verdict, findings: [{rule, severity, path, line?, message}], omitted?, scannedAt, releasedAt?}
json::Value to_json(const ScanReport& report);

}  // namespace cowork
