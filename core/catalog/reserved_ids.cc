#include "reserved_ids.h"

#include <fmt/format.h>

#include "cowork/base/text.h"

namespace cowork {

void ReservedIds::hold(const PackRecord& record) {
  holders_.try_emplace(record.name(), fmt::format("the name of the {} pack in directory {}", to_string(record.scope),
                                                  quoted(record.alias)));
  holders_.try_emplace(record.alias,
                       fmt::format("the directory of {} pack {}", to_string(record.scope), quoted(record.name())));
}

void ReservedIds::hold(std::string_view id, Scope scope, std::string_view reason) {
  holders_.try_emplace(std::string(id), fmt::format("reserved by the {} tier, {}", to_string(scope), reason));
}

std::string ReservedIds::obstacle(const PackRecord& record) const {
  for (const std::string* id : {&record.name(), &record.alias}) {
    const auto held = holders_.find(*id);
    if (held != holders_.end()) return fmt::format("{} is {}", quoted(*id), held->second);
  }
  return {};
}

}  // namespace cowork
