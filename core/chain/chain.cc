#include "cowork/chain/chain.h"

#include <algorithm>
#include <unordered_set>

#include "cowork/base/text.h"
#include "guarded.h"

namespace cowork {

std::string_view to_string(Phase phase) noexcept {
  switch (phase) {
    case Phase::observe:
      return "observe";
    case Phase::application:
      return "application";
    case Phase::policy:
      return "policy";
  }
  return "application";
}

Result<std::shared_ptr<const Chain>> Chain::build(std::vector<ChainMember> members) {
  std::unordered_set<std::string_view> names;
  for (const ChainMember& member : members) {
    if (!member.interceptor) return fail(Error::invalid_argument("an interceptor is null"));
    const std::string_view name = member.interceptor->name();
    if (name.empty()) return fail(Error::invalid_argument("an interceptor has no name"));
    if (!names.insert(name).second) {
      return fail(Error::invalid_argument("two interceptors are named " + quoted(name))
                      .with_why("names in a chain are unique"));
    }
  }
  auto chain = std::make_shared<Chain>();
  static std::atomic<std::uint64_t> last{0};
  chain->revision_ = ++last;
  chain->members_ = std::move(members);
  std::stable_sort(chain->members_.begin(), chain->members_.end(),
                   [](const ChainMember& a, const ChainMember& b) { return a.phase < b.phase; });
  return std::shared_ptr<const Chain>(std::move(chain));
}

ChainPlan Chain::plan(const OperationInfo& info) const {
  ChainPlan plan;
  for (const ChainMember& member : members_) {
    // One that can't say whether it is for an operation sees it.
    const bool applies =
        guarded([&] { return member.interceptor->applies_to(info); }, [](std::string_view) { return true; });
    if (!applies) continue;
    if (member.phase == Phase::observe) ++plan.judged_before;
    plan.steps.push_back(&member);
    plan.judges.push_back(&member);
  }
  return plan;
}

namespace {

std::shared_ptr<const JudgeState> failed_state(std::string_view what) {
  static std::atomic<std::uint64_t> failures{0};
  auto state = std::make_shared<JudgeState>();
  state->revision = ~failures.fetch_add(1, std::memory_order_relaxed);
  state->fault = what.empty() ? "it did not say why" : what;
  return state;
}

}  // namespace

Snapshot::States Chain::judge_states(Freshness freshness) const {
  Snapshot::States states;
  for (const ChainMember& member : members_) {
    auto state = guarded([&] { return member.interceptor->judge_state(freshness); }, failed_state);
    if (state) states.emplace_back(member.interceptor.get(), std::move(state));
  }
  return states;
}

bool Chain::gives(const Snapshot::States& states) const {
  const auto all_are = [&] {
    for (const auto& [judge, state] : states) {
      if (!judge->in_force(*state)) return false;
    }
    return true;
  };
  return guarded(all_are, [](std::string_view) { return false; });
}

bool Interceptor::in_force(const JudgeState& state) const {
  const auto now = judge_state(Freshness::cached);
  return now && now->revision == state.revision;
}

namespace {

Verdict ask(const ChainMember& member, const CallView& call, const Snapshot& snapshot) {
  const auto broken = [&](std::string_view what) -> Verdict {
    return Verdict::deny(Error(ErrorCode::interceptor_failed, "interceptor " + quoted(member.interceptor->name()) +
                                                                  " failed while judging " +
                                                                  std::string(call.info().name))
                             .with_why(std::string(what)));
  };
  if (snapshot.has_fault()) {
    const JudgeState* state = snapshot.state_of(*member.interceptor);
    if (state && !state->fault.empty()) return broken(state->fault);
  }
  return guarded([&] { return member.interceptor->judge(call, snapshot); }, broken);
}

}  // namespace

Verdict judge(const ChainPlan& plan, const CallView& call, const Snapshot& snapshot) {
  Verdict strongest = Verdict::no_opinion();
  for (const ChainMember* member : plan.judges) {
    Verdict verdict = ask(*member, call, snapshot);
    if (verdict.kind() <= strongest.kind()) continue;
    verdict.set_judge(member->interceptor->name());
    strongest = std::move(verdict);
  }
  return strongest;
}

}  // namespace cowork
