// What an interceptor that was asked to judge answers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cowork/base/error.h"

namespace cowork {

/// Where a rule stands: `packs.blocked` in layer `machine` at a file's line.
struct Rule {
  std::string name;   ///< the member of the policy, such as `packs.blocked`
  std::string layer;  ///< `machine`, `user`, or whatever the interceptor's rules have for layers; may be empty
  SourcePlace place;

  bool operator==(const Rule&) const = default;
};

/// Verdict::reason() of a denied `pack:activate` that no policy gave: the pack is shown in state `quarantined`, not as
/// blocked.
inline constexpr std::string_view quarantined_reason = "quarantined";

/// no_opinion < permit < require < deny: of several judges the greatest wins; of equals the first.
class Verdict {
 public:
  enum class Kind : std::uint8_t {
    no_opinion,  ///< nothing to say
    permit,      ///< a rule allows it expressly
    require,     ///< of `pack:activate` only: the pack has to be active, whatever its toggle says
    deny,        ///< must not happen
  };

  static Verdict no_opinion() { return Verdict(Kind::no_opinion); }
  static Verdict permit(Rule rule) { return Verdict(Kind::permit, std::move(rule)); }
  static Verdict require(Rule rule) { return Verdict(Kind::require, std::move(rule)); }
  /// `reason` is a short constant word that lists show (`blocked`, `not-allowed`, `policy-unavailable`).
  static Verdict deny(Error error, std::string reason = {}, Rule rule = {}) {
    Verdict verdict(Kind::deny, std::move(rule));
    verdict.error_ = std::make_shared<const Error>(std::move(error));
    verdict.reason_ = std::move(reason);
    return verdict;
  }

  Kind kind() const noexcept { return kind_; }
  bool denied() const noexcept { return kind_ == Kind::deny; }
  /// Of a denial; null otherwise.
  const Error* error() const noexcept { return error_.get(); }
  const std::string& reason() const noexcept { return reason_; }
  const Rule& rule() const noexcept { return rule_; }
  /// The interceptor that decided; set by the chain.
  const std::string& judge() const noexcept { return judge_; }
  void set_judge(std::string_view name) { judge_ = name; }

 private:
  explicit Verdict(Kind kind, Rule rule = {}) : kind_(kind), rule_(std::move(rule)) {}
  Kind kind_;
  std::shared_ptr<const Error> error_;
  std::string reason_;
  Rule rule_;
  std::string judge_;
};

}  // namespace cowork
