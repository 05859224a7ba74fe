// Tiers as a pack source would find them, in one line each.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cowork/catalog/catalog.h"

namespace cowork::test {

/// Directory and name of a pack.
using Found = std::pair<std::string, std::string>;

inline TierFindings tier(Scope scope, const std::vector<Found>& packs = {}) {
  TierFindings findings;
  findings.root.scope = scope;
  findings.root.path = '/' + std::string(to_string(scope));
  findings.trusted = true;
  for (const auto& [directory, name] : packs) {
    PackRecord record;
    record.scope = scope;
    record.alias = directory;
    record.path = findings.root.path + '/' + directory;
    record.manifest.name = name;
    findings.packs.push_back(std::move(record));
  }
  return findings;
}

inline TierFindings unreadable(Scope scope) {
  TierFindings findings = tier(scope);
  findings.readable = false;
  findings.root.configured = true;
  return findings;
}

/// "user other": the packs of a catalog in its order.
inline std::vector<std::string> listed(const Catalog& catalog) {
  std::vector<std::string> names;
  for (const PackRecord& pack : catalog.packs())
    names.push_back(std::string(to_string(pack.scope)) + ' ' + pack.name());
  return names;
}

/// "warning shadowed: message @ file (pointer)".
inline std::vector<std::string> said(const Catalog& catalog) {
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : catalog.diagnostics()) {
    lines.push_back(std::string(to_string(diagnostic.severity)) + ' ' + diagnostic.code + ": " + diagnostic.message +
                    " @ " + diagnostic.place.to_string());
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace cowork::test
