#include "call_traces.h"

namespace cowork {

void CallTraces::keep(CallTrace trace) {
  const std::scoped_lock lock(mutex_);
  newest_ = trace.operation;
  by_operation_.insert_or_assign(newest_, std::move(trace));
}

std::optional<CallTrace> CallTraces::last(std::string_view operation) const {
  const std::scoped_lock lock(mutex_);
  const auto found = by_operation_.find(operation.empty() ? std::string_view(newest_) : operation);
  if (found == by_operation_.end()) return std::nullopt;
  return found->second;
}

std::vector<CallTrace::Step> steps_of(const ChainPlan& plan, const StepTimes& times) {
  std::vector<CallTrace::Step> steps;
  const auto add_judges = [&] { steps.push_back({"judges", "judges", times.of(StepTimes::judges())}); };
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (i == plan.judged_before) add_judges();
    const ChainMember* member = plan.steps[i];
    steps.push_back(
        {std::string(member->interceptor->name()), std::string(to_string(member->phase)), times.of(member)});
  }
  if (plan.judged_before >= plan.steps.size()) add_judges();
  steps.push_back({"handler", "handler", times.of(nullptr)});
  return steps;
}

}  // namespace cowork
