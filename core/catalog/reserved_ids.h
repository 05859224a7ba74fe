// Who holds which id against the tiers below, and the sentence that says so.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "cowork/catalog/catalog.h"

namespace cowork {

/// Owns its strings: records move while a catalog is built.
class ReservedIds {
 public:
  /// The name and the alias of a pack, usable or shadowed. Of several holders of one id the first is named.
  void hold(const PackRecord& record);
  /// An id of which only the tier is known: of a directory that is no usable pack, or of a tier that can't be read now.
  void hold(std::string_view id, Scope scope, std::string_view reason);

  /// Why `record` can't have its name or its directory's name: `"engineering" is the directory of builtin pack
  /// "engineering-pack"`. Empty when nobody holds them.
  std::string obstacle(const PackRecord& record) const;

 private:
  std::unordered_map<std::string, std::string> holders_;
};

}  // namespace cowork
