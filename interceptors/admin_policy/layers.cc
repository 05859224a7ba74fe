#include "layers.h"

#include <atomic>

#include "cowork/base/sha256.h"

namespace cowork::admin_policy {
namespace {

/// Takes the value of each layer that states one, from the highest, where `tighter(candidate, current)` or none was
/// taken.
template <class T, class Get, class Tighter>
Effective<T> tightest(const EffectivePolicy& policy, T fallback, const Get& get, const Tighter& tighter) {
  Effective<T> result{std::move(fallback), nullptr, {}};
  for (const auto& layer : policy.layers) {
    if (!layer->document()) continue;
    const auto& stated = get(*layer->document());
    if (stated && (!result.layer || tighter(stated->value, result.value)))
      result = {stated->value, layer.get(), stated->at};
  }
  return result;
}

constexpr auto highest_wins = [](const auto&, const auto&) { return false; };

std::string label_of(const EffectivePolicy& policy) {
  std::string text;
  for (const auto& layer : policy.layers) {
    text.append(layer->name()).append(":").append(to_string(layer->state())).append(":").append(layer->revision());
    // Under an invalid file the content in force is another one than the file's.
    if (layer->state() == LayerState::last_good) text.append(":").append(*layer->document()->text);
    text += '\n';
  }
  return sha256_hex(text).substr(0, 16);
}

std::uint64_t next_revision() {
  static std::atomic<std::uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

const Layer* EffectivePolicy::layer(LayerKind kind) const noexcept {
  for (const auto& layer : layers)
    if (layer->kind() == kind) return layer.get();
  return nullptr;
}

const Layer* EffectivePolicy::broken() const noexcept {
  for (const auto& layer : layers)
    if (layer->is_broken()) return layer.get();
  return nullptr;
}

std::shared_ptr<const EffectivePolicy> merge(std::vector<std::shared_ptr<const Layer>> layers) {
  auto policy = std::make_shared<EffectivePolicy>();
  policy->layers = std::move(layers);
  for (const Switch which : all_switches)
    policy->switches[static_cast<std::size_t>(which)] = tightest(
        *policy, true, [&](const PolicyDocument& d) -> auto& { return d.allows(which); },
        [](bool candidate, bool current) { return current && !candidate; });
  policy->heartbeat_sec = tightest(
      *policy, default_heartbeat_sec, [](const PolicyDocument& d) -> auto& { return d.heartbeat_sec; },
      std::greater<>());
  policy->concurrent_agents = tightest(
      *policy, default_concurrent_agents, [](const PolicyDocument& d) -> auto& { return d.concurrent_agents; },
      std::less<>());
  policy->organization_name = tightest(
      *policy, std::string(), [](const PolicyDocument& d) -> auto& { return d.organization_name; }, highest_wins);
  policy->organization_directory = tightest(
      *policy, std::string(), [](const PolicyDocument& d) -> auto& { return d.organization_directory; }, highest_wins);
  policy->revision = next_revision();
  policy->label = label_of(*policy);
  return policy;
}

Rule rule_at(const Layer& layer, std::string_view name, std::string_view pointer, Position at) {
  const std::string& file = layer.document() ? layer.document()->file : layer.path();
  return Rule{std::string(name), std::string(layer.name()), {file, at.line, at.column, std::string(pointer)}};
}

Rule rule_of_entry(const Layer& layer, List list, const Entry& entry) {
  const std::string step = '/' + std::to_string(layer.position(list, entry));
  return rule_at(layer, rule_name(list), std::string(pointer_of(list)) + step, layer.document()->position(entry));
}

Rule rule_of_list(const Layer& layer, List list) {
  return rule_at(layer, rule_name(list), pointer_of(list), layer.document()->list(list).at);
}

std::string pointer_of_rule(std::string_view rule) {
  std::string pointer = "/";
  for (const char character : rule) pointer += character == '.' ? '/' : character;
  return pointer;
}

}  // namespace cowork::admin_policy
