// Packs and tiers for the tests of discovery.
#pragma once

#include <string>
#include <vector>

#include "cowork/loaders/pack_source.h"
#include "support/catch.h"

namespace cowork::test {

/// A small valid manifest; `members` are added to it, each beginning with a comma.
inline std::string manifest(const std::string& name, const std::string& members = {}) {
  return R"({"name": ")" + name +
         R"(", "displayName": "D", "version": "1.0.0", "description": "", "type": "pack",
"skills": [{"id": "s", "name": "S", "description": "d", "prompt": "the prompt"}])" +
         members + "}";
}

inline std::string skill_file(const std::string& name, const std::string& prompt) {
  return "---\nname: " + name + "\ndescription: Does " + name + "\n---\n" + prompt + "\n";
}

inline TierFindings scan(const std::shared_ptr<Disk>& disk, const std::string& path, bool configured = true) {
  auto findings = loaders::make_directory_pack_source(disk)->scan({{Scope::builtin, path, configured}}, nullptr);
  REQUIRE(findings.size() == 1);
  return std::move(findings.front());
}

inline std::vector<std::string> names(const TierFindings& findings) {
  std::vector<std::string> names;
  for (const TierFindings::Entry& pack : findings.packs) names.emplace_back(pack.record->name());
  return names;
}

/// "severity code file: message" of each.
inline std::vector<std::string> shown(const TierFindings& findings) {
  std::vector<std::string> shown;
  for (const Diagnostic& diagnostic : findings.diagnostics) {
    shown.push_back(std::string(to_string(diagnostic.severity)) + " " + diagnostic.code + " " +
                    diagnostic.place.to_string() + ": " + diagnostic.message);
  }
  return shown;
}

}  // namespace cowork::test
