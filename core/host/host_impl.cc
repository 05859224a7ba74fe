#include "host_impl.h"

#include <unistd.h>

#include <algorithm>
#include <bit>

#include "cowork/base/text.h"

namespace cowork {

HostImpl::HostImpl(HostParts parts)
    : parts_(std::move(parts)),
      toggle_store_(parts_.options.disk, parts_.options.home, parts_.options.clock),
      lock_store_(parts_.options.disk, parts_.options.home, parts_.options.clock),
      code_(parts_.code_loader),
      integrity_(parts_.source) {
  by_type_.resize(std::bit_ceil(2 * parts_.operations.size() + 1));
  for (std::size_t i = 0; i < parts_.operations.size(); ++i) {
    const auto& operation = parts_.operations[i];
    operation->index = i;
    by_name_.emplace(operation->info().name, operation.get());
    std::size_t slot = home_of(operation->type());
    while (by_type_[slot]) slot = (slot + 1) % by_type_.size();
    by_type_[slot] = operation.get();
  }
}

HostImpl::~HostImpl() {
  code_.stop_telling();
  {
    const std::lock_guard lock(stop_mutex_);
    stopping_ = true;
    stop_requested_.notify_all();
  }
  calls_.wait_for_all();
  if (watcher_.joinable()) watcher_.join();
}

Result<void> HostImpl::start() {
  COWORK_TRY(rebuild_chain());
  parts_.stager->sweep(extensions_directory());
  if (!load_state()) {
    // Reads go on, with the careful default where the toggles are unknown; mutations are refused until all can be read.
    auto unknown = std::make_shared<Toggles>();
    unknown->user_packs_default_on = false;
    auto unknown_records = std::make_shared<LockRecords>();
    unknown_records->lost = true;
    state_.change([&](KnownState& known) {
      if (!toggles_fingerprint_) known.toggles = std::move(unknown);
      if (!locks_fingerprint_) known.locks = std::move(unknown_records);
    });
  }
  scan();
  Result<void> begun;
  // A pack may be given up while others are still being started: that is followed up in the next round.
  const auto work = [&] {
    if (std::exchange(started_, true)) return reconcile_once(0);
    begun = begin_reconciling();
  };
  reconciling_.run(work, parts_.options.lock_wait);
  COWORK_TRY(std::move(begun));
  if (parts_.watch) {
    announce_diagnostics();  // what is wrong already is no news
    watcher_ = std::thread([this] { watch_loop(); });
  }
  return {};
}

Result<void> HostImpl::begin_reconciling() {
  code_.on_given_up([this](const std::string& name, const Error& why) { give_up(name, why); });
  COWORK_TRY(start_native_packs());
  announce_policy();
  remember_what_is_active();
  return {};
}

CodeRevisions HostImpl::code_revisions() const {
  return {activation_errors_.revision(), code_.revision(), integrity_.revision()};
}

bool HostImpl::is_in_force(const Snapshot& snapshot) const {
  return state_.is_published(snapshot) && static_cast<const HostSnapshot&>(snapshot).revisions() == code_revisions() &&
         snapshot.chain()->gives(snapshot.states());
}

std::shared_ptr<const HostSnapshot> HostImpl::take_snapshot(const CompiledChain& chain, Freshness freshness) {
  if (freshness == Freshness::current) (void)load_state();  // reported; commits were refused by lock_for_mutation
  const CodeRevisions revisions = code_revisions();         // first: what comes meanwhile is seen by the next look
  Snapshot::States states = chain.chain->judge_states(freshness);
  return state_.take(chain.shared_from_this(), std::move(states), revisions);
}

std::shared_ptr<const HostSnapshot> HostImpl::current() {
  auto snapshot = state_.snapshot();
  if (snapshot && is_in_force(*snapshot)) return snapshot;
  return take_snapshot(*compiled(), Freshness::cached);
}

void HostImpl::begin(RunningCall& call) {
  // Whether the judges' states are still in force is seen when they are asked.
  if (!state_.enter(call)) {
    call.own_ = current();
    call.snapshot_ = call.own_.get();
    calls_.enter(call);
  }
  call.chain_ = &static_cast<const HostSnapshot*>(call.snapshot_)->compiled();
}

std::shared_ptr<const Snapshot> HostImpl::snapshot(Freshness freshness) {
  if (freshness == Freshness::cached) return current();
  return take_snapshot(*compiled(), freshness);
}

std::shared_ptr<const Snapshot> HostImpl::snapshot_for(const CompiledChain& chain, Freshness freshness) {
  if (freshness == Freshness::cached)
    if (auto snapshot = current(); &snapshot->compiled() == &chain) return snapshot;
  return take_snapshot(chain, freshness);
}

Result<std::shared_ptr<const CompiledChain>> HostImpl::compile() const {
  const std::uint64_t revision = code_.revision();  // first: what comes meanwhile is found by the next rebuild
  std::vector<ChainMember> members = parts_.members;
  for (ChainMember& member : code_.interceptors()) members.push_back(std::move(member));
  auto compiled = std::make_shared<CompiledChain>();
  compiled->code_revision = revision;
  COWORK_ASSIGN(compiled->chain, Chain::build(std::move(members)));
  for (const auto& operation : parts_.operations) compiled->plans.push_back(compiled->chain->plan(operation->info()));
  return compiled;
}

Result<void> HostImpl::rebuild_chain() {
  std::shared_ptr<const CompiledChain> replaced;  // let go after the locks, with the packs that nobody else holds
  const std::lock_guard building(chain_mutex_);
  if (const auto current = compiled(); current && current->code_revision == code_.revision()) return {};
  COWORK_ASSIGN(auto next, compile());
  state_.change([&](KnownState& known) { replaced = std::exchange(known.compiled, std::move(next)); });
  return {};
}

const RegisteredOperation* HostImpl::find(RequestType type) const noexcept {
  for (std::size_t slot = home_of(type);; slot = (slot + 1) % by_type_.size()) {
    const RegisteredOperation* found = by_type_[slot];
    if (!found || found->type() == type) return found;
  }
}

const RegisteredOperation* HostImpl::find(std::string_view name) const noexcept {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

namespace {

Error unknown_operation(const std::vector<const RegisteredOperation*>& known, std::string_view name) {
  std::vector<std::string> names;
  for (const RegisteredOperation* operation : known) names.emplace_back(operation->info().name);
  const std::vector<std::string> near = nearest(name, names);
  return Error::invalid_argument("unknown operation " + quoted(name))
      .with_why("no public operation of this host has that name")
      .with_remedy(near.empty() ? "cowork chain" : "did you mean " + quoted(near.front()) + "?");
}

}  // namespace

const RegisteredOperation* HostImpl::find_public(std::string_view name) const noexcept {
  const RegisteredOperation* found = find(name);
  return found && !found->info().nested && found->has_codec() ? found : nullptr;
}

std::vector<const RegisteredOperation*> HostImpl::public_operations() const {
  std::vector<const RegisteredOperation*> operations;
  for (const auto& [name, operation] : by_name_) {
    if (!operation->info().nested && operation->has_codec()) operations.push_back(operation);
  }
  return operations;
}

Result<json::Value> HostImpl::call_json(std::string_view operation, const json::Value& params,
                                        const CallOptions& options) {
  const RegisteredOperation* found = find_public(operation);
  if (!found) return fail(unknown_operation(public_operations(), operation));
  return found->call_json(*this, params, options);
}

Result<void> HostImpl::call_text(std::string_view operation, const json::Value& params, const CallOptions& options,
                                 std::string& text) {
  const RegisteredOperation* found = find_public(operation);
  if (!found) return fail(unknown_operation(public_operations(), operation));
  return found->call_text(*this, params, options, text);
}

Result<Verdict> HostImpl::explain(std::string_view operation, const json::Value& params, const CallOptions& options) {
  const RegisteredOperation* found = find_public(operation);
  if (!found) return fail(unknown_operation(public_operations(), operation));
  return found->explain(*this, params, options);
}

void HostImpl::keep_trace(const RunningCall& call, const ChainPlan& plan, StepTimes& times, const Error* error) {
  // Who watches the host would see nothing but watching.
  for (const OperationInfo* watching :
       {&TraceCalls::info, &DescribeChain::info, &DescribeOperations::info, &GetStatus::info})
    if (&call.info() == watching) return;
  times.switch_to(nullptr);  // whoever had it last is charged up to now
  CallTrace trace{std::string(call.info().name), call.id(), clock().system_ms(), std::nullopt, steps_of(plan, times)};
  if (error) trace.code = error->code();
  traces_.keep(std::move(trace));
}

Verdict HostImpl::judge_now(const RegisteredOperation& operation, const CallView& view) {
  const auto snapshot = current();
  return judge(snapshot->compiled().plans[operation.index], view, *snapshot);
}

Verdict HostImpl::judge_question(const CompiledChain& chain, const CallView& question, const Snapshot& current) {
  const RegisteredOperation* operation = find(question.info().name);
  return operation ? judge(chain.plans[operation->index], question, current)
                   : judge(chain.chain->plan(question.info()), question, current);
}

Result<std::size_t> HostImpl::resolve(const Catalog& catalog, std::string_view id) const {
  if (const auto index = catalog.resolve(id)) return *index;
  std::vector<std::string> names;
  for (const PackRecord& pack : catalog.packs()) {
    names.emplace_back(pack.name());
    if (pack.scope != Scope::user) names.push_back(pack.alias.str());
  }
  const std::vector<std::string> near = nearest(id, names);
  return fail(Error::not_found("no pack is named " + quoted(id))
                  .with_why("none of the tiers (builtin, organization, user) holds a usable pack of that name")
                  .with_remedy(near.empty() ? "cowork pack list"
                                            : "did you mean " + quoted(near.front()) + "? (cowork pack list)"));
}

void HostImpl::emit(Event event) {
  subscribers_.tell(event, [&](std::string_view what) {
    // Kept, not emitted: the listener that threw would be told again.
    const Diagnostic diagnostic{
        Severity::warning, "listener-failed", "a listener threw on " + event.type + ": " + std::string(what), {}};
    const std::lock_guard lock(incidents_mutex_);
    if (std::find(incidents_.begin(), incidents_.end(), diagnostic) == incidents_.end())
      incidents_.push_back(diagnostic);
  });
  code_.tell(event);
}

Result<std::string> HostImpl::temporary_directory() {
  const std::string path = parts_.options.temporary_directory + "/cowork-" + std::to_string(::geteuid());
  COWORK_ASSIGN(const auto directory, disk().open_or_make(path, 0700));
  COWORK_ASSIGN(const FileStatus status, directory->status({}));
  if (status.owner != ::geteuid() || (status.mode & 077) != 0) {
    return fail(Error::io("a dry run can't use " + quoted(path))
                    .with_why("it is not this user's alone")
                    .with_remedy("remove it, or name another directory by TMPDIR"));
  }
  parts_.stager->sweep(path);  // what a killed dry run left
  return path;
}

void HostImpl::contribute_status(GetStatus::Reply& status) {
  {
    const std::lock_guard lock(incidents_mutex_);
    status.diagnostics.insert(status.diagnostics.end(), incidents_.begin(), incidents_.end());
  }
  for (Diagnostic& diagnostic : parts_.registry->diagnostics()) status.diagnostics.push_back(std::move(diagnostic));
  for (const auto& contributor : parts_.status_contributors) contributor(status);
}

RunningCall::RunningCall(HostCore& core, const OperationInfo& info, std::uint64_t id)
    : core_(&core), info_(&info), id_(id) {
  core_->begin(*this);
}
RunningCall::~RunningCall() {
  core_->end(*this);
}

}  // namespace cowork
