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

/// Findings that a test can still change.
struct Tier {
  TierRoot root = {};
  bool readable = true;
  bool trusted = false;
  std::string untrusted_reason = {};
  std::vector<FoundPack> packs = {};
  std::vector<std::string> reserved = {};
  std::vector<Diagnostic> diagnostics = {};

  operator TierFindings() const {
    TierFindings findings;
    findings.root = root;
    findings.readable = readable;
    findings.trusted = trusted;
    findings.untrusted_reason = untrusted_reason;
    findings.reserved = reserved;
    findings.diagnostics = diagnostics;
    for (const FoundPack& pack : packs) findings.add(pack);
    return findings;
  }
};

inline Tier tier(Scope scope, const std::vector<Found>& packs = {}) {
  Tier findings;
  findings.root.scope = scope;
  findings.root.path = '/' + std::string(to_string(scope));
  findings.trusted = true;
  for (const auto& [directory, name] : packs) {
    FoundPack pack;
    pack.alias = directory;
    pack.manifest.name = name;
    findings.packs.push_back(std::move(pack));
  }
  return findings;
}

inline Tier unreadable(Scope scope) {
  Tier findings = tier(scope);
  findings.readable = false;
  findings.root.configured = true;
  return findings;
}

/// "user other": the packs of a catalog in its order.
inline std::vector<std::string> listed(const Catalog& catalog) {
  std::vector<std::string> names;
  for (const PackRecord& pack : catalog.packs())
    names.push_back(std::string(to_string(pack.scope)) + ' ' + std::string(pack.name()));
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
