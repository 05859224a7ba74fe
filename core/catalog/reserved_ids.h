// Who holds which id against the tiers below, and the sentence that says so.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "cowork/catalog/catalog.h"

namespace cowork {

/// Refers to ids and records, which stay while a catalog is built. Of several holders of one id the first is named.
class ReservedIds {
 public:
  /// The name and the alias of a pack, usable or shadowed.
  void hold(const PackRecord& record);
  /// An id of which only the tier is known: of a directory that is no usable pack, or of a tier that can't be read now.
  void hold(std::string_view id, Scope scope, std::string_view reason);

  /// Why `record` can't have its name or its directory's name: `"engineering" is the directory of builtin pack
  /// "engineering-pack"`. Empty when nobody holds them.
  std::string obstacle(const PackRecord& record) const;

 private:
  struct Holder {
    const PackRecord* record = nullptr;  ///< null: `reason` says it
    bool by_alias = false;
    Scope scope = Scope::builtin;
    std::string_view reason;
  };
  static std::string describe(const Holder& holder);

  std::unordered_map<std::string_view, Holder> holders_;
};

}  // namespace cowork
