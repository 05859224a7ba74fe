// Where the text of a catalog comes from. Private to loaders/registry.
#pragma once

#include <string>

#include "cowork/loaders/registry.h"

namespace cowork::loaders {

/// Whether `address` is asked over the network.
bool is_remote(std::string_view address) noexcept;
/// What is fetched from `address`, or read: what diagnostics name.
std::string catalog_place(std::string_view address);

/// The text of the catalog at `address`. Errors: network, io, invalid-argument (a link, too large), cancelled, timeout.
Result<std::string> read_origin(const RegistryOptions& options, const std::string& address,
                                const RegistryControl& control);

}  // namespace cowork::loaders
