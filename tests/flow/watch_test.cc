// Hosts that run: what changes under them is in force within a second, with no restart.
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "standard_home.h"

namespace cowork::test {
namespace {

constexpr std::chrono::seconds in_force_within{1};

/// A running host that watches, and what it tells.
class Watching {
 public:
  explicit Watching(const StandardHome& home, const std::string& machine_policy = {})
      : host_(start(home, machine_policy)),
        subscription_(host_.subscribe([this](const Event& event) { hear(event); })) {}
  ~Watching() { subscription_.reset(); }
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

  PluginHost& host() { return host_; }

  /// True when `holds` became true within a second; asked now, and again whenever the host tells of something.
  template <class Condition>
  bool soon(const Condition& holds) {
    const auto deadline = std::chrono::steady_clock::now() + in_force_within;
    std::unique_lock lock(mutex_);
    for (;;) {
      const std::uint64_t heard = heard_;
      lock.unlock();
      if (holds()) return std::chrono::steady_clock::now() <= deadline;
      lock.lock();
      if (told_.wait_until(lock, deadline, [&] { return heard_ != heard; })) continue;
      lock.unlock();
      return holds();
    }
  }

  /// How a layer of the policy stands.
  std::string layer(const std::string& name) {
    const auto status = host_.call_json("admin:policiesStatus", {});
    return status ? text_at(entry_with(at(*status, "/layers"), "layer", name), "/state") : status.error().message();
  }
  bool blocked(const std::string& name) {
    const auto pack = host_.get(name);
    return pack && *pack && (*pack)->flags().policy_blocked;
  }
  bool listed(const std::string& name) {
    const auto pack = host_.get(name);
    return pack && pack->has_value();
  }
  bool enabled(const std::string& name) {
    const auto pack = host_.get(name);
    return pack && *pack && (*pack)->enabled();
  }

 private:
  static PluginHost start(const StandardHome& home, const std::string& machine_policy) {
    StandardHostOptions options = home.options(true);
    if (!machine_policy.empty()) options.machine_policy_path = machine_policy;
    Result<PluginHost> host = start_standard_host(options);
    if (!host) throw std::runtime_error("the host does not start: " + host.error().message());
    return std::move(*host);
  }

  void hear(const Event&) {
    const std::lock_guard guard(mutex_);
    ++heard_;
    told_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable told_;
  std::uint64_t heard_ = 0;
  PluginHost host_;
  std::shared_ptr<void> subscription_;
};

/// As editors save: a new file in the place of the old one.
void save_as_editors_do(const StandardHome& home, std::string_view text) {
  home.write("home/.policies.json.swp", text);
  std::filesystem::rename(home.path("home/.policies.json.swp"), home.path("home/policies.json"));
}

TEST_CASE("The policy edited by hand while a host runs is in force within a second", "[watch][concurrency]") {
  const StandardHome home;
  Watching watching(home);
  REQUIRE_FALSE(watching.blocked("beta"));
  SECTION("a first policy, written in place") {
    home.policy(R"({"packs": {"blocked": ["beta"]}})");
    CHECK(watching.soon([&] { return watching.blocked("beta"); }));
    CHECK_FALSE(watching.host().toggle("beta", true));
  }
  SECTION("one after the other, as editors save") {
    for (int i = 0; i < 3; ++i) {
      save_as_editors_do(home, R"({"packs": {"blocked": ["beta"]}})");
      CHECK(watching.soon([&] { return watching.blocked("beta"); }));
      save_as_editors_do(home, R"({"packs": {"blocked": ["alpha"]}})");
      CHECK(watching.soon([&] { return !watching.blocked("beta") && watching.blocked("alpha-pack"); }));
    }
  }
  SECTION("taken away") {
    home.policy(R"({"packs": {"blocked": ["beta"]}})");
    CHECK(watching.soon([&] { return watching.blocked("beta"); }));
    std::filesystem::remove(home.path("home/policies.json"));
    CHECK(watching.soon([&] { return !watching.blocked("beta"); }));
  }
  SECTION("broken: the last good content stays in force") {
    home.policy(R"({"packs": {"blocked": ["beta"]}})");
    CHECK(watching.soon([&] { return watching.blocked("beta"); }));
    home.policy("{");
    CHECK(watching.soon([&] { return watching.layer("user") == "last-good"; }));
    CHECK(watching.blocked("beta"));
    CHECK_FALSE(watching.blocked("alpha-pack"));
  }
  SECTION("required") {
    REQUIRE(watching.host().toggle("beta", false));
    home.policy(R"({"packs": {"required": ["beta"]}})");
    CHECK(watching.soon([&] { return watching.enabled("beta"); }));
    CHECK_FALSE(watching.host().toggle("beta", false));
  }
}

TEST_CASE("`orgPluginDir` changed by hand while a host runs is in force within a second", "[watch][concurrency]") {
  const StandardHome home;
  home.mini_pack("org/delta", "delta");
  Watching watching(home);
  REQUIRE(watching.listed("gamma-pack"));
  home.policy(R"({"general": {"orgPluginDir": ")" + home.path("org") + "\"}}");
  CHECK(watching.soon([&] { return watching.listed("delta") && !watching.listed("gamma-pack"); }));
  home.policy("{}");
  CHECK(watching.soon([&] { return watching.listed("gamma-pack") && !watching.listed("delta"); }));
}

TEST_CASE(
    "The machine layer of a running host: changes are in force, a mistake is not, and absence only when it is gone",
    "[watch][root]") {
  if (::geteuid() != 0) return skip("needs root: a machine policy counts only where it is root's alone to write");
  const StandardHome home;
  const auto save = [&](std::string_view text) {
    home.write("machine/new.json", text);
    std::filesystem::rename(home.path("machine/new.json"), home.path("machine/policies.json"));
  };
  home.directory().make_directory("machine");
  Watching watching(home, home.path("machine/policies.json"));
  CHECK(watching.layer("machine") == "absent");
  REQUIRE(watching.host().toggle("beta", false));
  save(R"({"packs": {"required": ["beta"], "blocked": ["mine"]}})");
  CHECK(watching.soon([&] { return watching.enabled("beta") && watching.blocked("mine"); }));
  CHECK_FALSE(watching.host().toggle("beta", false));
  save("{");
  CHECK(watching.soon([&] { return watching.layer("machine") == "last-good"; }));
  CHECK(watching.enabled("beta"));
  CHECK(watching.blocked("mine"));
  CHECK_FALSE(watching.blocked("alpha-pack"));
  home.policy(R"({"packs": {"blocked": ["beta", "gamma"]}})");
  CHECK(watching.soon([&] { return watching.blocked("gamma-pack"); }));
  CHECK(watching.enabled("beta"));
  std::filesystem::remove(home.path("machine/policies.json"));
  CHECK(watching.soon([&] { return watching.layer("machine") == "absent" && watching.blocked("beta"); }));
  CHECK_FALSE(watching.blocked("mine"));
}

TEST_CASE("An update in one host is in force in the other within a second", "[watch][concurrency]") {
  const StandardHome home;
  Watching one(home), other(home);
  const auto update = [](Watching& host, const char* patch) {
    return host.host().call_json("admin:policiesUpdate", parsed(patch, "patch")).has_value();
  };
  REQUIRE(update(one, R"([{"packs": {"blocked": ["beta"]}}])"));
  CHECK(one.blocked("beta"));
  CHECK(other.soon([&] { return other.blocked("beta"); }));
  REQUIRE(update(other, R"([{"packs": {"blocked": []}}])"));
  CHECK_FALSE(other.blocked("beta"));
  CHECK(one.soon([&] { return !one.blocked("beta"); }));
}

TEST_CASE("What the command line does is in force in a running host within a second", "[watch][concurrency]") {
  const StandardHome home;
  home.mini_pack("source", "fresh");
  Watching watching(home);
  REQUIRE(home.run({"policy", "set", "packs.blocked+=beta"}).status == 0);
  CHECK(watching.soon([&] { return watching.blocked("beta"); }));
  REQUIRE(home.run({"pack", "disable", "mine"}).status == 0);
  CHECK(watching.soon([&] { return !watching.enabled("mine"); }));
  REQUIRE(home.run({"pack", "install", home.path("source")}).status == 0);
  CHECK(watching.soon([&] { return watching.listed("fresh"); }));
  REQUIRE(home.run({"pack", "remove", "fresh"}).status == 0);
  CHECK(watching.soon([&] { return !watching.listed("fresh"); }));
}

TEST_CASE("Packs that a changed policy blocks or requires are deactivated and activated through the chain",
          "[watch][concurrency]") {
  const StandardHome home;
  std::mutex mutex;
  std::vector<std::string> seen;
  Watching watching(home);
  PluginHost observed = home.start([&](HostBuilder& builder) {
    builder.use("witness", [&](Call& call, Next next) -> Outcome {
      if (call.info().nested) {
        const std::lock_guard guard(mutex);
        seen.push_back(std::string(call.info().name) + " " + call.subject().id);
      }
      return next(call);
    });
  });
  REQUIRE(observed.toggle("mine", false));
  seen.clear();
  home.policy(R"({"packs": {"blocked": ["beta"], "required": ["mine"]}})");
  observed.refresh();
  CHECK(seen == std::vector<std::string>{"pack:deactivate beta", "pack:activate mine"});
  CHECK(watching.soon([&] { return watching.blocked("beta") && watching.enabled("mine"); }));
}

TEST_CASE("Of many edits only whole policies are ever in force", "[watch][concurrency]") {
  const StandardHome home;
  const std::string one = R"({"packs": {"blocked": ["alpha", "beta"]}})";
  const std::string other = R"({"packs": {"blocked": ["gamma", "mine"]}})";
  save_as_editors_do(home, one);
  Watching watching(home);
  for (int i = 0; i < 200; ++i) {
    save_as_editors_do(home, i % 2 == 0 ? other : one);
    const auto packs = watching.host().list();
    REQUIRE(packs);
    std::vector<bool> blocked;
    for (const Pack pack : *packs) blocked.push_back(pack.flags().policy_blocked);
    const bool whole = blocked == std::vector<bool>{true, true, false, false} ||
                       blocked == std::vector<bool>{false, false, true, true};
    REQUIRE(whole);
  }
  CHECK(watching.soon([&] { return watching.blocked("alpha-pack") && !watching.blocked("mine"); }));
}

}  // namespace
}  // namespace cowork::test
