#include "cowork/state/scan_report.h"

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

}  // namespace cowork
