// Packs come into effect and go out of it, through the chain; the code of native ones is loaded and stopped.
#include "cowork/base/text.h"
#include "host_impl.h"

namespace cowork {
namespace {

/// Code that killed its process or the host too often.
bool is_set_aside(const Error& error) {
  return error.code() == ErrorCode::conflict;
}

Diagnostic set_aside_diagnostic(const std::string& name, const Error& error) {
  std::string message = error.message();
  if (!error.why().empty()) message += ": " + error.why();
  return {Severity::error, "pack-set-aside", message + "; switch it on with: cowork pack enable " + name, {}};
}

}  // namespace

/// A pack whose activation failed is tried again once it was exchanged, switched off, blocked or removed in between.
void HostImpl::forget_obsolete_errors(const PackTable& current) {
  activation_errors_.forget_if([&](const std::string& name, const ActivationErrors::Entry& entry) {
    const auto index = current.catalog->find(name);
    if (!index || content_of((*current.catalog)[*index]) != entry.content) return true;
    const PackFlags& flags = current.flags[*index];
    return !flags.enabled && flags.error.empty();  // an error that is shown is what keeps it off
  });
}

void HostImpl::forgive(const std::string& name) {
  code_.forgive(name);
  const auto current = snapshot(Freshness::cached);
  if (const auto index = current->catalog().find(name)) integrity_.forget(current->catalog()[*index].path());
  forget_activation_error(name);
}

/// Before a pack is tried, not after: once its code runs, its loader may give it up at any time.
void HostImpl::forget_activation_error(const std::string& name) {
  activation_errors_.forget_if([&](const std::string& failed, const auto&) { return failed == name; });
}

/// What an install put there is compared with its lock record whenever it comes into effect.
Result<void> HostImpl::verify_installed(const std::string& name) {
  const auto current = snapshot(Freshness::cached);
  const auto index = current->catalog().find(name);
  const LockRecord* record = current->locks().find(name);
  if (!index || !record) return {};
  const PackRecord& pack = current->catalog()[*index];
  if (pack.scope != Scope::user || pack.alias != name) return {};
  if (auto fault = integrity_.verify(pack.path(), *record)) return fail(*std::move(fault));
  return {};
}

Result<void> HostImpl::load_code(const std::string& name) {
  auto current = snapshot(Freshness::cached);
  const auto index = current->catalog().find(name);
  if (!index) return fail(Error::not_found("pack " + quoted(name) + " is gone"));
  const std::shared_ptr<const Catalog> catalog = current->catalog_ptr();
  const std::shared_ptr<const LockRecords> locks = current->locks_ptr();
  current.reset();  // it holds the chain, and the chain the code that is to be stopped
  const PackRecord& pack = (*catalog)[*index];
  if (!pack.is_native()) return {};
  // The old one goes first: two versions of a pack don't share its data directory, as far as calls under way let go.
  code_.stop(name);
  COWORK_TRY(rebuild_chain());
  return code_.load(pack, catalog->tier(pack.scope), pack.scope == Scope::user ? locks->find(name) : nullptr);
}

Result<void> HostImpl::begin(const std::string& name, std::string_view entry, std::uint64_t parent) {
  COWORK_TRY(verify_installed(name));
  std::vector<std::string> warnings;
  CallOptions options;
  options.entry = entry;
  options.warnings = &warnings;
  const auto activated = run(ActivatePack{name}, options, parent);
  report_warnings(warnings);
  if (!activated) return fail(activated.error());
  return load_code(name);
}

void HostImpl::remember_activation(const std::string& name, const Result<void>& activated) {
  if (activated) return;  // what its loader said of it meanwhile stands
  const auto current = snapshot(Freshness::cached);
  const auto index = current->catalog().find(name);
  activation_errors_.remember(name, index ? content_of(current->catalog()[*index]) : std::string(), activated);
  if (index && current->catalog()[*index].is_native() && is_set_aside(activated.error()))
    return emit(diagnostic_event(set_aside_diagnostic(name, activated.error())));
  report({{Severity::error, "activation-failed",
           "pack " + quoted(name) + " could not be activated: " + activated.error().message(),
           activated.error().place().value_or(SourcePlace{})}});
}

void HostImpl::give_up(const std::string& name, const Error& why) {
  const auto current = snapshot(Freshness::cached);
  const auto index = current->catalog().find(name);
  if (!index) return;  // removed meanwhile: nothing is left to be shown
  activation_errors_.remember(name, content_of(current->catalog()[*index]), fail(why));
  emit(diagnostic_event(set_aside_diagnostic(name, why)));
  reconcile(0);
}

/// As long as they are: told of by their entries, which go when a pack is switched on, exchanged or removed.
void HostImpl::contribute_set_aside(const Catalog& catalog, GetStatus::Reply& status) const {
  for (const auto& [name, entry] : activation_errors_.entries()) {
    const auto index = catalog.find(name);
    if (index && catalog[*index].is_native() && is_set_aside(entry.error))
      status.diagnostics.push_back(set_aside_diagnostic(name, entry.error));
  }
}

Result<void> HostImpl::start_native_packs() {
  const auto current = snapshot(Freshness::cached);
  const ChainPlan activate_plan = current->chain()->plan(ActivatePack::info);
  bool loaded = false;
  std::map<std::string, std::size_t> by_name;  // in the order in which their interceptors stand
  for (std::size_t i = 0; i < current->catalog().size(); ++i) {
    if (current->catalog()[i].is_native()) by_name.emplace(current->catalog()[i].name(), i);
  }
  for (const auto& [name, index] : by_name) {
    const PackRecord& pack = current->catalog()[index];
    // Asked first: it costs nothing, and most packs with code may not run here.
    if (!code_.refusal(pack, current->catalog().tier(pack.scope)).empty()) continue;
    if (flags_of(index, *current, activate_plan, true).state != PackState::discovered) continue;
    forget_activation_error(name);
    const Result<void> begun = begin(name, start_entry, 0);
    remember_activation(name, begun);
    loaded = loaded || begun.has_value();
  }
  return loaded ? rebuild_chain() : Result<void>{};
}

bool HostImpl::activate(const std::string& name, std::uint64_t parent) {
  forget_activation_error(name);
  Result<void> activated = begin(name, "host", parent);
  if (!activated) code_.stop(name);
  if (const auto rebuilt = rebuild_chain(); !rebuilt && activated) {
    code_.stop(name);
    activated = rebuilt;
  }
  remember_activation(name, activated);
  tell_state(name);
  return activated.has_value();
}

void HostImpl::report_warnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) report({{Severity::warning, "named-warning", warning, {}}});
}

void HostImpl::deactivate(const std::string& name, std::uint64_t parent) {
  std::vector<std::string> warnings;
  CallOptions options;
  options.entry = "host";
  options.warnings = &warnings;
  if (const auto deactivated = run(DeactivatePack{name}, options, parent); !deactivated) {
    report({{Severity::warning,
             "deactivation-failed",
             "pack " + quoted(name) + ": " + deactivated.error().message(),
             {}}});
  }
  report_warnings(warnings);
  code_.stop(name);
  if (const auto rebuilt = rebuild_chain(); !rebuilt)
    report({{Severity::error, "chain-not-rebuilt", rebuilt.error().message(), {}}});
  tell_state(name);
}

void HostImpl::tell_state(const std::string& name) {
  const auto now = table();
  const auto index = now->catalog->find(name);
  emit({"pack-state-changed",
        json::Value::object({{"name", name}, {"state", index ? to_string(now->flags[*index].state) : "removed"}})});
}

}  // namespace cowork
