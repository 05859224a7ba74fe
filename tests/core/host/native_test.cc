// Native packs in a host: when their code is loaded, what it may bring, and when it goes.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "cowork/host/isolated_code.h"
#include "fake_code.h"
#include "small_host.h"

using namespace cowork;
using namespace cowork::test;

namespace {

PackRecord native_record(Scope scope, const std::string& name, const std::string& manifest_sha256 = "1") {
  PackRecord record = pack_record(scope, name, name);
  record.manifest.main = "lib/" + name;
  record.manifest_sha256 = manifest_sha256;
  return record;
}

struct NativeHost : SmallHost {
  NativeHost() {
    source->set({native_record(Scope::builtin, "zeta"), native_record(Scope::builtin, "echo"),
                 pack_record(Scope::builtin, "plain", "plain"), native_record(Scope::user, "mine")});
    loader->code["echo"].tools = {{"say", "Says it again", {}}};
    loader->code["echo"].call = [](std::string_view, const json::Value& input) -> Result<json::Value> {
      return json::Value::object({{"said", input}});
    };
    loader->code["echo"].interceptors = {"echo-watch"};
    loader->code["zeta"].interceptors = {"zeta-watch"};
  }
  HostBuilder builder() {
    HostBuilder made = SmallHost::builder();
    made.code_loader(loader);
    return made;
  }
  std::vector<std::string> logged(std::string_view beginning) const {
    std::vector<std::string> found;
    const std::vector<std::string> lines = loader->log->lines();
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(found),
                 [&](const std::string& line) { return line.starts_with(beginning); });
    return found;
  }
  std::shared_ptr<FakeCodeLoader> loader = std::make_shared<FakeCodeLoader>();
};

std::vector<std::string> chain_of(PluginHost& host, const std::string& operation) {
  const auto members = host.call(DescribeChain{operation});
  REQUIRE(members);
  std::vector<std::string> names;
  for (const auto& member : *members) names.push_back(member.name + " from " + member.source);
  return names;
}

using Lines = std::vector<std::string>;

bool has_diagnostic(PluginHost& host, const std::string& code) {
  const auto status = host.call(GetStatus{});
  REQUIRE(status);
  return std::any_of(status->diagnostics.begin(), status->diagnostics.end(),
                     [&](const Diagnostic& diagnostic) { return diagnostic.code == code; });
}

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
    fake_->log->push_back((isolated ? "outside " : "inside ") + pack.name());
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
  CHECK(get(host, "echo").flags().tools.size() == 1);
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
  CHECK(get(host, "zeta").flags().error.find("own") != std::string::npos);
  CHECK(chain_of(host, "pluginPack:list") == Lines{"own from application", "echo-watch from echo"});
  CHECK(native.logged("stop") == Lines{"stop zeta"});
}

TEST_CASE("switching a native pack off stops it and takes its interceptors out, on brings both back") {
  NativeHost native;
  PluginHost host = native.start(native.builder());
  REQUIRE(host.toggle("echo", false));
  CHECK(native.logged("stop") == Lines{"stop echo"});
  CHECK(chain_of(host, "pluginPack:list") == Lines{"zeta-watch from zeta"});
  CHECK(get(host, "echo").state() == PackState::disabled);
  REQUIRE(host.toggle("echo", true));
  CHECK(get(host, "echo").state() == PackState::active);
  CHECK(native.logged("start") == Lines{"start echo", "start zeta", "start echo"});
  CHECK(native.logged("forgive") == Lines{"forgive echo"});
}

TEST_CASE("a pack is not stopped under a call that is running through its interceptor") {
  NativeHost native;
  PluginHost* inside = nullptr;
  HostBuilder builder = native.builder();
  builder.use("switch-off", [&](Call& call, Next next) -> Outcome {
    if (call.info().name == GetPack::info.name) {
      CHECK(inside->toggle("echo", false));
      CHECK(native.logged("stop echo").empty());
    }
    return next(call);
  });
  PluginHost host = native.start(std::move(builder));
  inside = &host;
  REQUIRE(host.get("plain"));
  // The call kept the chain that it began with, and let go of it at its end.
  const Lines lines = native.loader->log->lines();
  CHECK(std::find(lines.begin(), lines.end(), "echo-watch pluginPack:get") <
        std::find(lines.begin(), lines.end(), "stop echo"));
  CHECK(std::count(lines.begin(), lines.end(), "stop echo") == 1);
}

TEST_CASE("a pack whose content changed is loaded anew, the old one stopped first") {
  NativeHost native;
  PluginHost host = native.start(native.builder());
  native.source->set({native_record(Scope::builtin, "zeta"), native_record(Scope::builtin, "echo", "2")});
  host.refresh();
  host.refresh();
  CHECK(native.logged("st") == Lines{"start echo", "start zeta", "stop echo", "start echo"});
  CHECK(get(host, "echo").state() == PackState::active);
}

TEST_CASE("a pack that is switched off while its code is being loaded does not run on") {
  NativeHost native;
  native.disk->plant_file("/home/pack-states.json", R"({"packs":{"echo":false}})");
  PluginHost host = native.start(native.builder());
  std::thread other;
  native.loader->code["echo"].on_load = [&] {
    if (other.joinable()) return;
    other = std::thread([&] { CHECK(host.toggle("echo", false)); });
    const auto home = native.disk->open("/home");
    while ((*home)->read("pack-states.json", 4096)->find(R"("echo": true)") != std::string::npos)
      std::this_thread::yield();
  };
  REQUIRE(host.toggle("echo", true));
  other.join();
  CHECK(native.logged("start echo").size() == native.logged("stop echo").size());
  CHECK(get(host, "echo").state() == PackState::disabled);
  CHECK(chain_of(host, "pluginPack:list") == Lines{"zeta-watch from zeta"});
}

TEST_CASE("rule 6: a call is judged by the chain that it began with, also when packs come and go under it") {
  NativeHost native;
  PluginHost* inside = nullptr;
  HostBuilder builder = native.builder();
  builder.use("exchange", [&](Call& call, Next next) -> Outcome {
    if (call.info().name == TogglePack::info.name && call.subject().id == "plain") {
      CHECK(inside->toggle("echo", false));
      CHECK(inside->toggle("echo", true));
    }
    return next(call);
  });
  PluginHost host = native.start(std::move(builder));
  inside = &host;
  REQUIRE(host.toggle("plain", false));
  CHECK(native.logged("echo-watch without").empty());
  CHECK(native.logged("zeta-watch without").empty());
}

TEST_CASE("an error of a pack is forgotten when the pack is exchanged") {
  NativeHost native;
  native.loader->code["echo"].fault = Error::conflict("the host died 2 times while it was loaded");
  PluginHost host = native.start(native.builder());
  CHECK(get(host, "echo").state() == PackState::disabled);
  native.loader->code["echo"].fault.reset();
  native.source->set({native_record(Scope::builtin, "echo", "2")});
  host.refresh();
  CHECK(get(host, "echo").state() == PackState::active);
}

TEST_CASE("code that can't be loaded is the pack's error, and the others run") {
  NativeHost native;
  native.loader->code["echo"].fault = Error::invalid_manifest("it was built for pack API 2", {});
  PluginHost host = native.start(native.builder());
  CHECK(get(host, "echo").state() == PackState::error);
  CHECK(get(host, "echo").flags().error == "it was built for pack API 2");
  CHECK(get(host, "zeta").state() == PackState::active);
  const auto status = host.call(GetStatus{});
  REQUIRE(status);
  CHECK(std::any_of(status->diagnostics.begin(), status->diagnostics.end(),
                    [](const Diagnostic& diagnostic) { return diagnostic.code == "activation-failed"; }));
}

TEST_CASE("code that killed the host before is disabled with the reason, until it is switched on again") {
  NativeHost native;
  native.loader->code["echo"].fault = Error::conflict("the host died 2 times while it was loaded");
  PluginHost host = native.start(native.builder());
  CHECK(get(host, "echo").state() == PackState::disabled);
  CHECK_FALSE(get(host, "echo").enabled());
  CHECK(get(host, "echo").flags().error == "the host died 2 times while it was loaded");
  CHECK(has_diagnostic(host, "pack-set-aside"));
  CHECK_FALSE(has_diagnostic(host, "activation-failed"));
  native.loader->code["echo"].fault.reset();
  host.refresh();
  CHECK(get(host, "echo").state() == PackState::disabled);
  REQUIRE(host.toggle("echo", true));
  CHECK(get(host, "echo").state() == PackState::active);
}

TEST_CASE("an interceptor that refuses pack:activate keeps the code from being loaded") {
  NativeHost native;
  HostBuilder builder = native.builder();
  builder.use("gate", [](Call& call, Next next) -> Outcome {
    if (call.info().name == ActivatePack::info.name && call.subject().id == "echo")
      return Outcome::refuse(Error(ErrorCode::policy_denied, "not this one"));
    return next(call);
  });
  PluginHost host = native.start(std::move(builder));
  CHECK(native.logged("start") == Lines{"start zeta"});
  CHECK(get(host, "echo").state() == PackState::error);
}

TEST_CASE("tool:call") {
  NativeHost native;
  PluginHost host = native.start(native.builder());
  const auto input = json::Value::object({{"text", "hello"}});

  SECTION("runs the tool") {
    const auto reply = host.call(CallTool{"echo", "say", input});
    REQUIRE(reply);
    CHECK(json::to_text(reply->output) == R"({"said":{"text":"hello"}})");
    const auto by_name = host.call_json("tool:call", json::Value::array({"echo", "say", input}));
    REQUIRE(by_name);
    CHECK(json::to_text(*by_name) == R"({"said":{"text":"hello"}})");
  }
  SECTION("runs nothing in a dry run") {
    CallOptions options;
    options.dry_run = true;
    CHECK(host.call(CallTool{"echo", "say", input}, options));
    CHECK(native.logged("call").empty());
  }
  SECTION("knows its tools") {
    const auto reply = host.call(CallTool{"echo", "sya", input});
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code() == ErrorCode::not_found);
    CHECK(reply.error().message() == R"(pack "echo" has no tool "sya")");
    CHECK(reply.error().remedy() == R"(did you mean "say"?)");
    CHECK(host.call(CallTool{"plain", "say", {}}).error().why() == "it brings no tools");
  }
  SECTION("needs an active pack") {
    REQUIRE(host.toggle("echo", false));
    const auto reply = host.call(CallTool{"echo", "say", input});
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code() == ErrorCode::not_found);
    CHECK(reply.error().why() == "its state is disabled");
    CHECK(reply.error().remedy() == "cowork pack enable echo");
  }
  SECTION("hands the tool's error on") {
    native.loader->code["zeta"].tools = {{"fail", "", {}}};
    native.loader->code["zeta"].call = [](std::string_view, const json::Value&) -> Result<json::Value> {
      return fail(Error(ErrorCode::conflict, "tool \"fail\" of pack \"zeta\": no"));
    };
    native.source->set({native_record(Scope::builtin, "zeta", "3")});
    host.refresh();
    CHECK(host.call(CallTool{"zeta", "fail", {}}).error().code() == ErrorCode::conflict);
  }
}

TEST_CASE("native packs are told of events") {
  NativeHost native;
  PluginHost host = native.start(native.builder());
  REQUIRE(host.toggle("plain", false));
  CHECK(native.logged("event zeta") == Lines{"event zeta pack-state-changed"});
}
