// A host with the admin policy over a disk in memory, and the packs of sample_catalog().
#pragma once

#include "cowork/admin_policy/admin_policy.h"
#include "cowork/admin_policy/agent_operations.h"
#include "cowork/admin_policy/operations.h"
#include "cowork/base/json_reader.h"
#include "cowork/ports/manual_clock.h"
#include "cowork/ports/memory_disk.h"
#include "policies.h"

namespace cowork::test {

/// Finds the same packs whatever the roots are; writes down where it was sent.
class SamplePacks final : public PackSource {
 public:
  std::vector<TierFindings> scan(const std::vector<TierRoot>& roots, const Catalog*) override {
    for (const TierRoot& root : roots) scanned.push_back(root.path);
    return {tier(Scope::builtin, {{"devops", "devops-pack"}, {"engineering", "engineering-pack"}}),
            tier(Scope::organization, {{"acme", "acme-pack"}}), tier(Scope::user, {{"dir", "mine"}}, false)};
  }
  Result<ParsedManifest> read_again(const PackRecord&) override { return fail(Error::io("not here")); }
  Result<Skill> read_skill(const PackRecord&, std::string_view) override { return fail(Error::io("not here")); }
  Result<std::string> tree_sha256(std::string_view) override { return fail(Error::io("not here")); }

  std::vector<std::string> scanned;
};

class PolicyHost {
 public:
  static constexpr const char* home = "/home/u/.cowork";

  explicit PolicyHost(std::shared_ptr<MemoryDisk> existing = std::make_shared<MemoryDisk>())
      : disk(std::move(existing)) {
    policy = admin_policy::AdminPolicy::make(
        {.disk = disk, .clock = clock, .home = home, .machine_policy_path = machine_file});
    HostBuilder builder({.home = home, .disk = disk, .clock = clock});
    builder.use(policy->interceptor(), Phase::policy, "host");
    policy->register_operations(builder);
    builder.pack_source(packs)
        .tiers([this] {
          return std::vector<TierRoot>{{Scope::organization, policy->organization_directory(), true}};
        })
        .status_contributor([this](GetStatus::Reply& status) { policy->contribute_status(status); })
        .on_refresh([this] { policy->refresh(); });
    auto started = builder.start();
    if (!started) FAIL(started.error().message());
    host = std::make_unique<PluginHost>(std::move(*started));
    listening = host->subscribe([this](const Event& event) { events.push_back(event.type); });
  }

  /// The reply on one line, or "code: message".
  std::string call(const std::string& operation, const std::string& params, const CallOptions& options = {}) {
    const auto parsed = json::parse(params, "<test>", json::request_limits, ErrorCode::invalid_argument);
    if (!parsed) FAIL(params);
    const auto reply = host->call_json(operation, parsed->root, options);
    if (reply) return json::to_text(*reply);
    last_error = reply.error();
    return std::string(to_string(reply.error().code())) + ": " + reply.error().message();
  }
  json::Value reply(const std::string& operation, const std::string& params) {
    const std::string text = call(operation, params);
    auto parsed = json::parse(text, "<reply>", json::policy_limits, ErrorCode::internal);
    if (!parsed) FAIL(text);
    return std::move(parsed->root);
  }

  /// Edits a policy by hand; the host has not looked yet.
  void edit(const char* file, const std::string& text, std::uint32_t mode = 0644) {
    disk->plant_file(file, text, mode);
  }
  std::optional<std::string> text(std::string_view name) const {
    const auto directory = disk->open(home);
    if (!directory) return std::nullopt;
    auto bytes = (*directory)->read(name, 1 << 20);
    return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
  }
  /// "state enabled blocked required reason" of a pack.
  std::string flags(const std::string& name) {
    const auto pack = host->get(name);
    if (!pack || !*pack) return "none";
    const PackFlags& flags = (*pack)->flags();
    std::string text(to_string(flags.state));
    if (flags.enabled) text += " enabled";
    if (flags.policy_blocked) text += " blocked";
    if (flags.policy_required) text += " required";
    return flags.policy_reason.empty() ? text : text + ' ' + flags.policy_reason.str();
  }

  std::shared_ptr<MemoryDisk> disk;
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  std::shared_ptr<SamplePacks> packs = std::make_shared<SamplePacks>();
  std::shared_ptr<admin_policy::AdminPolicy> policy;
  std::vector<std::string> events;
  std::optional<Error> last_error;
  std::shared_ptr<void> listening;
  std::unique_ptr<PluginHost> host;
};

}  // namespace cowork::test
