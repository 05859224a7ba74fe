// One pack of the registry, and how it is installed.
#pragma once

#include <string>
#include <string_view>

#include "install_source.h"
#include "session.h"

namespace cowork::cli {

/// Whether `source` names a pack of the registry: a pack's name and nothing that a path or an address has.
bool is_registry_name(std::string_view source);

/// The entry whose id is `name`, else the first whose pack is called so. Errors: not-found, with the next step; those
/// of the registry.
Result<json::Value> entry_called(Session& session, const std::string& name);
/// The first entry whose pack is called `name`: the one that `pluginPack:checkUpdates` looks at.
Result<json::Value> entry_of_pack(Session& session, const std::string& name);

/// From its repository, else from its download. Errors: not-found (the entry has neither).
Result<InstallSource> source_of(const json::Value& entry);

/// Spares a fetch for what would be refused once it is here: the host judges again. Errors: policy-denied,
/// policy-unavailable, as the host words them.
Result<void> check_permitted(Session& session, const json::Value& entry);

/// Tells when the registry's answers are old ones, and with -v what of its catalog can't be used; nothing with -q or
/// --json.
void tell_registry_faults(Session& session);

}  // namespace cowork::cli
