#include <algorithm>

#include "cowork/host/registry.h"

namespace cowork {

const RegistryEntry* RegistryCatalog::find(std::string_view id) const noexcept {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [id](const RegistryEntry& entry) { return entry.id == id; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace cowork
