#include "chain_bench.h"

namespace cowork {
namespace {

using test::Bench;
using test::Change;
using test::Scripted;
using Log = std::vector<std::string>;

TEST_CASE("judges: the strongest verdict wins, of equals the first") {
  Bench bench;
  const Rule rule{"rules.first", "user", {}};
  bench.add("first", Phase::policy).on_judge = [&](const CallView&, const Snapshot&) { return Verdict::permit(rule); };
  bench.add("second", Phase::policy).on_judge = [](const CallView&, const Snapshot&) {
    return Verdict::permit({"rules.second", "user", {}});
  };
  bench.build();
  const Change request;
  const CallView view(request, bench.options);
  const auto snapshot = bench.snapshot(Freshness::cached);
  const Verdict verdict = judge(bench.chain->plan(Change::info), view, *snapshot);
  CHECK(verdict.kind() == Verdict::Kind::permit);
  CHECK(verdict.judge() == "first");
  CHECK(verdict.rule() == rule);
}

/// Grounds that count how often their words are asked for.
class CountedGrounds final : public Grounds {
 public:
  CountedGrounds(int& asked, bool fails) : Grounds("counted"), asked_(asked), fails_(fails) {}

 private:
  Words tell() const override {
    ++asked_;
    if (fails_) throw std::runtime_error("no words");
    return {{"rules.counted", "user", {}}, test::denied("counted")};
  }
  int& asked_;
  bool fails_;
};

TEST_CASE("judges: the words of a verdict are put together once, when somebody asks") {
  int asked = 0;
  const Verdict verdict = Verdict::deny(std::make_shared<const CountedGrounds>(asked, false));
  const Verdict copy = verdict;
  CHECK(verdict.denied());
  CHECK(verdict.reason() == "counted");
  CHECK(asked == 0);
  CHECK(verdict.rule().name == "rules.counted");
  CHECK(copy.error()->message() == "counted");
  CHECK(asked == 1);
}

TEST_CASE("judges: a denial that cannot say why denies all the same") {
  Bench bench;
  int asked = 0;
  bench.add("mute", Phase::policy).on_judge = [&](const CallView&, const Snapshot&) {
    return Verdict::deny(std::make_shared<const CountedGrounds>(asked, true));
  };
  const auto result = bench.change();
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == ErrorCode::interceptor_failed);
  CHECK(result.error().message() == "interceptor \"mute\" denied and failed to say why");
  CHECK(result.error().why() == "no words");
  CHECK(bench.log.empty());
}

TEST_CASE("a chain of a hundred interceptors notices a second next at every depth") {
  for (const std::size_t depth : {0u, 63u, 64u, 65u, 99u}) {
    Bench bench;
    for (std::size_t i = 0; i < 100; ++i) {
      Scripted& member = bench.add("member-" + std::to_string(i));
      if (i != depth) continue;
      member.on_intercept = [](Call& call, Next next) {
        (void)next(call);
        return next(call);
      };
    }
    const auto result = bench.change();
    CAPTURE(depth);
    CHECK(bench.log == Log{"handler", "lock", "effect", "unlock"});
    CHECK(bench.warnings.size() == 1);
    CHECK(result);
  }
}

}  // namespace
}  // namespace cowork
