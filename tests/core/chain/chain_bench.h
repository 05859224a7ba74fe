// A chain with a small environment around it, for tests: everything in memory, every step written to a log.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cowork/chain/chain.h"
#include "support/catch.h"

namespace cowork::test {

struct Change {
  std::string id = "x";
  struct Reply {
    std::string text;
  };
  static constexpr OperationInfo info{.name = "test:change", .effect = Effect::mutate};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"pack", id}; }
};

struct Look {
  std::string id = "x";
  using Reply = std::string;
  static constexpr OperationInfo info{.name = "test:look"};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"pack", id}; }
};

struct Cached {
  using Reply = std::string;
  static constexpr OperationInfo info{.name = "test:cached", .answerable = true};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

struct Deactivate {
  using Reply = int;
  static constexpr OperationInfo info{.name = "test:deactivate", .refusable = false};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {}; }
};

/// An interceptor made of functions; everything is optional.
class Scripted : public Interceptor {
 public:
  explicit Scripted(std::string name) : name_(std::move(name)) {}
  std::string_view name() const noexcept override { return name_; }
  bool applies_to(const OperationInfo& info) const override { return !only || info.name == *only; }
  Outcome intercept(Call& call, Next next) override { return on_intercept ? on_intercept(call, next) : next(call); }
  Verdict judge(const CallView& call, const Snapshot& snapshot) const override {
    return on_judge ? on_judge(call, snapshot) : Verdict::no_opinion();
  }
  std::shared_ptr<const JudgeState> judge_state(Freshness freshness) const override {
    return on_state ? on_state(freshness) : nullptr;
  }
  Result<void> before_commit(const Call& call) override { return on_commit ? on_commit(call) : Result<void>{}; }

  std::optional<std::string_view> only;
  std::function<Outcome(Call&, Next)> on_intercept;
  std::function<Verdict(const CallView&, const Snapshot&)> on_judge;
  std::function<std::shared_ptr<const JudgeState>(Freshness)> on_state;
  std::function<Result<void>(const Call&)> on_commit;

 private:
  std::string name_;
};

class Bench : public ChainEnvironment {
 public:
  Scripted& add(std::string name, Phase phase = Phase::application) {
    auto interceptor = std::make_shared<Scripted>(std::move(name));
    members.push_back({interceptor, phase, "test"});
    return *interceptor;
  }
  /// One that writes "<name>" going in and "/<name>" coming out.
  Scripted& add_logging(const std::string& name, Phase phase) {
    Scripted& interceptor = add(name, phase);
    interceptor.on_intercept = [this, name](Call& call, Next next) {
      log.push_back(name);
      Outcome outcome = next(call);
      log.push_back("/" + name);
      return outcome;
    };
    return interceptor;
  }

  Result<Change::Reply> change(const std::function<Result<void>(const Snapshot&)>& effect = {}) {
    return run(Change{}, [&](Admitted<Change>& admitted) -> Result<Change::Reply> {
      log.push_back("handler");
      auto committed = admitted.commit([&](const Snapshot& snapshot) -> Result<void> {
        log.push_back("effect");
        return effect ? effect(snapshot) : Result<void>{};
      });
      if (!committed) return fail(committed.error());
      return Change::Reply{"changed"};
    });
  }
  Result<std::string> look() {
    return run(Look{}, [&](Admitted<Look>&) -> Result<std::string> {
      log.push_back("handler");
      return std::string("seen");
    });
  }
  template <Operation Op, class Handler>
  Result<typename Op::Reply> run(const Op& request, const Handler& handler) {
    if (!chain) build();
    const ChainPlan plan = chain->plan(Op::info);
    ChainRun chain_run(plan, *this);
    options.warnings = &warnings;
    return chain_run.run(request, options, 1, 0, handler);
  }
  void build() {
    auto built = Chain::build(members);
    REQUIRE(built);
    chain = *built;
  }

  std::shared_ptr<const Snapshot> snapshot(Freshness freshness) override {
    ++(freshness == Freshness::current ? current_snapshots : cached_snapshots);
    return std::make_shared<const Snapshot>(catalog, std::make_shared<Toggles>(), std::make_shared<LockRecords>(),
                                            chain->judge_states(freshness));
  }
  Result<std::shared_ptr<void>> lock_for_mutation(const Call&) override {
    log.push_back("lock");
    return std::shared_ptr<void>(new int(0), [this](void* held) {
      log.push_back("unlock");
      delete static_cast<int*>(held);
    });
  }
  Verdict judge_question(const CallView& question, const Snapshot& current) override {
    return judge(chain->plan(question.info()), question, current);
  }

  std::vector<ChainMember> members;
  std::shared_ptr<const Chain> chain;
  std::shared_ptr<const Catalog> catalog = Catalog::build({}, nullptr);
  CallOptions options;
  std::vector<std::string> log;
  std::vector<std::string> warnings;
  int current_snapshots = 0;
  int cached_snapshots = 0;
};

inline Error denied(std::string message = "no") {
  return Error(ErrorCode::policy_denied, std::move(message));
}

}  // namespace cowork::test
