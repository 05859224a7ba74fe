// The content scan (docs/content-scan.md): what a pack's files hold is looked at before the pack becomes visible. A
// pack that is quarantined stays where it was installed and brings nothing until somebody releases it.
//
// Threads: any. Ownership: the host shares the interceptor.
#pragma once

#include <memory>

#include "cowork/chain/interceptor.h"
#include "cowork/manifest/manifest.h"
#include "cowork/ports/clock.h"
#include "cowork/ports/disk.h"
#include "cowork/state/scan_report.h"

namespace cowork::content_scan {

/// Looks at every file below `files`, in time that grows with their bytes alone. A directory `.git` at the top is
/// passed over, as an install does. `scanned_at` of the report is empty. Errors: io, invalid-manifest.
Result<ScanReport> scan_pack(const PackManifest& manifest, const Directory& files);

/// For HostBuilder::use(…, Phase::policy), behind the policy, whose refusals come first: scans what `pack:admit` shows,
/// and judges `pack:activate` and the switches of quarantined packs. `clock` dates the reports.
std::shared_ptr<Interceptor> make_content_scan(std::shared_ptr<Clock> clock);

}  // namespace cowork::content_scan
