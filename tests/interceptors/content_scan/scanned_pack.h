// A pack on a disk in memory, and what the scan says of it.
#pragma once

#include <string>
#include <vector>

#include "cowork/base/json_reader.h"
#include "cowork/content_scan/content_scan.h"
#include "cowork/ports/memory_disk.h"
#include "support/catch.h"

namespace cowork::test {

struct ScannedPack {
  MemoryDisk disk;

  ScannedPack() { manifest({}); }
  /// `members` are more members of the manifest, each followed by a comma.
  void manifest(const std::string& members) { file("cowork.plugin.json", "{" + members + R"("name":"x"})"); }
  void file(const std::string& path, std::string_view bytes, std::uint32_t mode = 0644) {
    disk.plant_file("/pack/" + path, bytes, mode);
  }
  ScanReport scan(const std::string& main = {}) const {
    PackManifest manifest;
    manifest.main = main;
    const auto root = disk.open("/pack");
    REQUIRE(root);
    Result<ScanReport> report = content_scan::scan_pack(manifest, **root);
    if (!report) FAIL(report.error().message());
    return std::move(*report);
  }
};

/// "quarantined[rule] path:line message", as many as there are.
inline std::vector<std::string> lines_of(const ScanReport& report) {
  std::vector<std::string> lines;
  for (const ScanFinding& finding : report.findings) {
    lines.push_back(std::string(to_string(finding.severity)) + "[" + finding.rule + "] " + finding.path +
                    (finding.line > 0 ? ":" + std::to_string(finding.line) : "") + " " + finding.message);
  }
  return lines;
}

}  // namespace cowork::test
