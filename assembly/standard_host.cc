#include "cowork/assembly/standard_host.h"

#include <cstdlib>

#include "code_loaders.h"
#include "console_log.h"
#include "cowork/admin_policy/admin_policy.h"
#include "cowork/audit/audit.h"
#include "cowork/base/json_reader.h"
#include "cowork/content_scan/content_scan.h"
#include "cowork/loaders/fetcher.h"
#include "cowork/loaders/isolated_loader.h"
#include "cowork/loaders/native_loader.h"
#include "cowork/loaders/pack_source.h"
#include "cowork/loaders/registry.h"
#include "cowork/loaders/scaffolder.h"
#include "cowork/loaders/stager.h"
#include "governed_fetcher.h"
#include "host_settings.h"
#include "standard_paths.h"
#include "trusted_builtin_source.h"

namespace cowork {

namespace {

using admin_policy::AdminPolicy;
using audit::Audit;

/// The three tiers. The organization's directory comes from the policy; without one its default place may be missing.
std::vector<TierRoot> standard_tiers(const StandardPaths& paths, const Disk& disk, const AdminPolicy& policy) {
  std::string builtin = paths.builtin;
  const bool overridden = builtin != standard_builtin_directory();
  if (overridden && policy.machine_layer_exists() && !disk.trust_of_directory(builtin).trusted)
    builtin = standard_builtin_directory();
  const std::string organization = policy.organization_directory();
  return {
      {Scope::builtin, builtin, true},
      {Scope::organization, organization.empty() ? paths.default_organization : organization, !organization.empty()},
      {Scope::user, paths.extensions, false}};
}

/// Says so when an override of the builtin directory was not followed.
void report_override(const StandardPaths& paths, const Disk& disk, const AdminPolicy& policy,
                     GetStatus::Reply& status) {
  if (!policy.machine_layer_exists() || paths.builtin == standard_builtin_directory()) return;
  const Trust trust = disk.trust_of_directory(paths.builtin);
  if (trust.trusted) return;
  status.diagnostics.push_back(
      {Severity::error,
       "untrusted-builtin",
       "the builtin directory that was asked for is not used: under a machine policy it must be trusted, but " +
           trust.reason,
       {paths.builtin, 0, 0, {}}});
}

/// Looked at before every fetch: an administrator may come while the host runs.
bool exists(const Disk& disk, const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return false;
  const auto directory = disk.open(slash == 0 ? "/" : path.substr(0, slash));
  return directory && (*directory)->status(path.substr(slash + 1));
}

/// Whether an administrator governs the machine: by a policy, or by settings of its own.
std::function<bool()> governed_machine(const std::string& settings_path, const std::shared_ptr<Disk>& disk,
                                       const std::shared_ptr<AdminPolicy>& policy) {
  return [policy, disk, settings_path] { return policy->machine_layer_exists() || exists(*disk, settings_path); };
}

/// Where an administrator governs the machine, the user's own host.json opens no way.
std::shared_ptr<PackFetcher> standard_fetcher(const StandardHostOptions& options, const HostSettings& settings,
                                              const std::function<bool()>& is_governed,
                                              const loaders::FetchLimits& limits = {}) {
  loaders::FetchOptions open{options.fetch_program, settings.fetch, limits};
  if (open.program.empty()) open.program = standard_fetch_program();
  if (options.fetch_timeout.count() > 0) open.limits.total = open.limits.stall = options.fetch_timeout;
  loaders::FetchOptions governed = open;
  governed.settings = settings.machine_fetch;
  return make_governed_fetcher(loaders::make_pack_fetcher(std::move(open)),
                               loaders::make_pack_fetcher(std::move(governed)), is_governed);
}

Result<std::string> registry_address(const HostSettings& settings, bool governed) {
  const std::string& address = governed ? settings.machine_registry : settings.registry;
  if (!address.empty()) return address;
  Error none = Error::not_found("no pack registry is configured");
  if (settings.registry.empty())
    return fail(std::move(none)
                    .with_why("host.json names none")
                    .with_remedy("set \"registry\": {\"url\": \"https://…\"} in host.json"));
  return fail(std::move(none)
                  .with_why("an administrator governs this machine, so the one of the user's host.json does not count")
                  .with_remedy("ask the administrator to name it in the machine's host.json"));
}

/// A catalog is one document, and whoever looks at packs waits for it.
std::shared_ptr<PackRegistry> standard_registry(const StandardHostOptions& options, const HostSettings& settings,
                                                const HostOptions& host, const std::function<bool()>& is_governed) {
  loaders::FetchLimits limits;
  limits.download_bytes = limits.unpacked_bytes = json::policy_limits.max_bytes;
  limits.entries = 1;
  limits.total = std::chrono::minutes(1);
  return loaders::make_pack_registry({host.disk, host.clock, standard_fetcher(options, settings, is_governed, limits),
                                      [settings, is_governed] { return registry_address(settings, is_governed()); },
                                      host.home, host.temporary_directory});
}

/// Code of packs outside of trusted directories.
std::shared_ptr<loaders::IsolatedLoader> isolated_loader(const StandardHostOptions& options, const HostOptions& host,
                                                         const std::shared_ptr<Log>& log) {
  loaders::IsolationOptions isolation;
  isolation.disk = host.disk;
  isolation.log = log;
  isolation.clock = host.clock;
  isolation.home = host.home;
  isolation.host_version = COWORK_VERSION;
  isolation.program = options.runner_program.empty() ? standard_runner_program() : options.runner_program;
  // Who stays wants to hear of events; a command that is over at once may do without.
  isolation.eager = options.watch;
  if (options.call_timeout.count() > 0) isolation.limits.call = options.call_timeout;
  return loaders::make_isolated_loader(std::move(isolation));
}

/// SPEC §1: a builtin directory that the application or the command line named is trusted too, while there is no
/// machine policy.
std::shared_ptr<CodeLoader> standard_code_loader(const StandardHostOptions& options, const HostOptions& host,
                                                 const std::shared_ptr<Log>& log,
                                                 const std::shared_ptr<AdminPolicy>& policy,
                                                 std::shared_ptr<CodeLoader> isolated) {
  const auto trusted = [named = !options.builtin_directory.empty(), policy](const TierStatus& tier) {
    if (tier.trusted) return true;
    return named && tier.scope == Scope::builtin && !policy->machine_layer_exists();
  };
  return make_code_loaders(loaders::make_native_loader({host.disk, log, host.home, COWORK_VERSION, trusted}),
                           std::move(isolated), trusted);
}

/// While the machine's settings can't be used, nobody knows where the audit trail belongs: no change without it.
class SettingsGuard final : public Interceptor {
 public:
  explicit SettingsGuard(std::string fault) : fault_(std::move(fault)) {}
  std::string_view name() const noexcept override { return "machine-settings"; }
  bool applies_to(const OperationInfo& info) const override {
    return info.effect == Effect::mutate || (info.acts && !info.nested);
  }
  Verdict judge(const CallView&, const Snapshot&) const override {
    return Verdict::deny(Error::io("the machine's settings can't be used, so nothing is changed")
                             .with_why(fault_)
                             .with_remedy("cowork doctor"));
  }

 private:
  std::string fault_;
};

audit::Options audit_options(const StandardPaths& paths, const HostSettings& settings, const HostOptions& host,
                             bool reads) {
  audit::Options options;
  options.disk = host.disk;
  options.clock = host.clock;
  options.path = settings.audit_path.empty() ? paths.audit : settings.audit_path;
  options.max_bytes = settings.audit_max_bytes;
  options.max_files = settings.audit_max_files;
  options.reads = reads || settings.audit_reads;
  return options;
}

}  // namespace

Result<PluginHost> start_standard_host(const StandardHostOptions& options,
                                       const std::function<void(HostBuilder&)>& customize) {
  const StandardPaths paths = standard_paths(options);
  HostOptions host = options.host;
  host.home = paths.home;
  if (!host.disk) host.disk = make_real_disk();
  if (!host.clock) host.clock = make_real_clock();
  if (const char* temporary = std::getenv("TMPDIR"); temporary && *temporary == '/')
    host.temporary_directory = temporary;
  const HostSettings settings = read_host_settings(*host.disk, paths.machine_settings, paths.user_settings);
  const auto disk = host.disk;
  const std::shared_ptr<Audit> audit = Audit::make(audit_options(paths, settings, host, options.audit_reads));
  const std::shared_ptr<AdminPolicy> policy = AdminPolicy::make({disk, host.clock, paths.home, paths.machine_policy});

  const std::shared_ptr<Log> log = options.log ? options.log : make_console_log(settings.log_level);

  const std::function<bool()> is_governed = governed_machine(paths.machine_settings, disk, policy);

  const std::shared_ptr<loaders::IsolatedLoader> isolated = isolated_loader(options, host, log);

  HostBuilder builder(host);
  builder.tiers([paths, disk, policy] { return standard_tiers(paths, *disk, *policy); })
      .pack_source(make_trusted_builtin_source(
          loaders::make_directory_pack_source(disk), [policy] { return policy->machine_layer_exists(); },
          standard_builtin_directory()))
      .pack_stager(loaders::make_pack_stager(disk))
      .pack_fetcher(standard_fetcher(options, settings, is_governed))
      .pack_registry(standard_registry(options, settings, host, is_governed))
      .code_loader(standard_code_loader(options, host, log, policy, isolated))
      .pack_scaffolder(loaders::make_pack_scaffolder())
      .status_contributor([paths, disk, policy, settings, is_governed, isolated](GetStatus::Reply& status) {
        const auto add = [&](const std::vector<Diagnostic>& diagnostics) {
          status.diagnostics.insert(status.diagnostics.end(), diagnostics.begin(), diagnostics.end());
        };
        add(settings.diagnostics);
        add(isolated->diagnostics());
        if (is_governed()) add(settings.ignored_where_governed);
        report_override(paths, *disk, *policy, status);
        policy->contribute_status(status);
      })
      .on_refresh([policy] { policy->refresh(); })
      .watch(options.watch);

  // The standard chain, outermost first. Interceptors of the application stand between the two.
  builder.use(audit->interceptor(), Phase::observe, "host");
  builder.use(policy->interceptor(), Phase::policy, "host");
  builder.use(content_scan::make_content_scan(host.clock), Phase::policy, "host");
  if (!settings.machine_fault.empty())
    builder.use(std::make_shared<SettingsGuard>(settings.machine_fault), Phase::policy, "host");
  audit->register_operations(builder);
  policy->register_operations(builder);

  if (customize) customize(builder);
  return builder.start();
}

}  // namespace cowork
