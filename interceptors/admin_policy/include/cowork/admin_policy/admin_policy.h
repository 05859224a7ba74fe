// The administrator's policy as one member of the chain (SPEC §6), and the operations it brings (`admin:*`, `agent:*`,
// `connector:use`).
//
// Threads: every method may be called by any thread. Ownership: the host shares it through its interceptor and
// operations.
#pragma once

#include <memory>
#include <string>

#include "cowork/host/host_builder.h"

namespace cowork::admin_policy {

struct Options {
  std::shared_ptr<Disk> disk;
  std::shared_ptr<Clock> clock;
  std::string home;                 ///< the user layer is <home>/policies.json, leases <home>/leases.json
  std::string machine_policy_path;  ///< the machine layer; empty for none
};

class AdminPolicy {
 public:
  /// Reads both layers. Never fails: a layer that can't be used is `broken` (SPEC §6, "States of a layer").
  static std::shared_ptr<AdminPolicy> make(Options options);
  virtual ~AdminPolicy() = default;

  /// For HostBuilder::use(…, Phase::policy).
  virtual std::shared_ptr<Interceptor> interceptor() = 0;
  /// Adds `admin:policiesGet`, `admin:policiesUpdate`, `admin:checkPack`, `admin:policiesStatus`, `admin:explain`,
  /// `admin:simulate`, `agent:start`, `agent:heartbeat`, `agent:stop`, `connector:use`, with their JSON.
  virtual void register_operations(HostBuilder& builder) = 0;
  /// Looks whether a layer's file changed (one stat each) and takes it in. True when what is in force changed.
  virtual bool refresh() = 0;
  /// The effective general.orgPluginDir; empty where no layer sets one.
  virtual std::string organization_directory() const = 0;
  /// True unless the machine layer is `absent`.
  virtual bool machine_layer_exists() const = 0;
  /// Adds the layers' states and diagnostics to host:status.
  virtual void contribute_status(GetStatus::Reply& status) const = 0;
};

}  // namespace cowork::admin_policy
