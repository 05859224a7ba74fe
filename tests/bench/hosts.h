// Hosts on the real disk.
#pragma once

#include "memory_host.h"

namespace cowork::bench {

/// The standard host with this directory of builtin packs and a new home; it does nothing by itself.
std::shared_ptr<PluginHost> standard_host(const std::string& tier);

}  // namespace cowork::bench
