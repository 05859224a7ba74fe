// For ThreadSanitizer as well: readers, mutations, rescans and refreshes at once, on one host and on two over one home.
#include <atomic>
#include <thread>

#include "fake_code.h"
#include "small_host.h"

using namespace cowork;
using namespace cowork::test;

TEST_CASE("concurrency: readers never see half a state while packs are toggled and rescanned") {
  SmallHost small;
  PluginHost host = small.start(std::move(small.builder().watch(true)));
  std::atomic<bool> stop{false};
  std::atomic<int> failures{0}, reads{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (!stop) {
        const auto packs = host.list();
        if (!packs || (packs->size() != 3 && packs->size() != 2)) ++failures;
        for (const Pack pack : *packs) {
          if (pack.enabled() != (pack.state() == PackState::active)) ++failures;
        }
        ++reads;
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < 100; ++i) {
      small.source->set(i % 2 ? std::vector{pack_record(Scope::builtin, "alpha", "alpha-pack"),
                                            pack_record(Scope::builtin, "beta", "beta")}
                              : std::vector{pack_record(Scope::builtin, "alpha", "alpha-pack"),
                                            pack_record(Scope::builtin, "beta", "beta"),
                                            pack_record(Scope::user, "mine", "mine")});
      if (!host.call(Rescan{})) ++failures;
    }
  });
  for (int i = 0; i < 200; ++i) {
    if (!host.toggle(i % 2 ? "alpha" : "beta", i % 4 < 2)) ++failures;
  }
  while (reads < 50) std::this_thread::yield();
  stop = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
}

TEST_CASE("concurrency: calls and tools run on while native packs with interceptors come and go") {
  SmallHost small;
  TestPack echo = pack_record(Scope::builtin, "echo", "echo");
  echo.manifest.main = "lib/echo";
  small.source->set({echo, pack_record(Scope::builtin, "plain", "plain")});
  auto loader = std::make_shared<FakeCodeLoader>();
  loader->code["echo"].tools = {{"say", "", {}}};
  loader->code["echo"].interceptors = {"echo-watch"};
  loader->code["echo"].call = [](std::string_view, const json::Value& input) -> Result<json::Value> { return input; };
  HostBuilder builder = small.builder();
  builder.code_loader(loader).watch(true);
  PluginHost host = small.start(std::move(builder));
  std::atomic<bool> stop{false};
  std::atomic<int> failures{0}, called{0}, refused{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!stop) {
        const auto reply = host.call(CallTool{"echo", "say", json::Value("x")});
        if (reply) {
          ++called;
        } else if (reply.error().code() == ErrorCode::not_found) {
          ++refused;
        } else {
          ++failures;
        }
        if (!host.list() || !host.call(DescribeChain{})) ++failures;
      }
    });
  }
  for (int i = 0; i < 200 || called < 20 || refused < 20; ++i) {
    if (!host.toggle("echo", i % 2 == 1)) ++failures;
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
  // Whatever the order was: what runs is what is wanted.
  REQUIRE(host.toggle("echo", false));
  CHECK_FALSE(host.call(CallTool{"echo", "say", {}}));
  REQUIRE(host.toggle("echo", true));
  CHECK(get(host, "echo").state() == PackState::active);
  CHECK(host.call(CallTool{"echo", "say", json::Value("x")}));
}

TEST_CASE("concurrency: toggles by many threads over two hosts on one home lose none") {
  SmallHost small;
  std::vector<TestPack> packs;
  for (int i = 0; i < 8; ++i)
    packs.push_back(pack_record(Scope::builtin, "p" + std::to_string(i), "p" + std::to_string(i)));
  small.source->set(packs);
  PluginHost first = small.start();
  PluginHost second = small.start();
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      PluginHost& host = i % 2 ? first : second;
      for (int round = 0; round < 25; ++round) {
        if (!host.toggle("p" + std::to_string(i), round % 2 == 1)) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == 0);
  first.refresh();
  for (int i = 0; i < 8; ++i) CHECK_FALSE(get(first, "p" + std::to_string(i)).enabled());
}

TEST_CASE("concurrency: a snapshot that is replaced stays for the calls that began with it, and goes with the last") {
  // More calls than the host has places for without a lock.
  constexpr int most_calls = 40;
  SmallHost small;
  PluginHost* running = nullptr;
  int calls = 0;
  std::weak_ptr<const Snapshot> begun_with;
  HostBuilder builder = small.builder();
  builder.use("calls-again", [&](Call& call, Next next) -> Outcome {
    if (!call.request<ListPacks>() || !running || calls == most_calls) return next(call);
    if (++calls < most_calls) {
      CHECK(running->list());
    } else {
      begun_with = running->services().snapshot(Freshness::cached);
      CHECK(running->toggle("alpha", false));
      CHECK(running->list()->size() == 3);
    }
    CHECK_FALSE(begun_with.expired());
    return next(call);
  });
  PluginHost host = small.start(std::move(builder));
  running = &host;
  const auto packs = host.list();
  REQUIRE(packs);
  CHECK((*packs)[0].enabled());
  CHECK(begun_with.expired());
  CHECK_FALSE(get(host, "alpha").enabled());
}
