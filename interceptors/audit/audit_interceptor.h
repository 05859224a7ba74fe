// Writes the trail: the outermost member of the chain, so that it sees refusals.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "cowork/chain/interceptor.h"
#include "cowork/ports/clock.h"
#include "trail.h"

namespace cowork::audit {

/// What is written, and when:
/// - a mutation: `allowed`, at its commit point; if the effect fails then, a second line of the same id, `failed`
/// - whatever was refused by a rule: `denied`
/// - a mutation that failed before its commit point for another reason: `error`
/// - `pack:activate` and `pack:deactivate`: as they end, since they change what runs but have no commit point
/// - with `reads`, every other operation as it ends
/// Dry runs write nothing. A line that cannot be written refuses the mutation; of anything else it is a warning.
class AuditInterceptor final : public Interceptor {
 public:
  AuditInterceptor(std::shared_ptr<Trail> trail, std::shared_ptr<Clock> clock, bool reads);

  std::string_view name() const noexcept override { return "audit"; }
  Outcome intercept(Call& call, Next next) override;
  Result<void> before_commit(const Call& call) override;

 private:
  /// A mutation between its entry and its end.
  struct Running {
    std::int64_t begun_us = 0;
    bool tried = false;    ///< its commit line was due
    bool written = false;  ///< and is there
    std::string warning;   ///< of the trail, for when there is somebody to tell
  };
  Outcome intercept_mutation(Call& call, Next next);
  void finish_mutation(Call& call, const Outcome& outcome, const Running& running);
  void write_after(Call& call, std::string_view verdict, const Error* error, std::int64_t begun_us);
  Record record(const Call& call, std::string_view verdict, const Error* error, std::int64_t begun_us) const;

  std::shared_ptr<Trail> trail_;
  std::shared_ptr<Clock> clock_;
  bool reads_;
  std::string instance_;  ///< 8 hex digits; ids of calls begin anew with each process
  std::string user_;      ///< the process's user
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, Running> running_;  ///< by the call's id
};

}  // namespace cowork::audit
