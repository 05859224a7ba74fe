// Native packs in a running host: what they may bring, and when it goes.
#include <atomic>
#include <chrono>
#include <thread>

#include "native_host.h"

using namespace cowork;
using namespace cowork::test;

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
