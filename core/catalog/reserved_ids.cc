#include "reserved_ids.h"

#include <fmt/format.h>

#include "cowork/base/text.h"

namespace cowork {

void ReservedIds::hold(const PackRecord& record) {
  holders_.try_emplace(record.name(), Holder{&record, false, record.scope, {}});
  holders_.try_emplace(record.alias.view(), Holder{&record, true, record.scope, {}});
}

void ReservedIds::hold(std::string_view id, Scope scope, std::string_view reason) {
  holders_.try_emplace(id, Holder{nullptr, false, scope, reason});
}

std::string ReservedIds::describe(const Holder& holder) {
  if (!holder.record) return fmt::format("reserved by the {} tier, {}", to_string(holder.scope), holder.reason);
  const PackRecord& record = *holder.record;
  if (holder.by_alias)
    return fmt::format("the directory of {} pack {}", to_string(record.scope), quoted(record.name()));
  return fmt::format("the name of the {} pack in directory {}", to_string(record.scope), quoted(record.alias));
}

std::string ReservedIds::obstacle(const PackRecord& record) const {
  if (holders_.empty()) return {};
  for (const std::string_view id : {record.name(), record.alias.view()}) {
    const auto held = holders_.find(id);
    if (held != holders_.end()) return fmt::format("{} is {}", quoted(id), describe(held->second));
  }
  return {};
}

}  // namespace cowork
