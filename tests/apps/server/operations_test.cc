// Every public operation of the standard host, by position and by name, through a real socket.
#include <set>

#include "cowork/server/server.h"
#include "flow/standard_home.h"
#include "support/rpc_client.h"

using namespace cowork;
using namespace cowork::test;
using json::Value;

namespace {

struct Question {
  std::string method;
  Value by_position;
  Value by_name;
  std::string outcome = "";  ///< the error's code; empty: success
  bool fickle = false;       ///< answers differently each time
};

Value one(const std::string& name, const Value& value) {
  return Value::object({{name, value}});
}

/// Changes are dry runs, so that both ways find the same home.
std::vector<Question> every_operation(const StandardHome& home) {
  const Value workspace = Value::object({{"workspace", home.path("work")}, {"agentId", "a"}});
  const std::string new_pack = home.path("new");
  const Value scaffold = Value::object({{"name", "made"}, {"displayName", "Made"}});
  return {
      {"admin:checkPack", Value::array({"mine"}), one("packId", "mine")},
      {"admin:explain", Value::array({"pluginPack:list"}), one("operation", "pluginPack:list")},
      {"admin:policiesGet", Value::array(), Value::object()},
      {"admin:policiesStatus", Value::array(), Value::object()},
      {"admin:policiesUpdate", Value::array({one("general", one("orgName", "Us"))}),
       one("updates", one("general", one("orgName", "Us")))},
      {"admin:simulate", Value::array({Value::object()}), one("candidate", Value::object())},
      {"agent:heartbeat", Value::array({workspace}), one("options", workspace), "not-found"},
      {"agent:start", Value::array({workspace}), one("options", workspace), "", true},
      {"agent:stop", Value::array({workspace}), one("options", workspace)},
      {"agentRole:get", Value::array({"nobody"}), one("name", "nobody"), "not-found"},
      {"audit:query", Value::array(), Value::object()},
      {"connector:get", Value::array({"crm"}), one("name", "crm")},
      {"connector:use", Value::array({"crm"}), one("connectorId", "crm")},
      {"host:chain", Value::array({"pluginPack:toggle"}), one("operation", "pluginPack:toggle")},
      {"host:operations", Value::array(), Value::object()},
      {"host:rescan", Value::array(), Value::object()},
      {"host:status", Value::array(), Value::object()},
      {"host:trace", Value::array(), Value::object()},
      {"pluginPack:checkUpdates", Value::array(), Value::object()},
      {"pluginPack:get", Value::array({"mine"}), one("name", "mine")},
      {"pluginPack:getContext", Value::array(), Value::object()},
      {"pluginPack:install", Value::array({new_pack}), one("path", new_pack)},
      {"pluginPack:installGit", Value::array({"file:///x"}), one("url", "file:///x"), "invalid-argument"},
      {"pluginPack:installUrl", Value::array({"file:///x"}), one("url", "file:///x"), "invalid-argument"},
      {"pluginPack:list", Value::array(), Value::object()},
      {"pluginPack:registryCategories", Value::array(), Value::object(), "not-found"},
      {"pluginPack:registryDetails", Value::array({"x"}), one("packId", "x"), "not-found"},
      {"pluginPack:registrySearch", Value::array({"x"}), one("query", "x"), "not-found"},
      {"pluginPack:scaffold", Value::array({scaffold}), one("options", scaffold)},
      {"pluginPack:toggle", Value::array({"mine", false}), Value::object({{"name", "mine"}, {"enabled", false}})},
      {"pluginPack:toggleSkill", Value::array({"mine", "mine-s", false}),
       Value::object({{"packName", "mine"}, {"skillId", "mine-s"}, {"enabled", false}})},
      {"pluginPack:uninstall", Value::array({"mine"}), one("packName", "mine")},
      {"pluginPack:update", Value::array({"mine"}), one("packName", "mine"), "not-found"},
      {"pluginPack:verify", Value::array(), Value::object()},
      {"quarantine:list", Value::array(), Value::object()},
      {"quarantine:release", Value::array({"mine"}), one("packName", "mine"), "conflict"},
      {"quarantine:remove", Value::array({"mine"}), one("packName", "mine"), "conflict"},
      {"skill:get", Value::array({"mine-s"}), one("skillId", "mine-s")},
      {"skill:render", Value::array({"mine-s"}), one("skillId", "mine-s")},
      {"tool:call", Value::array({"mine", "t"}), Value::object({{"packName", "mine"}, {"tool", "t"}}), "not-found"},
  };
}

class Standard {
 public:
  Standard() {
    home.mini_pack("new", "newcomer");
    server::ServerOptions options;
    options.socket_path = home.path("c.sock");
    auto started = server::Server::start(host, std::move(options));
    if (!started) FAIL(started.error().message());
    server.emplace(std::move(*started));
  }
  StandardHome home;
  PluginHost host = home.start();
  std::optional<server::Server> server;
};

}  // namespace

TEST_CASE("every public operation answers by position and by name, as it does without a server") {
  Standard standard;
  RpcClient client(standard.home.path("c.sock"));
  const Value dry_run = Value::object({{"dryRun", true}});
  std::set<std::string> asked;
  for (const Question& call : every_operation(standard.home)) {
    INFO(call.method);
    asked.insert(call.method);
    RpcAnswer by_position = client.call(call.method, call.by_position, dry_run);
    RpcAnswer by_name = client.call(call.method, call.by_name, dry_run);
    INFO(json::to_text(by_position.document));
    CHECK(by_position.code() == call.outcome);
    CHECK(at(by_position.document, "/error") == at(by_name.document, "/error"));
    if (!call.fickle) CHECK(by_position.result() == by_name.result());
    CallOptions options;
    options.dry_run = true;
    const auto direct = standard.host.call_json(call.method, call.by_position, options);
    CHECK(direct.has_value() == by_position.ok());
    if (direct && !call.fickle) CHECK(*direct == by_position.result());
    if (!direct) CHECK(direct.error().message() == by_position.message());
  }
  const std::vector<std::string> names = standard.host.operation_names();
  CHECK(asked == std::set<std::string>(names.begin(), names.end()));
}

TEST_CASE("every operation refuses a parameter that it does not know") {
  Standard standard;
  RpcClient client(standard.home.path("c.sock"));
  for (const std::string& name : standard.host.operation_names()) {
    INFO(name);
    const RpcAnswer answer = client.call(name, one("noSuchParameter", 1));
    CHECK(answer.code() == "invalid-argument");
    CHECK(answer.number() == -32602);
  }
}

TEST_CASE("the same question gets the same verdict through C++, one request and a batch") {
  Standard standard;
  standard.home.policy(R"({"version":1,"packs":{"blocked":["mine"]}})");
  standard.host.refresh();
  RpcClient client(standard.home.path("c.sock"));
  const auto direct = standard.host.call(TogglePack{"mine", true});
  REQUIRE_FALSE(direct);
  CHECK(direct.error().code() == ErrorCode::policy_denied);
  const RpcAnswer single = client.call("pluginPack:toggle", Value::array({"mine", true}));
  CHECK(single.code() == "policy-denied");
  CHECK(single.message() == direct.error().message());
  CHECK(text_at(single.document, "/error/data/why") == direct.error().why());
  client.send(R"([{"jsonrpc":"2.0","id":1,"method":"pluginPack:toggle","params":["mine",true]}])"
              "\n");
  CHECK(at(client.document(), "/0/error") == at(single.document, "/error"));
}

TEST_CASE("the audit trail says that the socket was the way in") {
  Standard standard;
  RpcClient client(standard.home.path("c.sock"));
  CHECK(client.call("pluginPack:toggle", Value::array({"mine", false})).ok());
  const Value lines = client.call("audit:query", Value::array({one("operation", "pluginPack:toggle")})).result();
  CHECK(text_at(lines, "/lines/0/entry") == "socket");
}

TEST_CASE("a policy file changed by hand is told to subscribers within a second") {
  Standard standard;
  RpcClient client(standard.home.path("c.sock"));
  CHECK(client.call("host:subscribe", one("events", Value::strings({"policy-changed"}))).ok());
  standard.home.policy(R"({"version":1,"packs":{"blocked":["mine"]}})");
  standard.host.refresh();
  CHECK_FALSE(text_at(client.event("policy-changed"), "/params/revision").empty());
}
