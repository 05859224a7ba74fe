// Foreign code at its worst: what was denied stays denied, what throws is named, and nothing opens.
#include "chain_bench.h"

using namespace cowork;
using namespace cowork::test;

TEST_CASE("a denied read stays denied when an observer calls next again") {
  Bench bench;
  bench.add("retry", Phase::observe).on_intercept = [](Call& call, Next next) {
    (void)next(call);
    return next(call);
  };
  bench.add("policy", Phase::policy).on_judge = [](const CallView&, const Snapshot&) {
    return Verdict::deny(denied("blocked"), "blocked");
  };
  const auto result = bench.look();
  REQUIRE_FALSE(result);
  CHECK(result.error().message() == "blocked");
  CHECK(bench.log.empty());
}

TEST_CASE("a judge that can't give its state denies, and is named") {
  Bench bench;
  bench.add("unsteady", Phase::policy).on_state = [](Freshness) -> std::shared_ptr<const JudgeState> {
    throw std::runtime_error("lost it");
  };
  const auto result = bench.look();
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == ErrorCode::interceptor_failed);
  CHECK(result.error().message() == "interceptor \"unsteady\" failed while judging test:look");
  CHECK(result.error().why() == "lost it");
}

TEST_CASE("an interceptor that can't say whether it applies sees the operation") {
  class Unsure final : public Interceptor {
   public:
    std::string_view name() const noexcept override { return "unsure"; }
    bool applies_to(const OperationInfo&) const override { throw std::runtime_error("who knows"); }
  };
  Bench bench;
  bench.members.push_back({std::make_shared<Unsure>(), Phase::policy, "test"});
  bench.build();
  CHECK(bench.chain->plan(Look::info).steps.size() == 1);
}

TEST_CASE("a null interceptor is refused") {
  const auto chain = Chain::build({{nullptr, Phase::policy, "test"}});
  REQUIRE_FALSE(chain);
  CHECK(chain.error().message() == "an interceptor is null");
}

TEST_CASE("what follows a commit can't undo it: a fault there is a warning") {
  Bench bench;
  const auto result = bench.run(Change{}, [](Admitted<Change>& admitted) -> Result<Change::Reply> {
    if (auto committed = admitted.commit([](const Snapshot&) -> Result<void> { return {}; }); !committed)
      return fail(committed.error());
    admitted.after_commit([] { throw std::runtime_error("the rescan failed"); });
    return Change::Reply{"changed"};
  });
  REQUIRE(result);
  CHECK(bench.warnings == std::vector<std::string>{"after test:change was done: the rescan failed"});
}

TEST_CASE("nothing follows a commit that did not happen") {
  Bench bench;
  bench.options.dry_run = true;
  bool followed = false;
  const auto result = bench.run(Change{}, [&](Admitted<Change>& admitted) -> Result<Change::Reply> {
    if (auto committed = admitted.commit([](const Snapshot&) -> Result<void> { return {}; }); !committed)
      return fail(committed.error());
    admitted.after_commit([&] { followed = true; });
    return Change::Reply{};
  });
  CHECK(result);
  CHECK_FALSE(followed);
}
