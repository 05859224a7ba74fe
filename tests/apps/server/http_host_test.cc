// The whole server over HTTP, in front of real hosts.
#include "cowork/base/json_reader.h"
#include "flow/standard_home.h"
#include "served.h"
#include "support/http_client.h"

using namespace cowork;
using test::HttpAnswer;
using test::HttpClient;

namespace {

/// HTTP of a server: its port, its token, and calls with it.
class Web {
 public:
  explicit Web(const server::Server& server) {
    const std::string& address = server.http_address();
    REQUIRE(address.starts_with("http://127.0.0.1:"));
    port_ = static_cast<unsigned>(std::stoul(address.substr(address.rfind(':') + 1)));
    std::ifstream(server.token_path()) >> token_;
    REQUIRE(token_.size() == 64);
  }

  unsigned port() const { return port_; }
  const std::string& token() const { return token_; }
  HttpClient::Fields fields() const {
    return {{"Authorization", "Bearer " + token_}, {"Content-Type", "application/json"}};
  }
  static std::string request(const std::string& method, const std::string& params) {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}";
  }
  HttpAnswer post(const std::string& method, const std::string& params) const {
    return HttpClient(port_).request("POST", "/rpc", fields(), request(method, params));
  }
  /// The response.
  json::Value call(const std::string& method, const std::string& params = "[]") const {
    const HttpAnswer answer = post(method, params);
    REQUIRE(answer.status == 200);
    const auto document = json::parse(answer.body, "answer", {64u << 20, 1'000'000}, ErrorCode::internal);
    REQUIRE(document);
    return document->root;
  }
  std::unique_ptr<HttpClient> events(const std::string& target = "/events") const {
    auto client = std::make_unique<HttpClient>(port_);
    const HttpAnswer answer = client->request("GET", target,
                                              {{"Connection", "Upgrade"},
                                               {"Upgrade", "websocket"},
                                               {"Sec-WebSocket-Version", "13"},
                                               {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                                               {"Sec-WebSocket-Protocol", "cowork.events, cowork.token." + token_}});
    REQUIRE(answer.status == 101);
    return client;
  }

 private:
  unsigned port_ = 0;
  std::string token_;
};

server::Server start(PluginHost& host, const test::TemporaryDirectory& directory) {
  server::ServerOptions options;
  options.http_port = 0;
  options.token_path = directory.path("run/http.token");
  Result<server::Server> server = server::Server::start(host, options);
  REQUIRE(server);
  return std::move(*server);
}

void with_http(server::ServerOptions& options) {
  options.http_port = 0;
}

json::Value parsed(const std::string& text) {
  const auto document = json::parse(text, "event", json::request_limits, ErrorCode::internal);
  REQUIRE(document);
  return document->root;
}

/// A new connection is refused, or ended without an answer.
bool nobody_answers(unsigned port) {
  try {
    return HttpClient(port).at_end();
  } catch (const std::runtime_error&) {
    return true;
  }
}

}  // namespace

TEST_CASE("a policy that is saved is in force for the next request, and told over the WebSocket") {
  const test::StandardHome home;
  PluginHost host = home.start();
  server::Server server = start(host, home.directory());
  const Web web(server);
  const auto events = web.events("/events?events=policy-changed");
  const json::Value saved = web.call("admin:policiesUpdate", R"([{"packs":{"blocked":["beta"]}}])");
  CAPTURE(json::to_text(saved));
  CHECK(saved.find("result"));
  const json::Value event = parsed(events->message());
  CHECK(test::text_at(event, "/method") == "policy-changed");
  CHECK_FALSE(test::at(event, "/params/revision").is_null());
  const json::Value refused = web.call("pluginPack:toggle", R"(["beta",true])");
  CHECK(test::at(refused, "/error/code") == json::Value(-32000));
  CHECK(test::text_at(refused, "/error/data/code") == "policy-denied");
  const auto same = host.call_json("pluginPack:toggle", json::Value::array({"beta", true}));
  REQUIRE_FALSE(same);
  CHECK(test::text_at(refused, "/error/message") == same.error().message());
}

TEST_CASE("a policy file that is edited by hand is told over the WebSocket") {
  const test::StandardHome home;
  PluginHost host = home.start({}, true);
  server::Server server = start(host, home.directory());
  const Web web(server);
  const auto events = web.events("/events?events=policy-changed");
  home.policy(R"({"version":1,"packs":{"allowed":[],"blocked":["beta"],"required":[]}})");
  CHECK(test::text_at(parsed(events->message()), "/method") == "policy-changed");
  CHECK(test::at(web.call("pluginPack:get", R"(["beta"])"), "/result/policyBlocked") == json::Value(true));
}

TEST_CASE("markup in every text of a manifest is data: JSON, told to be nothing else") {
  const std::string script = "<script>alert(1)</script>";
  const test::StandardHome home;
  home.write(
      "home/extensions/loud/cowork.plugin.json",
      json::to_text(json::Value::object(
          {{"name", "loud"},
           {"displayName", script},
           {"version", "1.0.0"},
           {"description", script},
           {"type", "pack"},
           {"author", script},
           {"category", script},
           {"icon", script},
           {"tryAsking", json::Value::array({script})},
           {"skills", json::Value::array({json::Value::object(
                          {{"id", "loud-s"}, {"name", script}, {"description", script}, {"prompt", script}})})}})));
  PluginHost host = home.start();
  server::Server server = start(host, home.directory());
  const Web web(server);
  const HttpAnswer answer = web.post("pluginPack:get", R"(["loud"])");
  CHECK(answer.status == 200);
  CHECK(answer.field("content-type") == "application/json");
  CHECK(answer.field("x-content-type-options") == "nosniff");
  CHECK(answer.field("content-security-policy").starts_with("default-src 'none'; base-uri 'none'"));
  const json::Value pack = web.call("pluginPack:get", R"(["loud"])");
  CAPTURE(json::to_text(pack));
  CHECK(test::text_at(pack, "/result/displayName") == script);
  CHECK(test::text_at(pack, "/result/description") == script);
  CHECK(test::text_at(pack, "/result/skills/0/name") == script);
}

TEST_CASE("a name that is asked for comes back as data too") {
  const test::Served served(with_http);
  const Web web(*served.server);
  const HttpAnswer answer = web.post("<script>alert(1)</script>", "[]");
  CHECK(answer.status == 200);
  CHECK(answer.field("content-type") == "application/json");
  CHECK(answer.field("x-content-type-options") == "nosniff");
}

TEST_CASE("the console's address opens a session once") {
  const test::Served served(with_http);
  const Web web(*served.server);
  const json::Value opened = web.call("host:openConsole");
  const std::string url = test::text_at(opened, "/result/url");
  const std::string prefix = served.server->http_address() + "/#code=";
  REQUIRE(url.starts_with(prefix));
  CHECK(test::at(opened, "/result/expiresInSec") == json::Value(60));
  const std::string body = R"({"code":")" + url.substr(prefix.size()) + "\"}";
  HttpClient client(web.port());
  const HttpAnswer session = client.request("POST", "/session", {{"Content-Type", "application/json"}}, body);
  CHECK(session.status == 200);
  CHECK(client.request("POST", "/session", {{"Content-Type", "application/json"}}, body).status == 403);
  const std::string token = test::text_at(parsed(session.body), "/token");
  CHECK(client
            .request("POST", "/rpc", {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}},
                     Web::request("pluginPack:list", "[]"))
            .status == 200);
}

TEST_CASE("a dry run opens no console, and every real one is told to the log, without its code") {
  class Heard final : public Log {
   public:
    void write(LogLevel level, std::string_view source, std::string_view message) override {
      const std::lock_guard lock(mutex);
      if (level == LogLevel::info) lines.push_back(std::string(source) + ": " + std::string(message));
    }
    std::mutex mutex;
    std::vector<std::string> lines;
  };
  const auto log = std::make_shared<Heard>();
  const test::Served served([&](server::ServerOptions& options) {
    options.http_port = 0;
    options.log = log;
  });
  test::RpcClient client(served.socket());
  const test::RpcAnswer dry =
      client.call("host:openConsole", json::Value::array({}), json::Value::object({{"dryRun", true}}));
  CHECK(dry.code() == "invalid-argument");
  CHECK(dry.message() == "a dry run opens nothing");
  CHECK(log->lines.empty());
  CHECK(client.call("host:openConsole").ok());
  CHECK(test::at(Web(*served.server).call("host:openConsole"), "/error").is_null());
  CHECK(log->lines ==
        std::vector<std::string>{"server: made an address of the console for this user, asked for over socket",
                                 "server: made an address of the console for this user, asked for over http"});
}

TEST_CASE("over HTTP events come from /events only") {
  const test::Served served(with_http);
  const json::Value refused = Web(*served.server).call("host:subscribe", "{}");
  CHECK(test::text_at(refused, "/error/data/code") == "invalid-argument");
}

TEST_CASE("text that is not JSON-RPC gets JSON-RPC's errors, and notifications 204") {
  const test::Served served(with_http);
  const Web web(*served.server);
  HttpClient client(web.port());
  const auto code = [&](const std::string& text) {
    const HttpAnswer answer = client.request("POST", "/rpc", web.fields(), text);
    CHECK(answer.status == 200);
    return test::at(parsed(answer.body), "/error/code");
  };
  CHECK(code("{") == json::Value(-32700));
  CHECK(code("[]") == json::Value(-32600));
  CHECK(code(Web::request("no:such", "[]")) == json::Value(-32601));
  CHECK(client.request("POST", "/rpc", web.fields(), R"({"jsonrpc":"2.0","method":"pluginPack:list"})").status == 204);
  std::string calls = "[";
  for (int i = 0; i < 1001; ++i) calls += (i ? "," : "") + Web::request("pluginPack:list", "[]");
  CHECK(code(calls + "]") == json::Value(-32600));
}

TEST_CASE("a call of the host whose caller has gone is asked to stop") {
  test::Served served(with_http);
  const Web web(*served.server);
  for (const std::string operation : {"test:wait", "test:store"}) {
    CAPTURE(operation);
    {
      HttpClient client(web.port());
      client.send_request("POST", "/rpc", web.fields(), Web::request(operation, "[\"" + operation + "\"]"));
      served.gate.wait_for(operation);
    }
    served.gate.wait_for_end(operation);
  }
  CHECK(served.gate.callers()[0].starts_with("http:"));
}

TEST_CASE("the end of the server waits for the call, answers it and removes the token file") {
  test::Served served(with_http);
  const Web web(*served.server);
  const std::string token_path = served.server->token_path();
  HttpClient client(web.port());
  client.send_request("POST", "/rpc", web.fields(), Web::request("test:wait", R"(["late"])"));
  served.gate.wait_for("late");
  const auto events = web.events();
  std::thread stopping([&] { served.server->stop(); });
  CHECK(nobody_answers(web.port()));
  served.gate.open("late");
  CHECK(client.answer().body == R"({"jsonrpc":"2.0","result":"late passed","id":1})");
  const test::WebSocketFrame end = events->frame();
  CHECK(end.close_code() == 1001);
  events->send_frame(8, end.payload);
  stopping.join();
  CHECK_FALSE(std::filesystem::exists(token_path));
}
