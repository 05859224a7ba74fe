// How the report of a content scan looks to people. The values are the `scan` of a Pack (docs/content-scan.md).
#pragma once

#include <string>

#include "cowork/base/json.h"
#include "cowork/state/scan_report.h"
#include "terminal.h"

namespace cowork::cli {

/// "quarantined, 3 findings", "quarantined, released 2026-01-01T00:00:00Z, 1 finding", "clean"; empty for null.
std::string scan_words(const json::Value& report);

/// Three lines at most a finding, as diagnostics look: "quarantined[hidden-text] notes.md:3" and what was found.
std::string scan_details(const json::Value& report, const Styler& styler, std::size_t width);

Style verdict_style(const std::string& verdict);

}  // namespace cowork::cli
