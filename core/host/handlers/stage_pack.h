// How a pack gets into staging, wherever it comes from.
#pragma once

#include "../handlers.h"

namespace cowork::handlers {

/// Where a pack comes from: what an install was given, or what a lock record holds.
struct PackOrigin {
  std::string kind;      ///< as LockRecord::source_kind
  std::string location;  ///< path or address
};

/// `directory` or `archive`, by what stands at `path`.
PackOrigin origin_of_path(HostImpl& host, const std::string& path);

/// A pin that nothing would compare is refused. Errors: invalid-argument.
Result<void> check_pins(const PackOrigin& origin, const InstallOptions& options);

/// Brings it into staging beside the installed packs (in a dry run: into a temporary directory) and tells subscribers
/// how far it is (`install-progress`). Errors: those of the stager and the fetcher.
Result<std::unique_ptr<StagedPack>> stage(HostImpl& host, AdmittedBase& admitted, const PackOrigin& origin,
                                          const InstallOptions& options);

/// What an install answers about a staged pack, and about what was found in it.
InstallReply install_reply(HostImpl& host, const StagedPack& staged, const AdmissionNotes& notes);

}  // namespace cowork::handlers
