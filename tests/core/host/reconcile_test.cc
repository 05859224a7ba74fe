// What follows from a change: activation and deactivation through the chain, events, named stuck calls.
#include <algorithm>
#include <condition_variable>
#include <thread>

#include "small_host.h"

using namespace cowork;
using namespace cowork::test;

namespace {

/// A judge that blocks what the test says.
class Blocker final : public Interceptor {
 public:
  struct State : JudgeState {
    std::vector<std::string> blocked;
  };
  std::string_view name() const noexcept override { return "blocker"; }
  std::shared_ptr<const JudgeState> judge_state(Freshness) const override {
    const std::lock_guard lock(mutex_);
    return state_;
  }
  Verdict judge(const CallView& call, const Snapshot& snapshot) const override {
    const auto* activate = call.request<ActivatePack>();
    if (!activate) return Verdict::no_opinion();
    const auto& blocked = static_cast<const State*>(snapshot.state_of(*this))->blocked;
    const bool hit = std::find(blocked.begin(), blocked.end(), activate->name) != blocked.end();
    return hit ? Verdict::deny(Error(ErrorCode::policy_denied, "blocked"), "blocked") : Verdict::no_opinion();
  }
  void block(std::vector<std::string> names) {
    auto next = std::make_shared<State>();
    const std::lock_guard lock(mutex_);
    next->revision = state_->revision + 1;
    next->label = "r" + std::to_string(next->revision);
    next->blocked = std::move(names);
    state_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const State> state_ = std::make_shared<State>();
};

std::string text(const Event& event, std::string_view key) {
  const json::Value* value = event.data.find(key);
  return value && value->as_string() ? *value->as_string() : std::string();
}

}  // namespace

TEST_CASE("reconcile: packs newly blocked are deactivated, newly permitted ones activated, each told once") {
  SmallHost small;
  auto blocker = std::make_shared<Blocker>();
  std::vector<std::string> operations, events;
  HostBuilder builder = small.builder();
  builder.use(blocker, Phase::policy);
  builder.use("recorder", [&](Call& call, Next next) {
    if (call.info().nested) operations.push_back(std::string(call.info().name) + " " + call.subject().id);
    return next(call);
  });
  PluginHost host = small.start(std::move(builder));
  const auto subscription = host.subscribe(
      [&](const Event& event) { events.push_back(event.type + " " + text(event, "name") + text(event, "revision")); });

  blocker->block({"beta"});
  host.refresh();
  host.refresh();
  CHECK(operations == std::vector<std::string>{"pack:deactivate beta"});
  CHECK(events == std::vector<std::string>{"policy-changed r1", "pack-state-changed beta"});
  const Pack blocked = get(host, "beta");
  CHECK(blocked.flags().policy_blocked);
  CHECK(blocked.flags().policy_reason == "blocked");
  CHECK_FALSE(blocked.enabled());
  CHECK(blocked.state() == PackState::disabled);

  operations.clear();
  blocker->block({});
  host.refresh();
  CHECK(operations == std::vector<std::string>{"pack:activate beta"});
  CHECK(get(host, "beta").state() == PackState::active);
}

TEST_CASE("reconcile: an activation that an interceptor refuses puts the pack in state error, with the reason") {
  SmallHost small;
  HostBuilder builder = small.builder();
  bool refuse = true;
  builder.use("careful", [&](Call& call, Next next) -> Outcome {
    if (refuse && call.request<ActivatePack>()) return Error::io("not today");
    return next(call);
  });
  PluginHost host = small.start(std::move(builder));
  REQUIRE(host.toggle("beta", false));
  REQUIRE(host.toggle("beta", true));
  CHECK(get(host, "beta").state() == PackState::error);
  CHECK(get(host, "beta").flags().error == "not today");
  refuse = false;
  REQUIRE(host.toggle("beta", false));
  REQUIRE(host.toggle("beta", true));
  CHECK(get(host, "beta").state() == PackState::active);
}

TEST_CASE("rescan: says what was added, removed and changed") {
  SmallHost small;
  PluginHost host = small.start();
  TestPack changed = pack_record(Scope::builtin, "beta", "beta");
  changed.manifest_hash = content_hash("other");
  small.source->set({changed, pack_record(Scope::builtin, "gamma", "gamma"), pack_record(Scope::user, "mine", "mine")});
  const auto reply = host.call(Rescan{});
  REQUIRE(reply);
  CHECK(reply->added == std::vector<std::string>{"gamma"});
  CHECK(reply->removed == std::vector<std::string>{"alpha-pack"});
  CHECK(reply->changed == std::vector<std::string>{"beta"});
}

TEST_CASE("a listener that throws harms nobody, and is reported") {
  SmallHost small;
  PluginHost host = small.start();
  const auto subscription = host.subscribe([](const Event&) { throw std::runtime_error("oops"); });
  CHECK(host.toggle("beta", false));
  const auto status = host.call(GetStatus{});
  REQUIRE(status);
  REQUIRE(status->diagnostics.size() == 1);
  CHECK(status->diagnostics[0].code == "listener-failed");
  CHECK(status->diagnostics[0].message == "a listener threw on pack-state-changed: oops");
}

TEST_CASE("a judge that gets a state later is heard from the next look for changes on") {
  struct Later final : Interceptor {
    std::string_view name() const noexcept override { return "later"; }
    std::shared_ptr<const JudgeState> judge_state(Freshness) const override { return state; }
    Verdict judge(const CallView& call, const Snapshot& snapshot) const override {
      if (!call.request<ActivatePack>() || !snapshot.state_of(*this)) return Verdict::no_opinion();
      return Verdict::deny(Error(ErrorCode::policy_denied, "closed"), "blocked");
    }
    std::shared_ptr<const JudgeState> state;
  };
  SmallHost small;
  const auto later = std::make_shared<Later>();
  HostBuilder builder = small.builder();
  builder.use(later, Phase::policy);
  PluginHost host = small.start(std::move(builder));
  CHECK(get(host, "beta").state() == PackState::active);
  auto state = std::make_shared<JudgeState>();
  state->revision = 1;
  later->state = state;
  host.refresh();
  CHECK(get(host, "beta").flags().policy_blocked);
  later->state = nullptr;
  CHECK(get(host, "beta").state() == PackState::active);
}

TEST_CASE("watchdog: an interceptor that holds a call too long is named while it does") {
  SmallHost small;
  small.options.watchdog = std::chrono::milliseconds(100);
  HostBuilder builder = small.builder();
  std::mutex mutex;
  std::condition_variable changed;
  bool inside = false, release = false;
  std::string said;
  builder.watch(true).use("sleeper", [&](Call& call, Next next) {
    std::unique_lock lock(mutex);
    inside = true;
    changed.notify_all();
    changed.wait(lock, [&] { return release; });
    lock.unlock();
    return next(call);
  });
  PluginHost host = small.start(std::move(builder));
  const auto subscription = host.subscribe([&](const Event& event) {
    const std::lock_guard lock(mutex);
    if (event.type == "diagnostic") said = text(event, "message");
    changed.notify_all();
  });
  std::thread caller([&] { CHECK(host.list()); });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return inside; });
    // The watcher counts from when it first saw the call.
    for (int i = 0; i < 100 && said.empty(); ++i) {
      small.clock->advance_ms(3000);
      changed.wait_for(lock, std::chrono::milliseconds(200), [&] { return !said.empty(); });
    }
    release = true;
    changed.notify_all();
  }
  caller.join();
  CHECK_THAT(said, Catch::Matches("pluginPack:list \\(call 1\\) has been running for [1-9][0-9]* s; "
                                  "interceptor \"sleeper\" has it now"));
}
