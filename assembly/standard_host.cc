#include "cowork/assembly/standard_host.h"

#include <cstdlib>

#include "console_log.h"
#include "cowork/admin_policy/admin_policy.h"
#include "cowork/audit/audit.h"
#include "cowork/loaders/fetcher.h"
#include "cowork/loaders/native_loader.h"
#include "cowork/loaders/pack_source.h"
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

/// Where an administrator governs the machine, the user's own host.json opens no way.
std::shared_ptr<PackFetcher> standard_fetcher(const StandardHostOptions& options, const HostSettings& settings,
                                              const std::string& settings_path, const std::shared_ptr<Disk>& disk,
                                              const std::shared_ptr<AdminPolicy>& policy) {
  loaders::FetchOptions open{options.fetch_program, settings.fetch, {}};
  if (open.program.empty()) open.program = standard_fetch_program();
  if (options.fetch_timeout.count() > 0) open.limits.total = open.limits.stall = options.fetch_timeout;
  loaders::FetchOptions governed = open;
  governed.settings = settings.machine_fetch;
  return make_governed_fetcher(
      loaders::make_pack_fetcher(std::move(open)), loaders::make_pack_fetcher(std::move(governed)),
      [policy, disk, path = settings_path] { return policy->machine_layer_exists() || exists(*disk, path); });
}

/// SPEC §1: a builtin directory that the application or the command line named is trusted too, while there is no
/// machine policy.
std::shared_ptr<CodeLoader> standard_code_loader(const StandardHostOptions& options, const std::string& home,
                                                 const std::shared_ptr<Disk>& disk, std::shared_ptr<Log> log,
                                                 const std::shared_ptr<AdminPolicy>& policy) {
  const bool named = !options.builtin_directory.empty();
  return loaders::make_native_loader(
      {disk, std::move(log), home, COWORK_VERSION, [named, policy](const TierStatus& tier) {
         if (tier.trusted) return true;
         return named && tier.scope == Scope::builtin && !policy->machine_layer_exists();
       }});
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

  HostBuilder builder(host);
  builder.tiers([paths, disk, policy] { return standard_tiers(paths, *disk, *policy); })
      .pack_source(make_trusted_builtin_source(
          loaders::make_directory_pack_source(disk), [policy] { return policy->machine_layer_exists(); },
          standard_builtin_directory()))
      .pack_stager(loaders::make_pack_stager(disk))
      .pack_fetcher(standard_fetcher(options, settings, paths.machine_settings, disk, policy))
      .code_loader(standard_code_loader(options, paths.home, disk, log, policy))
      .pack_scaffolder(loaders::make_pack_scaffolder())
      .status_contributor([paths, disk, policy, settings](GetStatus::Reply& status) {
        status.diagnostics.insert(status.diagnostics.end(), settings.diagnostics.begin(), settings.diagnostics.end());
        report_override(paths, *disk, *policy, status);
        policy->contribute_status(status);
      })
      .on_refresh([policy] { policy->refresh(); })
      .watch(options.watch);

  // The standard chain, outermost first. Interceptors of the application stand between the two.
  builder.use(audit->interceptor(), Phase::observe, "host");
  builder.use(policy->interceptor(), Phase::policy, "host");
  if (!settings.machine_fault.empty())
    builder.use(std::make_shared<SettingsGuard>(settings.machine_fault), Phase::policy, "host");
  audit->register_operations(builder);
  policy->register_operations(builder);

  if (customize) customize(builder);
  return builder.start();
}

}  // namespace cowork
