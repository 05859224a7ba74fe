#include "policy_store.h"

#include <algorithm>

namespace cowork::admin_policy {

PolicyStore::PolicyStore(const Options& options) : started_ms_(options.clock->system_ms()) {
  const std::string& machine = options.machine_policy_path;
  if (!machine.empty()) files_.emplace_back(options.disk, options.clock, LayerKind::machine, machine);
  files_.emplace_back(options.disk, options.clock, LayerKind::user, options.home + "/policies.json");
  const std::lock_guard files(files_mutex_);
  refresh_locked();
  publish_locked();
}

std::shared_ptr<const EffectivePolicy> PolicyStore::current() const {
  const std::lock_guard lock(current_mutex_);
  return current_;
}

bool PolicyStore::refresh() {
  const std::lock_guard files(files_mutex_);
  const bool changed = refresh_locked();
  if (changed) publish_locked();
  return changed;
}

bool PolicyStore::refresh_locked() {
  bool changed = false;
  for (LayerFile& file : files_) changed = file.refresh() || changed;
  return changed;
}

void PolicyStore::publish_locked() {
  std::vector<std::shared_ptr<const Layer>> layers;
  for (const LayerFile& file : files_) layers.push_back(file.layer());
  auto merged = merge(std::move(layers));
  const std::lock_guard lock(current_mutex_);
  current_ = std::move(merged);
  current_address_.store(current_.get(), std::memory_order_release);
}

Result<void> PolicyStore::write(const EffectivePolicy& judged, LayerKind kind, std::string_view text) {
  const std::lock_guard files(files_mutex_);
  for (LayerFile& file : files_) {
    if (file.layer()->kind() != kind) continue;
    auto written = file.write(text, judged.layer(kind)->revision());
    publish_locked();
    return written;
  }
  return fail(Error::invalid_argument("this host has no " + std::string(to_string(kind)) + " layer"));
}

}  // namespace cowork::admin_policy
