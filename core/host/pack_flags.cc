// What policy and toggles say of each pack: computed once per (catalog, judges, toggles, lock records) revision.
#include <algorithm>
#include <set>

#include "host_impl.h"

namespace cowork {
namespace {

const CallOptions& question_options() {
  static const CallOptions options{
      .entry = "host", .actor = {}, .dry_run = true, .stop = {}, .deadline = {}, .warnings = nullptr};
  return options;
}

/// SPEC §5: on unless it runs something of its own from the user tier, or the toggles were lost.
bool enabled_by_default(const PackRecord& pack, const Toggles& toggles, const LockRecords& locks) {
  if (pack.scope != Scope::user) return true;
  if (locks.lost && !locks.find(pack.name())) return false;
  return toggles.user_packs_default_on && !pack.is_native() && !pack.manifest.has_shell_connector();
}

/// Whether a judge requires the pack that another one holds back.
bool requires_pack(const ChainPlan& activate, const CallView& question, const Snapshot& snapshot) {
  return std::any_of(activate.judges.begin(), activate.judges.end(), [&](const ChainMember* member) {
    ChainPlan alone;
    alone.judges.push_back(member);
    return judge(alone, question, snapshot).kind() == Verdict::Kind::require;
  });
}

void add_activation_error(const Error& error, const PackRecord& pack, PackFlags& flags) {
  if (flags.state != PackState::active && flags.state != PackState::discovered) return;
  // Code that killed the host before is as good as switched off, until somebody switches it on.
  const bool set_aside = pack.is_native() && error.code() == ErrorCode::conflict;
  if (set_aside) flags.enabled = false;
  flags.state = set_aside ? PackState::disabled : PackState::error;
  const std::string why = error.why();
  flags.error = why.empty() ? error.message() : error.message() + ": " + why;
}

}  // namespace

PackFlags HostImpl::flags_of(std::size_t index, const Snapshot& snapshot, const ChainPlan& activate, bool verify) {
  const PackRecord& pack = snapshot.catalog()[index];
  const ActivatePack question{std::string(pack.name())};
  const CallView view(question, question_options());
  const Verdict verdict = judge(activate, view, snapshot);
  PackFlags flags;
  if (verdict.denied() && verdict.reason() == quarantined_reason) {
    flags.state = PackState::quarantined;
    flags.error = verdict.error()->why();
    flags.policy_required = requires_pack(activate, view, snapshot);
    return flags;
  }
  flags.policy_blocked = verdict.denied();
  flags.policy_required = verdict.kind() == Verdict::Kind::require;
  if (flags.policy_blocked) {
    flags.policy_reason = verdict.reason();
    return flags;
  }
  flags.enabled =
      flags.policy_required ||
      snapshot.toggles().pack(pack.name()).value_or(enabled_by_default(pack, snapshot.toggles(), snapshot.locks()));
  add_state(index, snapshot, verify, flags);
  return flags;
}

void HostImpl::add_state(std::size_t index, const Snapshot& snapshot, bool verify, PackFlags& flags) {
  const PackRecord& pack = snapshot.catalog()[index];
  if (const Error* fault = snapshot.catalog().fault(index)) {
    flags.state = PackState::error;
    flags.error = fault->message();
    return;
  }
  if (!flags.enabled) return;
  // A record counts for the pack that an install put there.
  const LockRecord* record =
      pack.scope == Scope::user && pack.alias == pack.name() ? snapshot.locks().find(pack.name()) : nullptr;
  if (record && verify) {
    if (const auto changed = integrity_.fault(pack.path(), *record)) {
      flags.state = PackState::error;
      flags.changed = true;
      flags.error = std::string(to_string(changed->code())) + ": " + changed->message() + ": " + changed->why();
      return;
    }
  }
  if (!pack.is_native()) {
    flags.state = PackState::active;
  } else if (const TierStatus& tier = snapshot.catalog().tier(pack.scope); code_.runs(pack, tier)) {
    flags.state = PackState::active;
    if (const auto code = code_.find(pack.name())) {
      std::vector<ToolSummary> tools;
      for (const NativeTool& tool : code->tools()) tools.push_back({tool.name, tool.description, tool.input_schema});
      if (!tools.empty()) flags.tool_list = std::make_shared<const std::vector<ToolSummary>>(std::move(tools));
    }
  } else {
    flags.state = PackState::discovered;
    flags.error = code_.refusal(pack, tier);
  }
}

std::vector<std::string> HostImpl::blocked_connectors_of(const Snapshot& snapshot,
                                                         const ChainPlan& use_connector) const {
  std::set<std::string, std::less<>> names;
  for (const PackRecord& pack : snapshot.catalog().packs()) {
    for (const ConnectorSummary& connector : pack.manifest.connectors) names.insert(connector.name.str());
  }
  std::vector<std::string> blocked;
  for (const std::string& name : names) {
    const UseConnector question{name};
    if (judge(use_connector, CallView(question, question_options()), snapshot).denied()) blocked.push_back(name);
  }
  return blocked;
}

std::shared_ptr<const PackTable> HostImpl::table_of(const Snapshot& snapshot) {
  const auto& known = static_cast<const HostSnapshot&>(snapshot);
  if (auto table = known.table()) return table;
  const ActivationErrors::Entries activation_errors = activation_errors_.entries();
  // By the chain whose judges gave the snapshot its states.
  const ChainPlan activate = snapshot.chain()->plan(ActivatePack::info);
  auto table = std::make_shared<HostPackTable>();
  table->catalog = snapshot.catalog_ptr();
  table->toggles = snapshot.toggles_ptr();
  table->locks = snapshot.locks_ptr();
  table->flags.reserve(snapshot.catalog().size());
  for (std::size_t i = 0; i < snapshot.catalog().size(); ++i) {
    const PackRecord& pack = snapshot.catalog()[i];
    PackFlags flags = flags_of(i, snapshot, activate, true);
    const auto failed = activation_errors.find(pack.name());
    if (failed != activation_errors.end()) add_activation_error(failed->second.error, pack, flags);
    table->flags.push_back(std::move(flags));
    table->isolated.push_back(code_.runs_isolated(pack, snapshot.catalog().tier(pack.scope)));
  }
  table->blocked_connectors = blocked_connectors_of(snapshot, snapshot.chain()->plan(UseConnector::info));
  return known.keep_table(std::move(table));
}

}  // namespace cowork
