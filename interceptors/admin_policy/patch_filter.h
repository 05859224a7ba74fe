// What of a patch is to be written into a layer's file: members that say what is in force already are left alone,
// entries imposed from above are not written down, and what would loosen a higher layer is refused (SPEC §6,
// "Updates").
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cowork/catalog/catalog.h"
#include "layers.h"

namespace cowork::admin_policy {

class PatchFilter {
 public:
  /// `above` is merged from the layers above `target` only. `target` is the layer as it is before the patch, `shown`
  /// the effective document with it. All are borrowed.
  PatchFilter(const EffectivePolicy& above, const Layer& target, const json::Value& shown, const Catalog& catalog)
      : above_(above), target_(target), shown_(shown), catalog_(catalog) {}

  /// The rest of `patch`, an object. A denial when a value is locked.
  tl::expected<json::Value, Verdict> filter(const json::Value& patch);

 private:
  using Filtered = std::optional<json::Value>;

  json::Object filter_section(const std::string& section, const json::Object& members);
  Filtered filter_member(const std::string& section, const json::Member& member, const json::Value* shown);
  Filtered filter_united(List list, json::Value value);
  Filtered filter_allowed(json::Value value);
  bool file_states(std::string_view rule) const;
  void check_switch(Switch which, const json::Value& value);
  void check_heartbeat(const json::Value& value);
  void check_concurrency(const json::Value& value);
  void check_text(std::string_view rule, const Effective<std::string>& imposed, const json::Value& value);
  void lock(std::string subject, const Layer& layer, const Rule& rule);

  const EffectivePolicy& above_;
  const Layer& target_;
  const json::Value& shown_;
  const Catalog& catalog_;
  std::optional<Verdict> locked_;
};

}  // namespace cowork::admin_policy
