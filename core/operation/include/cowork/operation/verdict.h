// What an interceptor that was asked to judge answers.
#pragma once

#include <memory>
#include <mutex>
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

/// What is behind a verdict, in words. Most verdicts are only obeyed: the words are put together when somebody asks.
///
/// Threads: any. Ownership: shared by the copies of a verdict; owns, or keeps alive, what the words are made of.
class Grounds {
 public:
  explicit Grounds(std::string reason = {}) : reason_(std::move(reason)) {}
  virtual ~Grounds() = default;
  Grounds(const Grounds&) = delete;
  Grounds& operator=(const Grounds&) = delete;

  const std::string& reason() const noexcept { return reason_; }
  const Rule& rule() const { return words().rule; }
  const std::optional<Error>& error() const { return words().error; }

 protected:
  struct Words {
    Rule rule;
    std::optional<Error> error;  ///< of a denial
  };
  /// Called once.
  virtual Words tell() const = 0;

 private:
  const Words& words() const {
    std::call_once(told_, [this] { words_ = tell(); });
    return words_;
  }

  std::string reason_;
  mutable std::once_flag told_;
  mutable Words words_;
};

/// no_opinion < permit < require < deny: of several judges the greatest wins; of equals the first.
class Verdict {
 public:
  enum class Kind : std::uint8_t {
    no_opinion,  ///< nothing to say
    permit,      ///< a rule allows it expressly
    require,     ///< of `pack:activate` only: the pack has to be active, whatever its toggle says
    deny,        ///< must not happen
  };

  static Verdict no_opinion() { return Verdict(Kind::no_opinion, nullptr); }
  static Verdict permit(Rule rule) { return Verdict(Kind::permit, stated({}, std::move(rule), std::nullopt)); }
  static Verdict permit(std::shared_ptr<const Grounds> grounds) { return Verdict(Kind::permit, std::move(grounds)); }
  static Verdict require(Rule rule) { return Verdict(Kind::require, stated({}, std::move(rule), std::nullopt)); }
  static Verdict require(std::shared_ptr<const Grounds> grounds) { return Verdict(Kind::require, std::move(grounds)); }
  /// `reason` is a short constant word that lists show (`blocked`, `not-allowed`, `policy-unavailable`).
  static Verdict deny(Error error, std::string reason = {}, Rule rule = {}) {
    return Verdict(Kind::deny, stated(std::move(reason), std::move(rule), std::move(error)));
  }
  /// `grounds` must have an error to tell.
  static Verdict deny(std::shared_ptr<const Grounds> grounds) { return Verdict(Kind::deny, std::move(grounds)); }

  Kind kind() const noexcept { return kind_; }
  bool denied() const noexcept { return kind_ == Kind::deny; }
  /// Of a denial; null otherwise.
  const Error* error() const { return denied() ? &grounds_->error().value() : nullptr; }
  const std::string& reason() const noexcept { return grounds_ ? grounds_->reason() : none<std::string>(); }
  const Rule& rule() const { return grounds_ ? grounds_->rule() : none<Rule>(); }
  /// The interceptor that decided; set by the chain.
  const std::string& judge() const noexcept { return judge_; }
  void set_judge(std::string_view name) { judge_ = name; }

 private:
  class Stated final : public Grounds {
   public:
    Stated(std::string reason, Rule rule, std::optional<Error> error)
        : Grounds(std::move(reason)), rule_(std::move(rule)), error_(std::move(error)) {}

   private:
    Words tell() const override { return {rule_, error_}; }
    Rule rule_;
    std::optional<Error> error_;
  };

  static std::shared_ptr<const Grounds> stated(std::string reason, Rule rule, std::optional<Error> error) {
    return std::make_shared<const Stated>(std::move(reason), std::move(rule), std::move(error));
  }
  template <class T>
  static const T& none() noexcept {
    static const T nothing;
    return nothing;
  }

  Verdict(Kind kind, std::shared_ptr<const Grounds> grounds) : kind_(kind), grounds_(std::move(grounds)) {}
  Kind kind_;
  std::shared_ptr<const Grounds> grounds_;
  std::string judge_;
};

}  // namespace cowork
