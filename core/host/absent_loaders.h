// Stand-ins for loaders that a host was not given: no packs, and errors that say so. Private to core/host.
#pragma once

#include <memory>

#include "cowork/host/loading.h"
#include "cowork/host/registry.h"

namespace cowork {

std::shared_ptr<PackSource> make_absent_pack_source();
std::shared_ptr<PackStager> make_absent_pack_stager();
std::shared_ptr<PackFetcher> make_absent_pack_fetcher();
std::shared_ptr<PackRegistry> make_absent_pack_registry();
std::shared_ptr<PackScaffolder> make_absent_pack_scaffolder();

}  // namespace cowork
