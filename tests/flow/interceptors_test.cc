// Interceptors of an application in the standard host: what they see.
#include <mutex>
#include <set>

#include "cowork/audit/audit_operations.h"
#include "custom_command_line.h"
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
          {"pluginPack:update", R"(["fresh"])"},
          {"pluginPack:verify", "[]"},
          {"pluginPack:registrySearch", R"([""])"},
          {"pluginPack:registryDetails", R"(["tea"])"},
          {"pluginPack:registryCategories", "[]"},
          {"pluginPack:checkUpdates", "[]"},
          {"pluginPack:uninstall", R"(["fresh"])"},
          {"quarantine:list", "[]"},
          {"quarantine:release", R"(["fresh"])"},
          {"quarantine:remove", R"(["fresh"])"},
          {"tool:call", R"(["beta", "none"])"},
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
          {"host:operations", "[]"},
          {"host:trace", "[]"},
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

TEST_CASE("A custom interceptor sees what the command line does, nested operations with their parent",
          "[interceptors]") {
  const StandardHome home;
  home.mini_pack("source", "fresh");
  Witness witness;
  std::string words;
  const auto run = [&](const Arguments& arguments) {
    witness.forget();
    CustomRan ran = run_with(
        home, [&](HostBuilder& builder) { witness.join(builder); }, arguments);
    words = std::move(ran.words);
    return ran.status;
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

}  // namespace
}  // namespace cowork::test
