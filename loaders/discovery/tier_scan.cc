#include "tier_scan.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/json_reader.h"
#include "cowork/base/text.h"
#include "cowork/loaders/pack_reader.h"
#include "cowork/loaders/pack_tree.h"

namespace cowork::loaders {
namespace {

/// What a listing can show and a JSON document can hold. It only says what the name is: a pack's identity is its
/// manifest's.
bool is_plain(std::string_view name) {
  return json::is_valid_utf8(name) && printable(name) == name;
}

class TierScan {
 public:
  TierScan(const Directory& directory, TierFindings& findings) : directory_(directory), findings_(findings) {}

  void run(const std::vector<DirectoryEntry>& entries) {
    for (const DirectoryEntry& entry : entries) {
      if (entry.name.starts_with('.') || entry.kind == FileKind::regular) continue;
      if (!is_plain(entry.name)) {
        leave_out(entry, Diagnostic{Severity::error, "invalid-name",
                                    "a name must be UTF-8 without control and invisible characters", place(entry)});
      } else if (entry.kind == FileKind::link) {
        leave_out(entry, to_diagnostic(refuse_link(place(entry).file)));
      } else if (entry.kind != FileKind::directory) {
        leave_out(entry, Diagnostic{Severity::warning, "not-a-directory",
                                    fmt::format("expected a directory, found {}", describe(entry.kind)), place(entry)});
      } else {
        take(entry);
      }
    }
    // Whoever claims the same name twice reserves it once.
    auto& reserved = findings_.reserved;
    std::sort(reserved.begin(), reserved.end());
    reserved.erase(std::unique(reserved.begin(), reserved.end()), reserved.end());
  }

  TrustTrail& trail() { return trail_; }

 private:
  SourcePlace place(const DirectoryEntry& entry) const {
    return {join_path(directory_.path(), printable(entry.name)), 0, 0, {}};
  }

  void leave_out(const DirectoryEntry& entry, Diagnostic diagnostic) {
    if (entry.kind != FileKind::other) findings_.reserved.push_back(entry.name);
    findings_.diagnostics.push_back(std::move(diagnostic));
  }

  void take(const DirectoryEntry& entry) {
    const std::string path = join_path(directory_.path(), entry.name);
    auto reading = read_pack(PackFiles(directory_, entry.name, path, &trail_));
    if (!reading) {
      if (!reading.error().name.empty()) findings_.reserved.push_back(reading.error().name);
      leave_out(entry, to_diagnostic(reading.error()));
      return;
    }
    PackRecord record;
    record.scope = findings_.root.scope;
    record.alias = entry.name;
    record.path = path;
    record.manifest = std::move(reading->parsed.manifest);
    record.manifest.drop_long_text();
    record.manifest_sha256 = std::move(reading->manifest_sha256);
    record.fault = std::move(reading->fault);
    findings_.packs.push_back(std::move(record));
    for (Diagnostic& diagnostic : reading->diagnostics) findings_.diagnostics.push_back(std::move(diagnostic));
  }

  const Directory& directory_;
  TierFindings& findings_;
  TrustTrail trail_;
};

void cannot_read(TierFindings& findings, const Error& error) {
  const SourcePlace place{findings.root.path, 0, 0, {}};
  findings.untrusted_reason = error.message();
  if (error.code() != ErrorCode::not_found) {
    findings.readable = false;
    findings.diagnostics.push_back({Severity::error, "tier-unreadable", error.message(), place});
  } else if (findings.root.configured) {
    findings.diagnostics.push_back(
        {Severity::error, "tier-missing",
         fmt::format("the configured directory of the {} tier does not exist", to_string(findings.root.scope)), place});
  }
}

}  // namespace

TierFindings scan_tier(const Disk& disk, const TierRoot& root) {
  TierFindings findings;
  findings.root = root;
  if (root.path.empty() && !root.configured) {
    findings.untrusted_reason = "no directory is set";
    return findings;
  }
  const auto directory = disk.open(root.path);
  if (!directory) {
    cannot_read(findings, directory.error());
    return findings;
  }
  const auto entries = (*directory)->entries();
  if (!entries) {
    cannot_read(findings, Error::io(entries.error().message()));
    return findings;
  }
  TierScan scan(**directory, findings);
  scan.trail().add(disk.trust_of_directory((*directory)->path()));
  scan.run(*entries);
  findings.trusted = scan.trail().intact();
  findings.untrusted_reason = scan.trail().reason();
  return findings;
}

}  // namespace cowork::loaders
