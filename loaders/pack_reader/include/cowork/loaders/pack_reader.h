// Reads and checks a pack's directory: the one piece of code behind discovery, installs and dry runs.
//
// Threads: any. Ownership: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cowork/catalog/scope.h"
#include "cowork/loaders/pack_files.h"
#include "cowork/manifest/manifest.h"

namespace cowork::loaders {

inline constexpr std::size_t max_skill_bytes_of_pack = 32U << 20U;

struct PackReading {
  ParsedManifest parsed;  ///< skills of skill directories included, with their prompts
  std::string manifest_sha256;
  /// Why the pack can't be active: a platform, a `coworkVersion` or a `main` that this host can't serve.
  std::optional<Error> fault;
  /// The fault (`incompatible`, `invalid-main`) and unknown skills (`unknown-skill`).
  std::vector<Diagnostic> diagnostics;
};

/// Why a directory holds no pack that can be listed.
struct PackRefusal {
  std::string diagnostic;  ///< `no-manifest`, `link-refused` or `invalid-manifest`
  Severity severity = Severity::error;
  /// With its place. invalid-manifest; io where reading failed.
  Error error;
  /// The name that the manifest claims, where so much of it could be read and is a pack's name.
  std::string name;
};

tl::expected<PackReading, PackRefusal> read_pack(const PackFiles& files);

/// The refusal that a link is.
PackRefusal refuse_link(std::string shown_path);

Diagnostic to_diagnostic(const PackRefusal& refusal);

}  // namespace cowork::loaders
