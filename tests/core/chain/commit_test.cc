// The commit point, step by step.
#include "chain_bench.h"

using namespace cowork;
using namespace cowork::test;
using Log = std::vector<std::string>;

TEST_CASE("commit: a mutation that never comes to its commit point is an internal error") {
  Bench bench;
  const auto result =
      bench.run(Change{}, [](Admitted<Change>&) -> Result<Change::Reply> { return Change::Reply{"done"}; });
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == ErrorCode::internal);
  CHECK(result.error().message() == "the handler of test:change answered without its commit point");
}

TEST_CASE("commit: a second commit is refused, the first stands") {
  Bench bench;
  int effects = 0;
  const auto effect = [&](const Snapshot&) -> Result<void> {
    ++effects;
    return {};
  };
  const auto result = bench.run(Change{}, [&](Admitted<Change>& admitted) -> Result<Change::Reply> {
    CHECK(admitted.commit(effect));
    const auto second = admitted.commit(effect);
    REQUIRE_FALSE(second);
    CHECK(second.error().message() == "test:change came to its commit point twice");
    return Change::Reply{};
  });
  CHECK(result);
  CHECK(effects == 1);
}

TEST_CASE("commit: before_commit is asked after the judges, just before the effect") {
  Bench bench;
  bench.add("audit", Phase::observe).on_commit = [&](const Call& call) -> Result<void> {
    CHECK_FALSE(call.committed());
    bench.log.push_back("audit");
    return {};
  };
  bench.add("policy", Phase::policy).on_judge = [&](const CallView&, const Snapshot&) {
    bench.log.push_back("judge");
    return Verdict::no_opinion();
  };
  REQUIRE(bench.change());
  CHECK(bench.log == Log{"judge", "handler", "lock", "judge", "audit", "effect", "unlock"});
}

TEST_CASE("commit: an error of before_commit refuses the mutation") {
  Bench bench;
  bench.add("audit", Phase::observe).on_commit = [](const Call&) -> Result<void> {
    return fail(Error::io("the trail can't be written"));
  };
  const auto result = bench.change();
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == ErrorCode::io);
  CHECK(bench.log == Log{"handler", "lock", "unlock"});
}

TEST_CASE("commit: a failed effect is the call's error") {
  Bench bench;
  bool seen_uncommitted = false;
  bench.add("observer", Phase::observe).on_intercept = [&](Call& call, Next next) {
    Outcome outcome = next(call);
    seen_uncommitted = !outcome.ok() && !call.committed();
    return outcome;
  };
  SECTION("returned") {
    const auto result = bench.change([](const Snapshot&) -> Result<void> { return fail(Error::io("no space left")); });
    REQUIRE_FALSE(result);
    CHECK(result.error().message() == "no space left");
  }
  SECTION("thrown") {
    const auto result = bench.change([](const Snapshot&) -> Result<void> { throw std::runtime_error("surprise"); });
    REQUIRE_FALSE(result);
    CHECK(result.error().message() == "the effect of test:change threw");
    CHECK(result.error().why() == "surprise");
  }
  CHECK(seen_uncommitted);
}

TEST_CASE("commit: a dry run asks the judges and changes nothing, takes no lock, writes no trail") {
  Bench bench;
  int asked = 0;
  bench.options.dry_run = true;
  bench.add("audit", Phase::observe).on_commit = [&](const Call&) -> Result<void> {
    bench.log.push_back("audit");
    return {};
  };
  bench.add("policy", Phase::policy).on_judge = [&](const CallView&, const Snapshot&) {
    ++asked;
    return Verdict::no_opinion();
  };
  REQUIRE(bench.change());
  CHECK(asked == 2);
  CHECK(bench.log == Log{"handler"});
}

TEST_CASE("commit: further questions are asked under the lock and can refuse") {
  Bench bench;
  bench.add("policy", Phase::policy).on_judge = [](const CallView& call, const Snapshot&) {
    return call.request<Look>() ? Verdict::deny(denied("the id is blocked"), "blocked") : Verdict::no_opinion();
  };
  const Look further{"evil"};
  const auto result = bench.run(Change{}, [&](Admitted<Change>& admitted) -> Result<Change::Reply> {
    const CallView question(further, bench.options);
    admitted.also_judge(question);
    if (auto committed = admitted.commit([](const Snapshot&) -> Result<void> { return {}; }); !committed)
      return fail(committed.error());
    return Change::Reply{};
  });
  REQUIRE_FALSE(result);
  CHECK(result.error().message() == "the id is blocked");
}

TEST_CASE("commit: a read has none") {
  Bench bench;
  const auto result = bench.run(Look{}, [](Admitted<Look>& admitted) -> Result<std::string> {
    const auto committed = admitted.commit([](const Snapshot&) -> Result<void> { return {}; });
    REQUIRE_FALSE(committed);
    return fail(committed.error());
  });
  REQUIRE_FALSE(result);
  CHECK(result.error().message() == "test:look is a read and has no commit point");
}
