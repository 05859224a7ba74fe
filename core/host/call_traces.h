// The last traced call of each operation. Private to core/host. Threads: any.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "cowork/chain/chain.h"
#include "cowork/host/host_operations.h"

namespace cowork {

class CallTraces {
 public:
  void keep(CallTrace trace);
  /// Of `operation`; of any, when that is empty.
  std::optional<CallTrace> last(std::string_view operation) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, CallTrace, std::less<>> by_operation_;
  std::string newest_;
};

/// The steps of `plan` with what each of them took.
std::vector<CallTrace::Step> steps_of(const ChainPlan& plan, const StepTimes& times);

}  // namespace cowork
