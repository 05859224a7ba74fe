#pragma once

#include "../handlers.h"

namespace cowork::handlers {

/// At the commit point: the id still means the pack it meant at entry. Errors: conflict.
inline Result<void> same_pack(const Catalog& now, std::string_view id, std::string_view name) {
  const auto index = now.resolve(id);
  if (index && now[*index].name() == name) return {};
  return fail(
      Error::conflict("pack \"" + std::string(name) + "\" was changed meanwhile").with_remedy("run the command again"));
}

}  // namespace cowork::handlers
