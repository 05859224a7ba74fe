#include "core/chain/chain_bench.h"
#include "native_pack.h"
#include "native_world.h"

using namespace cowork;
using test::NativeWorld;

namespace {

/// A chain in which the good pack's interceptors stand.
class Gate {
 public:
  Gate() : pack(world.good()) {
    for (auto& interceptor : pack->interceptors()) {
      bench.members.push_back({std::move(interceptor), Phase::application, "good"});
    }
    bench.options.entry = "cli";
    bench.options.actor = "anna";
  }
  void set(const std::string& mode) { REQUIRE(pack->call("mode", test::text_value(mode), {})); }
  json::Value seen() { return pack->call("seen", {}, {}).value(); }

  NativeWorld world;
  std::shared_ptr<NativePack> pack;
  test::Bench bench;
};

}  // namespace

TEST_CASE("interceptors of packs are named after the pack and themselves") {
  NativeWorld world;
  const auto interceptors = world.good()->interceptors();
  REQUIRE(interceptors.size() == 2);
  CHECK(interceptors[0]->name() == "good/gate");
  CHECK(interceptors[1]->name() == "good/silent");
}

TEST_CASE("a pack's interceptor is there for the operations that it wants") {
  NativeWorld world;
  const auto interceptors = world.good()->interceptors();
  CHECK(interceptors[0]->applies_to(test::Change::info));
  CHECK_FALSE(interceptors[0]->applies_to(test::Cached::info));
  CHECK(interceptors[1]->applies_to(test::Cached::info));
}

TEST_CASE("a pack's interceptor sees the call and what came of it") {
  Gate gate;
  CHECK(gate.bench.change().value().text == "changed");
  gate.bench.options.dry_run = true;
  CHECK(gate.bench.change());
  CHECK(json::to_text(gate.seen()) == R"([["test:change",["pack","x","cli","anna",true,false,1,0,""]],)"
                                      R"(["test:change",["pack","x","cli","anna",true,true,1,0,""]]])");
}

TEST_CASE("what a pack's judge denies is refused before the handler, with the pack's reasons") {
  Gate gate;
  gate.set("closed");
  const auto refused = gate.bench.change();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::policy_denied);
  CHECK(refused.error().message() == "closed for x");
  CHECK(refused.error().why() == "the door");
  CHECK(refused.error().remedy() == "knock");
  CHECK(gate.bench.log.empty());
  const auto snapshot = gate.bench.snapshot(Freshness::cached);
  const test::Look request;
  const Verdict verdict =
      judge(gate.bench.chain->plan(test::Look::info), CallView(request, gate.bench.options), *snapshot);
  CHECK(verdict.denied());
  CHECK(verdict.judge() == "good/gate");
  CHECK(verdict.reason() == "refused-by-pack");
  CHECK(verdict.rule().name == "good/gate");
}

TEST_CASE("a judge answers by the revision that was pinned with the snapshot") {
  Gate gate;
  gate.bench.build();
  const auto open = gate.bench.snapshot(Freshness::cached);
  gate.set("closed");  // its revision is 2 from here on
  const auto closed = gate.bench.snapshot(Freshness::cached);
  REQUIRE(gate.pack->call("mode", test::text_value("judge-by-revision"), {}));
  const test::Look request;
  const auto verdict = [&](const Snapshot& snapshot) {
    return judge(gate.bench.chain->plan(test::Look::info), CallView(request, gate.bench.options), snapshot).denied();
  };
  CHECK_FALSE(verdict(*open));
  CHECK(verdict(*closed));
  CHECK(open->state_of(*gate.bench.members[0].interceptor)->revision == 1);
  CHECK(closed->state_of(*gate.bench.members[0].interceptor)->revision == 2);
}

TEST_CASE("a fault of a pack's interceptor closes, and the chain names it") {
  const struct {
    const char* mode;
    const char* message;
    const char* why;
  } cases[] = {
      {"intercept-throws", "interceptor \"good/gate\" failed in test:change", "the interceptor threw"},
      {"skip", "interceptor \"good/gate\" failed in test:change", "it neither went on with next nor refused"},
      {"twice", "interceptor \"good/gate\" called next twice on test:change", "a mutation runs once"},
  };
  for (const auto& each : cases) {
    INFO(each.mode);
    Gate gate;
    gate.set(each.mode);
    const auto refused = gate.bench.change();
    if (std::string_view(each.mode) == "twice") {
      // The first run was committed: what comes later is a warning.
      CHECK(refused);
      REQUIRE(gate.bench.warnings.size() == 1);
      CHECK(gate.bench.warnings[0].find(each.message) != std::string::npos);
      continue;
    }
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == ErrorCode::interceptor_failed);
    CHECK(refused.error().message() == each.message);
    CHECK(refused.error().why() == each.why);
    CHECK(gate.bench.log.empty());
  }
}

TEST_CASE("a judge of a pack that throws denies") {
  Gate gate;
  gate.set("judge-throws");
  const auto refused = gate.bench.look();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::interceptor_failed);
  CHECK(refused.error().why() == "the judge threw");
  CHECK(gate.bench.log.empty());
}

TEST_CASE("a judge of a pack whose revision can't be had denies") {
  Gate gate;
  gate.set("revision-throws");
  const auto refused = gate.bench.look();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::interceptor_failed);
  CHECK(refused.error().why() == "the revision threw");
  CHECK(gate.bench.log.empty());
}

TEST_CASE("a judge that has a revision denies what a snapshot without it asks") {
  Gate gate;
  gate.bench.build();
  const Snapshot without(gate.bench.catalog, std::make_shared<Toggles>(), std::make_shared<LockRecords>(), {});
  const test::Look request;
  const Verdict verdict =
      judge(gate.bench.chain->plan(test::Look::info), CallView(request, gate.bench.options), without);
  REQUIRE(verdict.denied());
  REQUIRE(verdict.error());
  CHECK(verdict.error()->code() == ErrorCode::interceptor_failed);
  CHECK(verdict.error()->why() == "its revision is not in the snapshot that it is asked about");
}

TEST_CASE("a judge that has no revision needs none in the snapshot") {
  cowork_pack_table table{};
  table.struct_size = sizeof table;
  table.api_version = COWORK_PACK_API_VERSION;
  table.start = [](const cowork_host*, void**, const cowork_reply*) -> std::int32_t { return COWORK_PACK_OK; };
  table.stop = [](void*) {};
  table.judge = [](void*, std::uint32_t, const cowork_operation* operation, const cowork_reply*) -> std::int32_t {
    return operation->revision == 0 ? COWORK_PACK_OK : COWORK_PACK_FAULT;
  };
  auto instance =
      loaders::NativeInstance::start(table, {nullptr, "1.0.0", "plain", "{}", {}});
  REQUIRE(instance);
  test::Bench bench;
  bench.members.push_back({loaders::make_pack_interceptor(*instance, 0, "plain/gate"), Phase::application, "plain"});
  CHECK(bench.change());
}

TEST_CASE("a pack's interceptor can refuse instead of going on") {
  Gate gate;
  gate.set("refuse");
  const auto refused = gate.bench.change();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::policy_denied);
  CHECK(refused.error().message() == "not through here");
  CHECK(refused.error().why() == "interceptor good/gate");
  gate.set("not-found");
  CHECK(gate.bench.change().error().code() == ErrorCode::not_found);
  CHECK(gate.bench.log.empty());
}

TEST_CASE("a pack's interceptor that refuses a committed change is a warning") {
  Gate gate;
  gate.set("refuse-afterwards");
  CHECK(gate.bench.change());
  CHECK(gate.bench.warnings ==
        std::vector<std::string>{"interceptor \"good/gate\" failed after test:change was done: too late"});
}

TEST_CASE("a refusal behind a pack's interceptor stays what it was") {
  Gate gate;
  gate.bench.add("behind", Phase::policy).on_intercept = [](Call&, Next) {
    return Outcome::refuse(test::denied("the policy says no").with_remedy("ask"));
  };
  const auto refused = gate.bench.change();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message() == "the policy says no");
  CHECK(refused.error().remedy() == "ask");
  CHECK(json::to_text(gate.seen()) == R"([["test:change",["pack","x","cli","anna",true,false,1,0,"policy-denied"]]])");
}
