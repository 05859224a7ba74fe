// standard_host: the usual host — real disk, three tiers, admin policy, audit — and the one visible list of its chain
// (standard_host.cc). Everything that `cowork` on the command line does goes through a host made here.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "cowork/host/host_builder.h"
#include "cowork/ports/log.h"

namespace cowork {

struct StandardHostOptions {
  /// User data; empty: $COWORK_HOME, else ~/.cowork.
  std::string home;
  /// Builtin packs; empty: $COWORK_BUILTIN_DIR, else <directory of the program>/../share/cowork/plugin-packs.
  std::string builtin_directory;
  /// The embedding application's choice, nothing else's (SPEC §2): never taken from environment or flags.
  std::string machine_policy_path = "/etc/cowork/policies.json";
  std::string machine_settings_path = "/etc/cowork/host.json";
  /// The program that fetches packs; empty: <directory of the program>/../libexec/cowork/cowork-fetch. Where it is
  /// missing, installs from git, the web and archives are io errors, and all else works.
  std::string fetch_program;
  /// How long a fetch may take, and how long it may stand still; 0: five minutes, and half a minute.
  std::chrono::milliseconds fetch_timeout{0};
  /// The program that native packs outside of trusted directories run in; empty: <directory of the
  /// program>/../libexec/cowork/cowork-pack-runner. Where it is missing, these packs stay off, with the reason.
  std::string runner_program;
  /// How long one call of such a pack may take, where its own deadline is later; 0: half a minute.
  std::chrono::milliseconds call_timeout{0};
  /// Where native packs' words go; null: standard error, from host.json's `logLevel` on (`warning`).
  std::shared_ptr<Log> log;
  /// Take changes by others in (policy, toggles, tiers) twice a second, on a thread of the host's own.
  bool watch = true;
  /// Also write reads to the audit trail.
  bool audit_reads = false;
  HostOptions host;  ///< disk, clock and times; `host.home` is taken from `home`
};

/// The places that a host with these options would use: for `cowork paths`.
struct StandardPaths {
  std::string home, builtin, extensions, default_organization;
  std::string machine_policy, user_policy, machine_settings, user_settings;
  std::string toggles, lock_records, audit, leases, configuration, socket;
};
StandardPaths standard_paths(const StandardHostOptions& options);

/// Starts it. `customize` is called after the standard chain is in place: add interceptors and operations of your own.
/// Errors: those of HostBuilder::start(); invalid-argument for a relative home; a host.json that can't be read is a
/// diagnostic.
Result<PluginHost> start_standard_host(const StandardHostOptions& options,
                                       const std::function<void(HostBuilder&)>& customize = {});

}  // namespace cowork
