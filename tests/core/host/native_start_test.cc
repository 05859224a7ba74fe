// Native packs in a host: whose code is loaded at the start, and what becomes of packs whose code can't stay.
#include <atomic>

#include "cowork/host/isolated_code.h"
#include "native_host.h"

using namespace cowork;
using namespace cowork::test;

namespace {

/// Runs code inside or outside, as the tier is trusted.
class DividingLoader final : public CodeLoader, public CodeIsolation {
 public:
  explicit DividingLoader(std::shared_ptr<FakeCodeLoader> fake) : fake_(std::move(fake)) {}
  bool isolates(const PackRecord&, const TierStatus&) const override { return !trusts; }
  std::string refusal(const PackRecord&, const TierStatus&) const override { return {}; }
  Result<std::shared_ptr<NativePack>> load(const PackRecord&, const LockRecord*) override {
    return fail(Error::internal("nobody asked where"));
  }
  Result<std::shared_ptr<NativePack>> load_where(bool isolated, const PackRecord& pack,
                                                 const LockRecord* lock_record) override {
    fake_->log->push_back((isolated ? "outside " : "inside ") + std::string(pack.name()));
    return fake_->load(pack, lock_record);
  }
  void forgive(std::string_view) override {}

  std::atomic<bool> trusts{true};

 private:
  std::shared_ptr<FakeCodeLoader> fake_;
};

bool is_isolated(PluginHost& host, const std::string& name) {
  const auto pack = host.call_json("pluginPack:get", json::Value::array({name}));
  REQUIRE(pack);
  return *pack->find("isolated")->as_bool();
}

}  // namespace

TEST_CASE("native packs that may run are active from the start, the others discovered with the reason") {
  NativeHost native;
  PluginHost host = native.start(native.builder());
  CHECK(native.logged("start") == Lines{"start echo", "start zeta"});
  CHECK(get(host, "echo").state() == PackState::active);
  CHECK(get(host, "echo").flags().tools().size() == 1);
  // User packs with code start disabled.
  CHECK(get(host, "mine").state() == PackState::disabled);
  REQUIRE(host.toggle("mine", true));
  CHECK(get(host, "mine").state() == PackState::discovered);
  CHECK(get(host, "mine").flags().error == "user packs run only isolated");
  CHECK(native.logged("start") == Lines{"start echo", "start zeta"});
}

TEST_CASE("a pack that its loader gives up is stopped and shown as switched off, until somebody switches it on") {
  NativeHost native;
  PluginHost host = native.start(native.builder());
  std::vector<std::string> told;
  const auto subscription = host.subscribe([&](const Event& event) {
    if (event.type == "pack-state-changed") told.push_back(json::to_text(event.data));
  });
  native.loader->give_up("echo", Error::conflict("pack \"echo\" is set aside").with_why("it died too often"));
  CHECK(get(host, "echo").state() == PackState::disabled);
  CHECK(get(host, "echo").flags().error == "pack \"echo\" is set aside: it died too often");
  CHECK(native.logged("stop") == Lines{"stop echo"});
  CHECK(told == Lines{R"({"name":"echo","state":"disabled"})"});
  const auto status = host.call(GetStatus{});
  REQUIRE(status);
  CHECK(std::any_of(status->diagnostics.begin(), status->diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.code == "pack-set-aside" &&
           diagnostic.message ==
               "pack \"echo\" is set aside: it died too often; switch it on with: "
               "cowork pack enable echo";
  }));
  native.loader->give_up("unknown", Error::conflict("nobody knows it"));
  REQUIRE(host.toggle("echo", true));
  CHECK_FALSE(has_diagnostic(host, "pack-set-aside"));
  CHECK(native.logged("forgive") == Lines{"forgive echo"});
  CHECK(get(host, "echo").state() == PackState::active);
}

TEST_CASE("a pack that is given up while others still start is stopped, and nothing is started twice") {
  NativeHost native;
  std::thread runner;
  native.loader->code["zeta"].on_load = [&] {
    runner = std::thread([&] { native.loader->give_up("echo", Error::conflict("pack \"echo\" is set aside")); });
    // It has remembered it, and waits for its turn.
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
    while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
  };
  PluginHost host = native.start(native.builder());
  runner.join();
  CHECK(native.logged("st") == Lines{"start echo", "start zeta", "stop echo"});
  CHECK(get(host, "echo").state() == PackState::disabled);
  CHECK(get(host, "zeta").state() == PackState::active);
  CHECK(chain_of(host, "pluginPack:list") == Lines{"zeta-watch from zeta"});
}

TEST_CASE("what was said of a pack before its load came back stands") {
  NativeHost native;
  native.loader->code["echo"].on_load = [&] {
    native.loader->give_up("echo", Error::conflict("pack \"echo\" is set aside"));
  };
  PluginHost host = native.start(native.builder());
  CHECK(get(host, "echo").state() == PackState::disabled);
  CHECK(native.logged("st") == Lines{"start echo", "start zeta", "stop echo"});
}

TEST_CASE("nobody is told of packs any more once the host is gone") {
  NativeHost native;
  { const PluginHost host = native.start(native.builder()); }
  CHECK_FALSE(native.loader->give_up);
}

TEST_CASE("code whose place is trusted no more leaves the host, and is called isolated when it has left") {
  NativeHost native;
  const auto dividing = std::make_shared<DividingLoader>(native.loader);
  HostBuilder builder = native.SmallHost::builder();
  builder.code_loader(dividing);
  PluginHost host = native.start(std::move(builder));
  CHECK(native.logged("inside") == Lines{"inside echo", "inside zeta"});
  CHECK_FALSE(is_isolated(host, "echo"));
  dividing->trusts = false;
  native.source->set({native_record(Scope::builtin, "echo"), pack_record(Scope::builtin, "plain", "plain")});
  host.refresh();
  CHECK(native.logged("outside") == Lines{"outside echo"});
  CHECK(native.logged("stop echo").size() == 1);
  CHECK(is_isolated(host, "echo"));
  CHECK(get(host, "echo").state() == PackState::active);
  host.refresh();
  CHECK(native.logged("outside") == Lines{"outside echo"});
}

TEST_CASE("without a loader no native code runs") {
  NativeHost native;
  PluginHost host = native.start(native.SmallHost::builder());
  CHECK(get(host, "echo").state() == PackState::discovered);
  CHECK(get(host, "echo").flags().error == "this host was put together without a loader of native code");
}

TEST_CASE("rule 2: interceptors of packs are in the application phase, last, by pack name") {
  NativeHost native;
  HostBuilder builder = native.builder();
  builder.use("own", [](Call& call, Next next) { return next(call); });
  PluginHost host = native.start(std::move(builder));
  CHECK(chain_of(host, "pluginPack:list") ==
        Lines{"own from application", "echo-watch from echo", "zeta-watch from zeta"});
  REQUIRE(host.list());
  CHECK(native.logged("echo-watch") == Lines{"echo-watch host:chain", "echo-watch pluginPack:list"});
}

TEST_CASE("rule 2: a duplicate name brought by a pack is an error of start() that names it") {
  NativeHost native;
  native.loader->code["zeta"].interceptors = {"echo-watch"};
  const auto host = native.builder().start();
  REQUIRE_FALSE(host);
  CHECK(host.error().code() == ErrorCode::invalid_argument);
  CHECK(host.error().message().find("echo-watch") != std::string::npos);
}

TEST_CASE("a pack whose interceptor has a taken name stays out when it is switched on later") {
  NativeHost native;
  native.loader->code["zeta"].interceptors = {"own"};
  native.disk->plant_file("/home/pack-states.json", R"({"packs":{"zeta":false}})");
  HostBuilder builder = native.builder();
  builder.use("own", [](Call& call, Next next) { return next(call); });
  PluginHost host = native.start(std::move(builder));
  REQUIRE(host.toggle("zeta", true));
  CHECK(get(host, "zeta").state() == PackState::error);
  CHECK(get(host, "zeta").flags().error.str().find("own") != std::string::npos);
  CHECK(chain_of(host, "pluginPack:list") == Lines{"own from application", "echo-watch from echo"});
  CHECK(native.logged("stop") == Lines{"stop zeta"});
}
