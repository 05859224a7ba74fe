// Interceptors of an application in the standard host: what they can't do, and what comes of those that fail.
#include "custom_command_line.h"
#include "standard_home.h"

namespace cowork::test {
namespace {

TEST_CASE("An interceptor that throws makes the operation fail with its name", "[interceptors]") {
  const StandardHome home;
  home.mini_pack("source", "fresh");
  for (const Phase phase : {Phase::observe, Phase::application, Phase::policy}) {
    const auto clumsy = [&](HostBuilder& builder) {
      builder.use(
          "clumsy",
          [](Call& call, Next next) -> Outcome {
            if (call.info().effect == Effect::mutate || call.info().name == "host:status")
              throw std::runtime_error("boom");
            return next(call);
          },
          phase);
    };
    PluginHost host = home.start(clumsy);
    const std::string before = home.tree_hash();
    const auto toggled = host.toggle("beta", false);
    REQUIRE_FALSE(toggled);
    CHECK(toggled.error().code() == ErrorCode::interceptor_failed);
    CHECK_THAT(toggled.error().message() + toggled.error().why(),
               Catch::Contains("\"clumsy\"") && Catch::Contains("boom"));
    const auto status = host.call(GetStatus{});
    REQUIRE_FALSE(status);
    CHECK(status.error().code() == ErrorCode::interceptor_failed);
    CHECK_FALSE(host.call(InstallPack{home.path("source"), {}}));
    CHECK(host.list());
    CHECK(home.tree_hash() == before);
  }
  SECTION("on the command line: three lines and exit status 1") {
    const auto clumsy = [](HostBuilder& builder) {
      builder.use("clumsy", [](Call& call, Next next) -> Outcome {
        if (call.info().name == "pluginPack:toggle") throw 7;
        return next(call);
      });
    };
    const std::string before = home.tree_hash();
    const CustomRan ran = run_with(home, clumsy, {"pack", "disable", "beta"});
    CHECK(ran.status == 1);
    CHECK_THAT(ran.words, Catch::StartsWith("error[interceptor-failed]: ") && Catch::Contains("\"clumsy\"") &&
                              Catch::Contains("\n  why: ") && Catch::Contains("\n  try: "));
    CHECK(home.tree_hash() == before);
  }
}

TEST_CASE("An interceptor that throws in a nested operation keeps a pack from becoming visible", "[interceptors]") {
  const StandardHome home;
  home.mini_pack("source", "fresh");
  PluginHost host = home.start([](HostBuilder& builder) {
    builder.use("gatekeeper", [](Call& call, Next next) -> Outcome {
      if (call.request<AdmitPack>()) throw std::runtime_error("not today");
      return next(call);
    });
  });
  const std::string before = home.tree_hash();
  const auto installed = host.call(InstallPack{home.path("source"), {}});
  REQUIRE_FALSE(installed);
  CHECK(installed.error().code() == ErrorCode::interceptor_failed);
  CHECK_THAT(installed.error().message(), Catch::Contains("\"gatekeeper\""));
  CHECK_FALSE(home.exists("home/extensions/fresh"));
  CHECK(home.tree_hash() == before);
}

TEST_CASE("An interceptor that answers in the policy's stead does not succeed", "[interceptors]") {
  const StandardHome home;
  home.policy(R"({"packs": {"blocked": ["beta"], "required": ["alpha"]}, "connectors": {"blocked": ["crm"]}})");
  const auto impostor = [](Phase phase, bool ask_first) {
    return [=](HostBuilder& builder) {
      builder.use(
          "impostor",
          [ask_first](Call& call, Next next) -> Outcome {
            if (const auto* toggle = call.request<TogglePack>()) {
              if (ask_first) static_cast<void>(next(call));
              return call.answer<TogglePack>({toggle->name, toggle->enabled});
            }
            if (const auto* use = call.request<UseConnector>()) {
              if (ask_first) static_cast<void>(next(call));
              return call.answer<UseConnector>({use->connector_id});
            }
            return next(call);
          },
          phase);
    };
  };
  for (const Phase phase : {Phase::observe, Phase::application, Phase::policy}) {
    for (const bool ask_first : {false, true}) {
      PluginHost host = home.start(impostor(phase, ask_first));
      const std::string before = home.tree_hash();
      CHECK_FALSE(host.toggle("beta", true));
      CHECK_FALSE(host.toggle("alpha", false));
      // What no rule forbids was done, where the handler was asked: the outcome is final.
      CHECK(host.toggle("mine", false).has_value() == ask_first);
      CHECK_FALSE(host.call(UseConnector{"crm"}));
      if (!ask_first) CHECK(home.tree_hash() == before);
      const auto beta = host.get("beta");
      REQUIRE(beta);
      CHECK((*beta)->flags().policy_blocked);
      CHECK((*host.get("alpha-pack"))->flags().enabled);
    }
  }
  SECTION("its name is told") {
    PluginHost host = home.start(impostor(Phase::observe, false));
    const auto toggled = host.toggle("beta", true);
    REQUIRE_FALSE(toggled);
    CHECK(toggled.error().code() == ErrorCode::interceptor_failed);
    CHECK_THAT(toggled.error().message(), Catch::Contains("\"impostor\""));
  }
}

/// Permits whatever it is asked.
class Permissive final : public Interceptor {
 public:
  std::string_view name() const noexcept override { return "permissive"; }
  Verdict judge(const CallView&, const Snapshot&) const override { return Verdict::permit({"anything", "mine", {}}); }
};

TEST_CASE("An interceptor that permits does not outvote the policy", "[interceptors]") {
  const StandardHome home;
  home.policy(R"({"packs": {"blocked": ["beta"]}, "general": {"allowCustomPacks": false}})");
  for (const Phase phase : {Phase::application, Phase::policy}) {
    PluginHost host = home.start([&](HostBuilder& builder) { builder.use(std::make_shared<Permissive>(), phase); });
    const auto toggled = host.toggle("beta", true);
    REQUIRE_FALSE(toggled);
    CHECK(toggled.error().code() == ErrorCode::policy_denied);
    CHECK_FALSE(host.call_json("pluginPack:scaffold", parsed(R"([{"name": "made", "displayName": "M"}])", "made")));
    CHECK((*host.get("beta"))->flags().policy_blocked);
  }
}

TEST_CASE("A second call of `next` on a mutation is refused, and the interceptor is named", "[interceptors]") {
  const StandardHome home;
  home.policy(R"({"packs": {"blocked": ["beta"]}})");
  const auto stutterer = [](HostBuilder& builder) {
    builder.use("stutterer", [](Call& call, Next next) -> Outcome {
      static_cast<void>(next(call));
      return next(call);
    });
  };
  PluginHost host = home.start(stutterer);
  SECTION("after the first was done, which is final: a warning") {
    std::vector<std::string> warnings;
    CallOptions options;
    options.warnings = &warnings;
    const auto toggled = host.call(TogglePack{"mine", false}, options);
    CHECK(toggled);
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings.front(), Catch::Contains("\"stutterer\""));
    const json::Value lines = home.call("audit:query", R"([{"operation": "pluginPack:toggle"}])").document;
    CHECK(at(lines, "/lines").as_array()->size() == 1);
  }
  SECTION("after the first failed: an error") {
    const std::string before = home.tree_hash();
    const auto toggled = host.call(ToggleSkill{"mine", "nothing", false});
    REQUIRE_FALSE(toggled);
    CHECK(toggled.error().code() == ErrorCode::interceptor_failed);
    CHECK_THAT(toggled.error().message(), Catch::Contains("\"stutterer\""));
    CHECK(home.tree_hash() == before);
  }
  SECTION("reads may be asked again") {
    CHECK(host.list());
  }
}

TEST_CASE("A mutation that was approved under an older policy is judged again before it is committed",
          "[interceptors]") {
  const StandardHome home;
  PluginHost host = home.start([&](HostBuilder& builder) {
    builder.use("meanwhile", [&](Call& call, Next next) -> Outcome {
      // The judges have agreed already; now somebody saves another policy.
      if (call.info().effect == Effect::mutate)
        home.policy(R"({"packs": {"blocked": ["beta"]}, "general": {"allowCustomPacks": false}})");
      return next(call);
    });
  });
  SECTION("a toggle") {
    const auto toggled = host.toggle("beta", true);
    REQUIRE_FALSE(toggled);
    CHECK(toggled.error().code() == ErrorCode::policy_denied);
    CHECK_FALSE(home.exists("home/pack-states.json"));
  }
  SECTION("a scaffold") {
    const auto made =
        host.call_json("pluginPack:scaffold", parsed(R"([{"name": "made", "displayName": "M"}])", "made"));
    REQUIRE_FALSE(made);
    CHECK(made.error().code() == ErrorCode::policy_denied);
    CHECK_FALSE(home.exists("home/extensions/made"));
  }
}

TEST_CASE("A call that is cancelled or late changes nothing", "[interceptors][errors]") {
  const StandardHome home;
  PluginHost host = home.start();
  const std::string before = home.tree_hash();
  SECTION("cancelled") {
    std::stop_source stop;
    stop.request_stop();
    CallOptions options;
    options.stop = stop.get_token();
    const auto toggled = host.call(TogglePack{"beta", false}, options);
    REQUIRE_FALSE(toggled);
    CHECK(toggled.error().code() == ErrorCode::cancelled);
  }
  SECTION("late") {
    CallOptions options;
    options.deadline = std::chrono::steady_clock::now();
    const auto toggled = host.call(TogglePack{"beta", false}, options);
    REQUIRE_FALSE(toggled);
    CHECK(toggled.error().code() == ErrorCode::timeout);
  }
  CHECK(home.tree_hash() == before);
}

}  // namespace
}  // namespace cowork::test
