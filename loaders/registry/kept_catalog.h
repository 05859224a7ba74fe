// `<home>/registry.json`: the last catalog that came over the network, for when the next one can't be had. Private to
// loaders/registry.
#pragma once

#include <optional>
#include <string>

#include "catalog_document.h"
#include "cowork/ports/disk.h"

namespace cowork::loaders {

struct KeptCatalog {
  CatalogDocument document;
  std::int64_t fetched_at_ms = 0;  ///< since 1970
};

/// None when there is no copy, or that of another address. Errors: io, invalid-argument (it can't be used).
Result<std::optional<KeptCatalog>> read_kept(const Disk& disk, const std::string& home, const std::string& address);

/// `catalog` is the document as it came. Readable for its owner alone. Errors: io, invalid-argument (a link stands
/// there).
Result<void> keep(Disk& disk, const std::string& home, const std::string& address, std::int64_t fetched_at_ms,
                  json::Value catalog);

}  // namespace cowork::loaders
