// How a pack stands, as the grounds of a verdict: the rule, and for a refusal the error, once somebody asks.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "rules.h"

namespace cowork::admin_policy {

/// The command that a refusal tells to try.
enum class Remedy : std::uint8_t { check, explain_enabling, explain_disabling };

/// Threads, ownership: as Grounds; keeps the policy.
class PackGrounds final : public Grounds {
 public:
  /// Of what is permitted or required.
  PackGrounds(const EffectivePolicy& policy, const PackStanding& standing)
      : policy_(policy.shared_from_this()), standing_(standing) {}
  /// Of a denial. `required_and` says what can't be done to a required pack (a constant); it is empty for a pack that
  /// is not permitted.
  PackGrounds(const EffectivePolicy& policy, const PackStanding& standing, std::string_view name, Remedy remedy,
              std::string_view required_and);

 private:
  Words tell() const override;
  Error refusal() const;
  Error refusal_of_required() const;
  std::string remedy() const;

  std::shared_ptr<const EffectivePolicy> policy_;
  PackStanding standing_;
  std::string name_;
  Remedy remedy_ = Remedy::check;
  std::string_view required_and_;
  bool denies_ = false;
};

}  // namespace cowork::admin_policy
