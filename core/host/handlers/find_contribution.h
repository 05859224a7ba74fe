// The one rule for looking a contribution up by its id: active packs only, in the catalog's order.
#pragma once

#include "../handlers.h"
#include "cowork/base/text.h"

namespace cowork::handlers {

/// `member` is the list of PackSummary; `id_of` its elements' id; `usable` says whether this pack offers it now.
template <class Member, class IdOf, class Usable>
Result<FoundContribution> find_contribution(const std::shared_ptr<const PackTable>& table, std::string_view what,
                                            std::string_view id, Member member, IdOf id_of, Usable usable) {
  std::string holder;
  std::vector<std::string> known;
  for (const Pack pack : PackList(table)) {
    const auto& entries = pack.manifest().*member;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const bool offered = pack.state() == PackState::active && usable(pack, entries[i]);
      if (id_of(entries[i]) == id) {
        if (offered) return FoundContribution{pack, i};
        holder = std::string(pack.name()) + " (" + std::string(to_string(pack.state())) + ")";
      } else if (offered) {
        known.emplace_back(id_of(entries[i]));
      }
    }
  }
  Error error = Error::not_found("no active pack has a " + std::string(what) + " " + quoted(id));
  const std::vector<std::string> near = nearest(id, known);
  error.with_why(holder.empty() ? "none of the active packs contributes it"
                                : "it belongs to pack " + holder + " or is switched off there");
  error.with_remedy(near.empty() ? "cowork pack context" : "did you mean " + quoted(near.front()) + "?");
  return fail(std::move(error));
}

}  // namespace cowork::handlers
