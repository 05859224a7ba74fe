#include "cowork/host/plugin_host.h"

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

Result<void> PluginHost::call_text(std::string_view operation, const json::Value& params, const CallOptions& options,
                                   std::string& text) {
  return implementation(*core_).call_text(operation, params, options, text);
}

const OperationInfo* PluginHost::find_operation(std::string_view name) const noexcept {
  const RegisteredOperation* found = implementation(*core_).find_public(name);
  return found ? &found->info() : nullptr;
}

std::vector<std::string> PluginHost::operation_names() const {
  std::vector<std::string> names;
  for (const RegisteredOperation* operation : implementation(*core_).public_operations())
    names.emplace_back(operation->info().name);
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
