// What scaffold and every kind of install share: staged → admitted → committed → visible.
#pragma once

#include "../handlers.h"

namespace cowork::handlers {

struct Publication {
  StagedPack* staged = nullptr;
  std::string source_kind;
  std::string source;  ///< address or path for the lock record
  InstallOptions options;
  std::string must_be = {};   ///< for an update: the name that it must have
  bool recorded = true;       ///< false for scaffold: no lock record, so the pack may be edited
  bool in_extensions = true;  ///< false: put elsewhere, so neither scanned nor toggled
};

/// `pack:admit` of a pack through the chain, nested in `admitted`. Without `files` nothing is staged yet, and nobody
/// can examine it; with them what was found comes back.
Result<AdmissionNotes> admit(HostImpl& host, AdmittedBase& admitted, const PackManifest& manifest,
                             std::string_view source_kind, const Directory* files = nullptr, AdmissionNotes notes = {});

/// Commits `admitted`: asks `pack:admit` with the staged files (not where nothing is recorded and the pack
/// `admitted_name` was admitted), and has it judged again at the commit point. What was found comes back, and is in the
/// lock record. Errors: those of the chain, already-exists, conflict (a lower version, a name that a
/// higher tier holds), io. Afterwards the host has rescanned.
/// In a dry run it asks and checks the same and publishes nothing.
Result<AdmissionNotes> publish(HostImpl& host, AdmittedBase& admitted, const Publication& publication,
                               std::string_view admitted_name);

/// The user pack whose directory is called like `name`, and which is another one; null when there is none.
const PackRecord* other_pack_in(const Catalog& catalog, const std::string& name);

/// The checks of publish() that need no staging, for dry runs.
Result<void> check_target(HostImpl& host, const Snapshot& snapshot, const PackManifest& manifest,
                          const InstallOptions& options);

}  // namespace cowork::handlers
