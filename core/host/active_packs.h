// Which packs are active, or ought to be. Private to core/host.
//
// Threads: one at a time. Ownership: keeps the catalog that it speaks of.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/operation/pack.h"
#include "running_code.h"

namespace cowork {

class ActivePacks {
 public:
  ActivePacks() = default;
  /// Those that ought to be, by their flags. A native pack that may run and does not run yet is one.
  ActivePacks(const PackTable& table, const RunningCode& code);

  void erase(std::string_view name);
  template <class Which>
  void erase_if(Which which) {
    for (std::size_t i = 0; i < active_.size(); ++i)
      if (active_[i] && which((*catalog_)[i])) active_[i] = false;
  }

  struct Difference {
    std::vector<std::string> gone;  ///< active in this one only; both sorted
    std::vector<std::string> come;  ///< active in `next` only, or native and of other content there
  };
  Difference to(const ActivePacks& next) const;

 private:
  bool has(std::string_view name) const;
  /// What has to be activated anew when it changes: of others than native packs nothing, so it is empty.
  std::string_view content(std::string_view name) const;

  std::shared_ptr<const Catalog> catalog_;
  std::vector<bool> active_;  ///< parallel to it
  std::map<std::string, std::string, std::less<>> native_content_;
};

}  // namespace cowork
