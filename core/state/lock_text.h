// Lock records as `pack-lock.json` holds them:
// {"version": 1, "packs": {name: {version, source: {kind, location, ref?, commit?}, sha256?, treeSha256, installedAt,
// scan?: see scan_report.h, pending?: the record before, or null}}, lost?: true}
#pragma once

#include <string>

#include "cowork/base/json_reader.h"
#include "cowork/state/lock_records.h"

namespace cowork {

/// Errors: integrity, placed.
Result<LockRecords> read_lock_records(const json::Document& document);

std::string lock_text(const LockRecords& records);

}  // namespace cowork
