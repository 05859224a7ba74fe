// Interceptors of an application in the standard host: what they see, and what they can't do.
#include <mutex>
#include <set>
#include <sstream>

#include "cowork/audit/audit_operations.h"
#include "program.h"
#include "standard_home.h"

namespace cowork::test {
namespace {

struct Seen {
  std::string operation;
  std::string subject;
  std::string entry;
  std::uint64_t id = 0;
  std::uint64_t parent = 0;
  bool ok = false;
};

/// Writes down what passes by.
class Witness {
 public:
  void join(HostBuilder& builder, Phase phase = Phase::application) {
    builder.use(
        "witness", [this](Call& call, Next next) { return watch(call, next); }, phase);
  }

  std::vector<Seen> seen() const {
    const std::lock_guard guard(mutex_);
    return seen_;
  }

  Seen of(std::string_view operation) const {
    for (const Seen& call : seen())
      if (call.operation == operation) return call;
    return {};
  }

  std::set<std::string> operations() const {
    std::set<std::string> names;
    for (const Seen& call : seen()) names.insert(call.operation);
    return names;
  }

  void forget() {
    const std::lock_guard guard(mutex_);
    seen_.clear();
  }

 private:
  Outcome watch(Call& call, Next next) {
    Outcome outcome = next(call);
    const std::lock_guard guard(mutex_);
    seen_.push_back({std::string(call.info().name), call.subject().id, call.options().entry, call.id(), call.parent(),
                     outcome.ok()});
    return outcome;
  }

  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
};

/// Parameters with which each public operation gets as far as the chain.
std::map<std::string, std::string> parameters_of_every_operation(const StandardHome& home) {
  return {{"pluginPack:list", "[]"},
          {"pluginPack:get", R"(["beta"])"},
          {"pluginPack:toggle", R"(["beta", true])"},
          {"pluginPack:toggleSkill", R"(["beta", "beta-s", true])"},
          {"pluginPack:getContext", "[]"},
          {"skill:get", R"(["beta-s"])"},
          {"skill:render", R"(["beta-s", {}])"},
          {"agentRole:get", R"(["nobody"])"},
          {"connector:get", R"(["crm"])"},
          {"pluginPack:scaffold", R"([{"name": "made", "displayName": "Made"}])"},
          {"pluginPack:install", "[\"" + home.path("source") + "\"]"},
          {"pluginPack:installGit", R"(["https://127.0.0.1:1/a.git"])"},
          {"pluginPack:installUrl", R"(["https://127.0.0.1:1/a.zip"])"},
          {"pluginPack:uninstall", R"(["fresh"])"},
          {"admin:policiesGet", "[]"},
          {"admin:policiesUpdate", R"([{"packs": {"blocked": ["x"]}}])"},
          {"admin:checkPack", R"(["beta"])"},
          {"admin:policiesStatus", "[]"},
          {"admin:explain", R"(["pluginPack:toggle", ["beta", true]])"},
          {"admin:simulate", "[{}]"},
          {"agent:start", R"([{"workspace": "w", "agentId": "a"}])"},
          {"agent:heartbeat", R"([{"workspace": "w", "agentId": "a"}])"},
          {"agent:stop", R"([{"workspace": "w", "agentId": "a"}])"},
          {"connector:use", R"(["crm"])"},
          {"host:chain", "[]"},
          {"host:status", "[]"},
          {"host:rescan", "[]"},
          {"audit:query", "[{}]"}};
}

TEST_CASE("A custom interceptor sees every public operation that is called by name", "[interceptors]") {
  const StandardHome home;
  home.mini_pack("source", "fresh");
  Witness witness;
  PluginHost host = home.start([&](HostBuilder& builder) { witness.join(builder); });
  const std::map<std::string, std::string> parameters = parameters_of_every_operation(home);
  for (const std::string& operation : host.operation_names()) {
    INFO(operation);
    REQUIRE(parameters.contains(operation));  // a new operation needs a line above
    witness.forget();
    CallOptions options;
    options.entry = "rpc";
    static_cast<void>(host.call_json(operation, parsed(parameters.at(operation), operation), options));
    const Seen seen = witness.of(operation);
    CHECK(seen.id > 0);
    CHECK(seen.parent == 0);
    CHECK(seen.entry == "rpc");
  }
}

TEST_CASE("A custom interceptor sees operations that are called in C++", "[interceptors]") {
  const StandardHome home;
  home.mini_pack("source", "fresh");
  Witness witness;
  PluginHost host = home.start([&](HostBuilder& builder) { witness.join(builder); });
  CHECK(host.list());
  CHECK(host.get("beta"));
  CHECK(host.toggle("beta", false));
  CHECK(host.call(ToggleSkill{"beta", "beta-s", false}));
  CHECK(host.call(GetContext{}));
  CHECK(host.call(GetSkill{"mine-s"}));
  CHECK(host.call(RenderSkill{"mine-s", {}}));
  CHECK(host.call(InstallPack{home.path("source"), {}}));
  CHECK(host.call(UninstallPack{"fresh"}));
  CHECK(host.call(DescribeChain{}));
  CHECK(host.call(GetStatus{}));
  CHECK(host.call(Rescan{}));
  CHECK(host.call(UseConnector{"crm"}));
  CHECK(host.call(audit::QueryAudit{}));
  const std::set<std::string> seen = witness.operations();
  for (const char* operation :
       {"pluginPack:list", "pluginPack:get", "pluginPack:toggle", "pluginPack:toggleSkill", "pluginPack:getContext",
        "skill:get", "skill:render", "pluginPack:install", "pluginPack:uninstall", "host:chain", "host:status",
        "host:rescan", "connector:use", "audit:query"}) {
    INFO(operation);
    CHECK(seen.contains(operation));
  }
}

TEST_CASE("A custom interceptor sees nested operations with their parent", "[interceptors]") {
  const StandardHome home;
  home.mini_pack("source", "fresh");
  Witness witness;
  PluginHost host = home.start([&](HostBuilder& builder) { witness.join(builder); });
  const auto check_nested = [&](std::string_view nested, std::string_view subject, std::string_view outer) {
    const Seen inner = witness.of(nested);
    INFO(nested << " in " << outer);
    CHECK(inner.subject == subject);
    CHECK(inner.parent != 0);
    CHECK(inner.parent == witness.of(outer).id);
    witness.forget();
  };
  REQUIRE(host.call(InstallPack{home.path("source"), {}}));
  CHECK(witness.of("pack:admit").subject == "fresh");
  CHECK(witness.of("pack:admit").parent == witness.of("pluginPack:install").id);
  check_nested("pack:activate", "fresh", "pluginPack:install");
  REQUIRE(host.toggle("fresh", false));
  check_nested("pack:deactivate", "fresh", "pluginPack:toggle");
  REQUIRE(host.toggle("fresh", true));
  check_nested("pack:activate", "fresh", "pluginPack:toggle");
  REQUIRE(host.call_json("admin:policiesUpdate", parsed(R"([{"packs": {"blocked": ["beta"]}}])", "update")));
  check_nested("pack:deactivate", "beta", "admin:policiesUpdate");
  REQUIRE(host.call_json("admin:policiesUpdate", parsed(R"([{"packs": {"blocked": []}}])", "update")));
  check_nested("pack:activate", "beta", "admin:policiesUpdate");
  REQUIRE(host.call_json("pluginPack:scaffold", parsed(R"([{"name": "made", "displayName": "M"}])", "scaffold")));
  CHECK(witness.of("pack:admit").parent == witness.of("pluginPack:scaffold").id);
  check_nested("pack:activate", "made", "pluginPack:scaffold");
  REQUIRE(host.call(UninstallPack{"fresh"}));
  check_nested("pack:deactivate", "fresh", "pluginPack:uninstall");
}

/// The command line over a host with interceptors of the test's own.
int run_command_line(const StandardHome& home, const std::function<void(HostBuilder&)>& customize,
                     const Arguments& arguments, std::string& words) {
  class Client final : public cli::Client {
   public:
    explicit Client(PluginHost host) : host_(std::move(host)) {}
    Result<json::Value> call(std::string_view operation, const json::Value& params,
                             std::vector<std::string>& warnings) override {
      CallOptions options;
      options.entry = "cli";
      options.warnings = &warnings;
      return host_.call_json(operation, params, options);
    }

   private:
    PluginHost host_;
  };
  std::istringstream in;
  std::ostringstream out, err;
  cli::Terminal terminal{in, out, err};
  const int status =
      cli::run(arguments, terminal, [&](const cli::GlobalOptions&) -> Result<std::unique_ptr<cli::Client>> {
        return std::make_unique<Client>(home.start(customize));
      });
  words = out.str() + err.str();
  return status;
}

TEST_CASE("A custom interceptor sees what the command line does, nested operations with their parent",
          "[interceptors]") {
  const StandardHome home;
  home.mini_pack("source", "fresh");
  Witness witness;
  std::string words;
  const auto run = [&](const Arguments& arguments) {
    witness.forget();
    return run_command_line(
        home, [&](HostBuilder& builder) { witness.join(builder); }, arguments, words);
  };
  CHECK(run({"pack", "list"}) == 0);
  CHECK(witness.of("pluginPack:list").entry == "cli");
  CHECK(run({"pack", "install", home.path("source")}) == 0);
  CHECK(witness.of("pluginPack:install").subject == home.path("source"));
  CHECK(witness.of("pack:admit").parent == witness.of("pluginPack:install").id);
  CHECK(witness.of("pack:activate").parent == witness.of("pluginPack:install").id);
  CHECK(run({"pack", "disable", "fresh"}) == 0);
  CHECK(witness.of("pack:deactivate").parent == witness.of("pluginPack:toggle").id);
  CHECK(run({"call", "admin:checkPack", "beta"}) == 0);
  CHECK(witness.of("admin:checkPack").subject == "beta");
  CHECK(run({"pack", "remove", "fresh"}) == 0);
  CHECK(witness.of("pluginPack:uninstall").subject == "fresh");
  CHECK(run({"chain"}) == 0);
  CHECK_THAT(words, Catch::Contains("witness"));
}

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
    std::string words;
    const auto clumsy = [](HostBuilder& builder) {
      builder.use("clumsy", [](Call& call, Next next) -> Outcome {
        if (call.info().name == "pluginPack:toggle") throw 7;
        return next(call);
      });
    };
    const std::string before = home.tree_hash();
    CHECK(run_command_line(home, clumsy, {"pack", "disable", "beta"}, words) == 1);
    CHECK_THAT(words, Catch::StartsWith("error[interceptor-failed]: ") && Catch::Contains("\"clumsy\"") &&
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
      for (const Result<TogglePack::Reply>& toggled :
           {host.toggle("beta", true), host.toggle("alpha", false), host.toggle("mine", false)}) {
        if (toggled && ask_first) continue;  // what the handler did for "mine" was done
        REQUIRE_FALSE(toggled);
      }
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

TEST_CASE("A second call of `next` on a mutation is an error that names the interceptor", "[interceptors]") {
  const StandardHome home;
  PluginHost host = home.start([](HostBuilder& builder) {
    builder.use("stutterer", [](Call& call, Next next) -> Outcome {
      Outcome first = next(call);
      if (call.info().name == "pluginPack:scaffold") return next(call);
      return first;
    });
  });
  CHECK(host.toggle("beta", false));
  std::vector<std::string> warnings;
  CallOptions options;
  options.warnings = &warnings;
  const auto made =
      host.call_json("pluginPack:scaffold", parsed(R"([{"name": "made", "displayName": "M"}])", "made"), options);
  const std::string told = made ? (warnings.empty() ? "" : warnings.front()) : made.error().message();
  CHECK_THAT(told, Catch::Contains("\"stutterer\""));
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
