// Events on the socket: real changes, to those who asked.
#include "served.h"

using namespace cowork;
using namespace cowork::test;
using json::Value;

namespace {

Value names(std::initializer_list<std::string> list) {
  return Value::object({{"events", Value::strings({list})}});
}

}  // namespace

TEST_CASE("who subscribed hears of what others change") {
  Served served;
  RpcClient hearing(served.socket());
  RpcClient doing(served.socket());
  CHECK(hearing.call("host:subscribe").result() ==
        names({"policy-changed", "catalog-changed", "pack-state-changed", "install-progress", "diagnostic"}));
  CHECK(doing.call("pluginPack:toggle", Value::array({"mine", false})).ok());
  CHECK(hearing.event("pack-state-changed") ==
        Value::object({{"jsonrpc", "2.0"},
                       {"method", "pack-state-changed"},
                       {"params", Value::object({{"name", "mine"}, {"state", "disabled"}})}}));
}

TEST_CASE("only the events that were asked for come, and a new list takes the place of the old one") {
  Served served;
  RpcClient client(served.socket());
  CHECK(client.call("host:subscribe", names({"diagnostic", "diagnostic"})).result() == names({"diagnostic"}));
  CHECK(client.call("pluginPack:toggle", Value::array({"mine", false})).ok());
  CHECK(client.call("host:subscribe", names({"pack-state-changed"})).ok());
  CHECK(client.call("pluginPack:toggle", Value::array({"mine", true})).ok());
  CHECK(at(client.event("pack-state-changed"), "/params/state") == Value("active"));
}

TEST_CASE("nothing comes before a subscription and after its end") {
  Served served;
  RpcClient client(served.socket());
  RpcClient witness(served.socket());
  CHECK(witness.call("host:subscribe").ok());
  CHECK(client.call("pluginPack:toggle", Value::array({"mine", false})).ok());
  witness.event("pack-state-changed");
  CHECK(client.call("host:subscribe").ok());
  CHECK(client.call("host:unsubscribe").result() == Value::object());
  CHECK(client.call("pluginPack:toggle", Value::array({"mine", true})).ok());
  witness.event("pack-state-changed");
  client.send(R"({"jsonrpc":"2.0","id":"last","method":"test:warn"})"
              "\n");
  CHECK(at(client.document(), "/id") == Value("last"));
}

TEST_CASE("an event that a call causes never stands inside the call's own answer") {
  Served served;
  RpcClient client(served.socket());
  CHECK(client.call("host:subscribe").ok());
  for (int i = 0; i < 20; ++i) {
    CHECK(client.call("test:emit").result() == Value("emitted"));
    CHECK(at(client.event("diagnostic"), "/params/code") == Value("emitted"));
  }
}

TEST_CASE("a subscription in a batch behind a change on disk holds from then on") {
  Served served;
  RpcClient client(served.socket());
  client.send(R"([{"jsonrpc":"2.0","id":1,"method":"pluginPack:toggle","params":["mine",false]},)"
              R"({"jsonrpc":"2.0","id":2,"method":"host:subscribe"}])"
              "\n");
  CHECK(client.document().as_array()->size() == 2);
  CHECK(client.call("pluginPack:toggle", Value::array({"beta", false})).ok());
  CHECK(at(client.event("pack-state-changed"), "/params/name") == Value("beta"));
}

TEST_CASE("events for a peer that does not read are dropped, which it is told once") {
  Served served([](server::ServerOptions& options) { options.limits.pending_output = 200'000; });
  RpcClient slow(served.socket());
  RpcClient doing(served.socket());
  CHECK(slow.call("host:subscribe").ok());
  // More than the kernel keeps for it and the server may keep: from then on there is no room.
  const std::int64_t bulk = slow.begin("test:bulk", Value::array({8'000'000}));
  const std::int64_t wait = slow.begin("test:wait", Value::array({"mark"}));
  for (int i = 0; i < 50; ++i) CHECK(doing.call("pluginPack:toggle", Value::array({"mine", i % 2 == 1})).ok());
  CHECK(served.gate.came("mark") == 0);
  CHECK(slow.finish(bulk).ok());
  served.gate.wait_for("mark");
  const Value lost = slow.event("diagnostic");
  CHECK(at(lost, "/params") == Value::object({{"severity", "warning"},
                                              {"code", "events-lost"},
                                              {"path", ""},
                                              {"message", "Events were dropped while nothing was read: ask anew"}}));
  served.gate.open("mark");
  CHECK(slow.finish(wait).ok());
  CHECK(doing.call("pluginPack:toggle", Value::array({"beta", false})).ok());
  // The first changes may have come before the big answer was made.
  int heard = 0;
  while (at(slow.event("pack-state-changed"), "/params/name") != Value("beta")) ++heard;
  CHECK(heard < 50);
}
