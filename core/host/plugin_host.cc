#include "cowork/host/plugin_host.h"

#include <algorithm>

#include "host_impl.h"

namespace cowork {
namespace {
HostImpl& implementation(HostCore& core) {
  return static_cast<HostImpl&>(core);
}
}  // namespace

PluginHost::PluginHost(std::unique_ptr<HostCore> core) : core_(std::move(core)) {}
PluginHost::PluginHost(PluginHost&&) noexcept = default;
PluginHost& PluginHost::operator=(PluginHost&&) noexcept = default;
PluginHost::~PluginHost() = default;

Result<json::Value> PluginHost::call_json(std::string_view operation, const json::Value& params,
                                          const CallOptions& options) {
  return implementation(*core_).call_json(operation, params, options);
}

std::vector<std::string> PluginHost::operation_names() const {
  std::vector<std::string> names;
  for (const auto& operation : implementation(*core_).operations()) {
    if (!operation->info().nested && operation->has_codec()) names.emplace_back(operation->info().name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::shared_ptr<void> PluginHost::subscribe(std::function<void(const Event&)> listener) {
  return implementation(*core_).subscribe(std::move(listener));
}

void PluginHost::refresh() {
  implementation(*core_).refresh();
}

HostServices& PluginHost::services() noexcept {
  return *core_;
}

}  // namespace cowork
