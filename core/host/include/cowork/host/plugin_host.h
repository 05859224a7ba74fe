// PluginHost: the whole of cowork for an application that embeds it. Every call goes through the interceptor chain to a
// handler; there is no other way in. Made by HostBuilder (host_builder.h); `standard_host` (assembly) makes the usual
// one.
//
// Threads: every method may be called by any thread. Ownership: movable, not copyable; destroying it stops its
// background work after the running calls.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/host/host_operations.h"
#include "cowork/host/services.h"
#include "cowork/operation/pack_operations.h"

namespace cowork {

class HostCore;

class PluginHost {
 public:
  PluginHost(PluginHost&&) noexcept;
  PluginHost& operator=(PluginHost&&) noexcept;
  ~PluginHost();

  /// Runs `request` through the chain. Errors: any of SPEC §8; those of the operation are documented with it.
  template <Operation Op>
  Result<typename Op::Reply> call(const Op& request, const CallOptions& options = {});

  /// The verdict that call() would get now, without any effect: for what a user interface greys out. Errors:
  /// invalid-argument (the request's own; nobody registered it).
  template <Operation Op>
  Result<Verdict> explain(const Op& request, const CallOptions& options = {});

  /// call() by name, with JSON parameters (by position or by name): for command lines and servers. Nested operations
  /// and names that nobody registered are invalid-argument.
  Result<json::Value> call_json(std::string_view operation, const json::Value& params, const CallOptions& options = {});

  // The everyday calls, spelt out.
  Result<PackList> list() { return call(ListPacks{}); }
  Result<std::optional<Pack>> get(std::string name) { return call(GetPack{std::move(name)}); }
  Result<TogglePack::Reply> toggle(std::string name, bool enabled) {
    return call(TogglePack{std::move(name), enabled});
  }

  /// call_json() with the reply as compact JSON text, appended to `text`: for servers, since large replies are written
  /// straight to text, without a json::Value. On an error `text` is as it was.
  Result<void> call_text(std::string_view operation, const json::Value& params, const CallOptions& options,
                         std::string& text);
  /// Null when no public operation has this name. Valid for as long as the host is.
  const OperationInfo* find_operation(std::string_view name) const noexcept;

  /// Names of the public operations, sorted.
  std::vector<std::string> operation_names() const;

  /// `listener` is called on the thread that causes the event (or a background thread), with no lock of the host held.
  /// It is called until the returned handle goes; letting the handle go waits for a call that is under way, unless that
  /// is on the same thread.
  std::shared_ptr<void> subscribe(std::function<void(const Event&)> listener);

  /// Looks for changes made by others (toggles, lock records, tiers, policy) and reconciles. The standard host does
  /// this twice a second by itself.
  void refresh();

  HostServices& services() noexcept;

 private:
  friend class HostBuilder;
  explicit PluginHost(std::unique_ptr<HostCore> core);
  std::unique_ptr<HostCore> core_;
};

}  // namespace cowork

#include "cowork/host/host_core.h"

namespace cowork {
template <Operation Op>
Result<typename Op::Reply> PluginHost::call(const Op& request, const CallOptions& options) {
  static_assert(!Op::info.nested, "nested operations run inside others and can't be called from outside");
  return core_->run(request, options, 0);
}

template <Operation Op>
Result<Verdict> PluginHost::explain(const Op& request, const CallOptions& options) {
  return core_->verdict(request, options);
}
}  // namespace cowork
