// A scan's report inside of a lock record.
#pragma once

#include "cowork/state/scan_report.h"
#include "place.h"

namespace cowork {

/// What to_json() made. Errors: integrity, placed.
Result<ScanReport> read_scan_report(const Place& place);

}  // namespace cowork
