// The rules of DESIGN.md, "The chain": each test is named after the rule it holds. Rules 1, 7 and 8 also have tests on
// a whole host in tests/core/host.
#include <algorithm>
#include <type_traits>

#include "chain_bench.h"

using namespace cowork;
using namespace cowork::test;
using Log = std::vector<std::string>;

TEST_CASE("rule 1: a handler cannot be reached but through the chain, as a matter of types") {
  // What a handler takes can't be made, copied or default-constructed by anybody but the chain.
  STATIC_REQUIRE_FALSE(std::is_default_constructible_v<Admitted<Change>>);
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Admitted<Change>>);
  STATIC_REQUIRE_FALSE(std::is_move_constructible_v<Admitted<Change>>);
  STATIC_REQUIRE_FALSE(
      std::is_constructible_v<Admitted<Change>, ChainRun&, Call&, const Change&, std::shared_ptr<const Snapshot>>);
  STATIC_REQUIRE_FALSE(std::is_default_constructible_v<Outcome>);
}

TEST_CASE("rule 2: phases run in fixed order, inside a phase the order of use()") {
  Bench bench;
  bench.add_logging("policy-a", Phase::policy);
  bench.add_logging("application-b", Phase::application);
  bench.add_logging("observe-a", Phase::observe);
  bench.add_logging("application-a", Phase::application);
  bench.add_logging("observe-b", Phase::observe);
  REQUIRE(bench.look());
  CHECK(bench.log == Log{"observe-a", "observe-b", "application-b", "application-a", "policy-a", "handler", "/policy-a",
                         "/application-a", "/application-b", "/observe-b", "/observe-a"});
}

TEST_CASE("rule 2: a duplicate name is an error that names it") {
  Bench bench;
  bench.add("audit", Phase::observe);
  bench.add("audit", Phase::policy);
  const auto chain = Chain::build(bench.members);
  REQUIRE_FALSE(chain);
  CHECK(chain.error().code() == ErrorCode::invalid_argument);
  CHECK(chain.error().message() == "two interceptors are named \"audit\"");
}

TEST_CASE("rule 2: observers see refusals, the application phase is not asked about what policy refuses") {
  Bench bench;
  bench.add_logging("observe", Phase::observe);
  bench.add_logging("approval", Phase::application);
  bench.add("policy", Phase::policy).on_judge = [](const CallView&, const Snapshot&) {
    return Verdict::deny(denied(), "blocked");
  };
  const auto result = bench.change();
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == ErrorCode::policy_denied);
  CHECK(bench.log == Log{"observe", "/observe"});
}

TEST_CASE("rule 3: judge is asked at entry and again at the commit point, under the lock, with a fresh snapshot") {
  Bench bench;
  int asked = 0;
  bench.add("policy", Phase::policy).on_judge = [&](const CallView& call, const Snapshot&) {
    CHECK(call.request<Change>() != nullptr);
    bench.log.push_back("judge");
    ++asked;
    return Verdict::no_opinion();
  };
  REQUIRE(bench.change());
  CHECK(asked == 2);
  CHECK(bench.current_snapshots == 1);
  CHECK(bench.log == Log{"judge", "handler", "lock", "judge", "effect", "unlock"});
}

TEST_CASE("rule 3: a policy that changed between entry and commit refuses at the commit point") {
  Bench bench;
  struct State : JudgeState {
    bool allowed = true;
  };
  bool allowed_on_disk = true;
  Scripted& policy = bench.add("policy", Phase::policy);
  policy.on_state = [&](Freshness freshness) {
    auto state = std::make_shared<State>();
    state->allowed = freshness == Freshness::cached || allowed_on_disk;
    return state;
  };
  policy.on_judge = [&](const CallView&, const Snapshot& snapshot) {
    return static_cast<const State*>(snapshot.state_of(policy))->allowed ? Verdict::no_opinion()
                                                                         : Verdict::deny(denied("changed"), "blocked");
  };
  allowed_on_disk = false;
  const auto result = bench.change();
  REQUIRE_FALSE(result);
  CHECK(result.error().message() == "changed");
  CHECK(bench.log == Log{"handler", "lock", "unlock"});
}

TEST_CASE("rule 3: only the handler can construct the success of an operation that policy governs") {
  Bench bench;
  SECTION("answering in its stead") {
    bench.add("impostor").on_intercept = [](Call& call, Next) { return call.answer<Change>({"forged"}); };
    const auto result = bench.change();
    REQUIRE_FALSE(result);
    CHECK(result.error().code() == ErrorCode::interceptor_failed);
    CHECK(result.error().message() == "interceptor \"impostor\" answered test:change in the handler's stead");
    CHECK(bench.log.empty());
  }
  SECTION("replacing what the handler answered") {
    bench.add("impostor").on_intercept = [](Call& call, Next next) {
      (void)next(call);
      return call.answer<Look>("forged");
    };
    const auto result = bench.look();
    REQUIRE_FALSE(result);
    CHECK(result.error().message() == "interceptor \"impostor\" answered test:look in the handler's stead");
  }
  SECTION("keeping the success of another call") {
    std::optional<Outcome> kept;
    bench.add("impostor").on_intercept = [&](Call& call, Next next) -> Outcome {
      if (kept) return std::move(*kept);
      kept.emplace(next(call));
      return denied("the first one is mine");
    };
    REQUIRE_FALSE(bench.look());
    const auto result = bench.look();
    REQUIRE_FALSE(result);
    CHECK(result.error().message() ==
          "interceptor \"impostor\" reported success of test:look that its handler did not");
  }
  SECTION("a refusal from below can't be turned into success") {
    bench.add("optimist").on_intercept = [](Call& call, Next next) -> Outcome {
      (void)next(call);
      return call.answer<Change>({"fine"});
    };
    bench.add("policy", Phase::policy).on_intercept = [](Call&, Next) -> Outcome { return denied(); };
    const auto result = bench.change();
    REQUIRE_FALSE(result);
    CHECK(result.error().code() == ErrorCode::interceptor_failed);
  }
  SECTION("operations that allow it can be answered") {
    bench.add("cache").on_intercept = [](Call& call, Next) { return call.answer<Cached>("from the cache"); };
    const auto result =
        bench.run(Cached{}, [](Admitted<Cached>&) -> Result<std::string> { return std::string("fresh"); });
    REQUIRE(result);
    CHECK(*result == "from the cache");
  }
}

TEST_CASE("rule 4: operations that an interceptor is not for don't see it") {
  Bench bench;
  bench.add_logging("changes-only", Phase::application).only = Change::info.name;
  bench.build();
  CHECK(bench.chain->plan(Look::info).steps.empty());
  CHECK(bench.chain->plan(Look::info).judges.empty());
  CHECK(bench.chain->plan(Change::info).steps.size() == 1);
  REQUIRE(bench.look());
  CHECK(bench.log == Log{"handler"});
}

TEST_CASE("rule 5: an exception becomes an error that names the interceptor") {
  Bench bench;
  SECTION("in intercept") {
    bench.add("faulty").on_intercept = [](Call&, Next) -> Outcome { throw std::runtime_error("out of luck"); };
    const auto result = bench.change();
    REQUIRE_FALSE(result);
    CHECK(result.error().code() == ErrorCode::interceptor_failed);
    CHECK(result.error().message() == "interceptor \"faulty\" failed in test:change");
    CHECK(result.error().why() == "out of luck");
  }
  SECTION("in judge: closed, not open") {
    bench.add("faulty", Phase::policy).on_judge = [](const CallView&, const Snapshot&) -> Verdict { throw 42; };
    const auto result = bench.look();
    REQUIRE_FALSE(result);
    CHECK(result.error().code() == ErrorCode::interceptor_failed);
    CHECK(result.error().message() == "interceptor \"faulty\" failed while judging test:look");
    CHECK(bench.log.empty());
  }
  SECTION("in before_commit: the mutation is refused") {
    bench.add("faulty", Phase::observe).on_commit = [](const Call&) -> Result<void> {
      throw std::runtime_error("disk full");
    };
    const auto result = bench.change();
    REQUIRE_FALSE(result);
    CHECK(result.error().message() == "interceptor \"faulty\" failed before the commit of test:change");
    CHECK(bench.log == Log{"handler", "lock", "unlock"});
  }
}

TEST_CASE("rule 5: a second call of next on a mutating operation becomes an error that names the interceptor") {
  Bench bench;
  bench.add("twice").on_intercept = [](Call& call, Next next) {
    (void)next(call);
    return next(call);
  };
  SECTION("before anything was committed") {
    bench.add("policy", Phase::policy).on_intercept = [](Call&, Next) -> Outcome { return denied(); };
    const auto result = bench.change();
    REQUIRE_FALSE(result);
    CHECK(result.error().message() == "interceptor \"twice\" called next twice on test:change");
  }
  SECTION("after the commit point the outcome is final, and the fault a named warning") {
    REQUIRE(bench.change());
    CHECK(std::count(bench.log.begin(), bench.log.end(), "effect") == 1);
    CHECK(bench.warnings == Log{"interceptor \"twice\" failed after test:change was done: interceptor \"twice\" called "
                                "next twice on test:change"});
  }
  SECTION("reads may be asked again") {
    CHECK(bench.look());
  }
}

TEST_CASE("rule 5: pack:deactivate is observed, never refused; faults there are named warnings") {
  Bench bench;
  bench.add("stubborn").on_intercept = [](Call&, Next) -> Outcome { return denied("I want to keep it"); };
  bench.add("faulty").on_intercept = [](Call& call, Next next) -> Outcome {
    (void)next(call);
    throw std::runtime_error("late");
  };
  bench.add("policy", Phase::policy).on_judge = [](const CallView&, const Snapshot&) {
    return Verdict::deny(denied());
  };
  const auto result = bench.run(Deactivate{}, [](Admitted<Deactivate>&) -> Result<int> { return 7; });
  REQUIRE(result);
  CHECK(*result == 7);
  CHECK(bench.warnings ==
        Log{"interceptor \"stubborn\" can't refuse test:deactivate: I want to keep it",
            "interceptor \"faulty\" failed after test:deactivate: interceptor \"faulty\" failed in test:deactivate"});
}

TEST_CASE("rule 5: after the commit point the outcome is final; later faults are named warnings") {
  Bench bench;
  bench.add("late").on_intercept = [](Call& call, Next next) -> Outcome {
    (void)next(call);
    throw std::runtime_error("too late");
  };
  const auto result = bench.change();
  REQUIRE(result);
  CHECK(result->text == "changed");
  CHECK(bench.warnings ==
        Log{"interceptor \"late\" failed after test:change was done: interceptor \"late\" failed in test:change"});
}

TEST_CASE("rule 5: deadlines and cancellation are checked at every next and at the commit point") {
  Bench bench;
  SECTION("a deadline that passed in an interceptor") {
    bench.add("slow").on_intercept = [&](Call& call, Next next) {
      bench.options.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
      return next(call);
    };
    const auto result = bench.change();
    REQUIRE_FALSE(result);
    CHECK(result.error().code() == ErrorCode::timeout);
    CHECK(result.error().message() == "test:change ran past its deadline");
    CHECK(bench.log.empty());
  }
  SECTION("cancelled before the commit") {
    std::stop_source source;
    bench.options.stop = source.get_token();
    const auto result = bench.run(Change{}, [&](Admitted<Change>& admitted) -> Result<Change::Reply> {
      source.request_stop();
      if (auto committed = admitted.commit([](const Snapshot&) -> Result<void> { return {}; }); !committed)
        return fail(committed.error());
      return Change::Reply{};
    });
    REQUIRE_FALSE(result);
    CHECK(result.error().code() == ErrorCode::cancelled);
  }
  SECTION("a stop that comes after the commit changes nothing") {
    std::stop_source source;
    bench.options.stop = source.get_token();
    CHECK(bench.change([&](const Snapshot&) -> Result<void> {
      source.request_stop();
      return {};
    }));
  }
}

TEST_CASE("rule 6: a read is made from one immutable snapshot") {
  Bench bench;
  const Snapshot* judged = nullptr;
  bench.add("policy", Phase::policy).on_judge = [&](const CallView&, const Snapshot& snapshot) {
    judged = &snapshot;
    return Verdict::no_opinion();
  };
  const auto result = bench.run(Look{}, [&](Admitted<Look>& admitted) -> Result<std::string> {
    CHECK(&admitted.snapshot() == judged);
    return std::string();
  });
  REQUIRE(result);
  CHECK(bench.cached_snapshots == 1);
  CHECK(bench.current_snapshots == 0);
}

TEST_CASE("rule 7: the effective chain can be printed per operation") {
  Bench bench;
  bench.add("everything", Phase::observe);
  bench.add("changes", Phase::policy).only = Change::info.name;
  bench.build();
  const auto names = [&](const OperationInfo& info) {
    Log found;
    for (const ChainMember* member : bench.chain->plan(info).steps) found.emplace_back(member->interceptor->name());
    return found;
  };
  CHECK(names(Change::info) == Log{"everything", "changes"});
  CHECK(names(Look::info) == Log{"everything"});
}
