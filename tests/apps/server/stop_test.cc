// The end of a server: calls finish, answers are written, nothing hangs.
#include <sys/stat.h>

#include <future>

#include "served.h"

using namespace cowork;
using namespace cowork::test;
using json::Value;

namespace {

Value named(const std::string& name) {
  return Value::object({{"name", name}});
}

bool ended(const std::future<void>& future) {
  return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

/// Until the server has stopped listening.
void wait_until_refused(const std::string& path) {
  const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  for (;;) {
    REQUIRE(std::chrono::steady_clock::now() < soon);
    try {
      RpcClient client(path);
      client.begin("test:warn");
      client.document();
    } catch (const std::runtime_error&) {
      return;
    }
  }
}

}  // namespace

TEST_CASE("calls under way finish and are answered, nothing new begins") {
  for (const std::string method : {"test:wait", "test:store"}) {
    Served served;
    RpcClient client(served.socket());
    const std::int64_t id = client.begin(method, named("work"));
    served.gate.wait_for("work");
    auto stopped = std::async(std::launch::async, [&served] { served.server->stop(); });
    wait_until_refused(served.socket());
    CHECK_FALSE(ended(stopped));
    client.begin("pluginPack:toggle", Value::array({"mine", false}));
    served.gate.open("work");
    CHECK(client.finish(id).result() == Value("work passed"));
    CHECK(client.at_end());
    stopped.get();
    struct stat found {};
    CHECK(::lstat(served.socket().c_str(), &found) != 0);
    CHECK((*served.host.get("mine"))->enabled());
  }
}

TEST_CASE("what outlasts the grace is asked to stop, and says so") {
  Served served([](server::ServerOptions& options) { options.grace = std::chrono::milliseconds(1); });
  RpcClient client(served.socket());
  const std::int64_t disk = client.begin("test:wait", named("forever"));
  served.gate.wait_for("forever");
  served.server->stop();
  CHECK(client.finish(disk).code() == "cancelled");
  CHECK(client.at_end());
}

TEST_CASE("a second stop does not wait for the grace") {
  Served served([](server::ServerOptions& options) { options.grace = std::chrono::hours(1); });
  RpcClient client(served.socket());
  std::vector<std::int64_t> ids{client.begin("test:wait", named("a")), client.begin("test:store", named("b"))};
  served.gate.wait_for("a");
  served.gate.wait_for("b");
  auto first = std::async(std::launch::async, [&served] { served.server->stop(); });
  wait_until_refused(served.socket());
  CHECK_FALSE(ended(first));
  served.server->stop();
  first.get();
  for (const std::int64_t id : ids) CHECK(client.finish(id).code() == "cancelled");
}

TEST_CASE("a call in memory is asked to stop too") {
  Served served([](server::ServerOptions& options) { options.grace = std::chrono::milliseconds(1); });
  RpcClient client(served.socket());
  const std::int64_t id = client.begin("test:look", named("forever"));
  served.gate.wait_for("forever");
  served.server->stop();
  CHECK(client.finish(id).code() == "cancelled");
}

TEST_CASE("who does not read its answers does not keep the server") {
  Served served([](server::ServerOptions& options) { options.grace = std::chrono::milliseconds(1); });
  RpcClient client(served.socket());
  client.begin("test:bulk", Value::array({8'000'000}));
  client.begin("test:wait", named("mark"));
  RpcClient other(served.socket());
  CHECK(other.call("test:warn").ok());
  served.server->stop();
}

TEST_CASE("big answers are written to the end before the server goes") {
  Served served;
  RpcClient client(served.socket());
  const std::int64_t id = client.begin("test:bulk", Value::array({8'000'000}));
  const std::int64_t wait = client.begin("test:wait", named("mark"));
  auto stopped = std::async(std::launch::async, [&served] {
    served.gate.wait_for("mark");
    served.gate.open("mark");
    served.server->stop();
  });
  CHECK(client.finish(id).result().as_string()->size() == 8'000'000);
  CHECK(client.finish(wait).ok());
  stopped.get();
}

TEST_CASE("wait ends when the server was stopped") {
  Served served;
  auto waiting = std::async(std::launch::async, [&served] { served.server->wait(); });
  CHECK_FALSE(ended(waiting));
  served.server->stop();
  waiting.get();
  served.server->wait();
  served.server->stop();
}

TEST_CASE("a server that was stopped can be followed by another at its place") {
  Served served;
  for (int i = 0; i < 20; ++i) {
    RpcClient client(served.socket());
    CHECK(client.call("test:warn").ok());
    served.server->stop();
    auto next = server::Server::start(served.host, served.options());
    REQUIRE(next);
    served.server.emplace(std::move(*next));
  }
}

TEST_CASE("a server with nothing to listen on stops like any other") {
  Served served;
  auto silent = server::Server::start(served.host, {});
  REQUIRE(silent);
  CHECK(silent->socket_path().empty());
  CHECK(silent->http_address().empty());
  CHECK(silent->token_path().empty());
  const auto console = silent->console_address();
  REQUIRE_FALSE(console);
  CHECK(console.error().code() == ErrorCode::conflict);
  CHECK(console.error().message() == "this server has no console");
}
