// Puts a catalog together, tier by tier from the highest.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cowork/catalog/catalog.h"
#include "reserved_ids.h"

namespace cowork {

class CatalogBuilder {
 public:
  explicit CatalogBuilder(const Catalog* previous);

  std::shared_ptr<const Catalog> build(std::vector<TierFindings> tiers);

 private:
  void add_tier(TierFindings findings);
  static void drop_what_is_unused(TierFindings& findings);
  /// Reports that a tier can't be read and keeps what it held when it was read last.
  void keep_last_seen(const TierFindings& findings, TierStatus& status);
  /// A pack that is out, by its position, and why.
  struct Shadowed {
    std::size_t position;
    std::string reason;
  };
  /// In order.
  std::vector<Shadowed> shadowed(const std::vector<TierFindings::Entry>& packs) const;
  /// Makes the ids of a tier binding for those that follow.
  void reserve(const TierFindings& findings, const TierStatus& status);
  void add_pack(TierFindings::Entry found, TierStatus& status);
  void report_shadowed(const PackRecord& record, const std::string& reason);
  void index();

  const Catalog* previous_;
  std::shared_ptr<Catalog> catalog_;
  ReservedIds reserved_;  ///< of the tiers that are done
  std::size_t left_ = 0;  ///< packs of the tiers that are not
  /// The highest tier of which nobody knows what it holds.
  const TierStatus* unknown_tier_ = nullptr;
};

}  // namespace cowork
