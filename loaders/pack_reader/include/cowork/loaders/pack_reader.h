// Reads and checks a pack's directory: the one piece of code behind discovery, installs and dry runs.
//
// Threads: any. Ownership: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cowork/base/json_tape.h"
#include "cowork/catalog/scope.h"
#include "cowork/loaders/pack_files.h"
#include "cowork/manifest/pack_summary.h"

namespace cowork::loaders {

inline constexpr std::size_t max_skill_bytes_of_pack = 32U << 20U;

struct PackReading {
  ParsedManifest parsed;  ///< skills of skill directories included
  ContentHash manifest_hash{};
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

/// Memory that serves for one pack after another. Threads: one at a time.
struct PackScratch {
  FileBuffer buffer;
  json::Tape tape;
};

/// The same, as summarize_manifest() does it: no document, no inline prompts.
tl::expected<PackReading, PackRefusal> summarize_pack(const PackFiles& files, PackScratch& scratch);

/// Looks at the files that reading this pack has read, without reading them: whoever gave `files` a stamp gets the same
/// one when none of them changed. False when that can't be known.
bool look_at_pack(const PackFiles& files, const PackSummary& manifest);

/// The refusal that a link is.
PackRefusal refuse_link(std::string shown_path);

Diagnostic to_diagnostic(const PackRefusal& refusal);

}  // namespace cowork::loaders
