// Private to assembly.
#pragma once

#include <functional>
#include <memory>

#include "cowork/host/fetching.h"

namespace cowork {

/// Fetches by `governed` while `is_governed` says so, else by `open`: what the user's own host.json opens (internal
/// hosts, a proxy, http) holds only where no administrator governs the machine.
std::shared_ptr<PackFetcher> make_governed_fetcher(std::shared_ptr<PackFetcher> open,
                                                   std::shared_ptr<PackFetcher> governed,
                                                   std::function<bool()> is_governed);

}  // namespace cowork
