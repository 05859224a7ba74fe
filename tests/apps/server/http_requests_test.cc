// Who may ask what over HTTP: each rule, its status and its words; the first one that is broken answers.
#include "http_fixture.h"
#include "sessions.h"

using namespace cowork;
using test::http_error;
using test::HttpAnswer;
using test::HttpClient;
using test::HttpFixture;

namespace {

using Fields = HttpClient::Fields;
const std::string body = R"({"jsonrpc":"2.0","id":1,"method":"pluginPack:list"})";
const std::string heard = R"({"heard":)" + std::to_string(body.size()) + "}";

HttpAnswer post(const HttpFixture& server, const Fields& fields, const std::string& text = body) {
  return HttpClient(server.port()).request("POST", "/rpc", fields, text);
}

/// Every answer says so, whatever it is.
void check_common(const HttpAnswer& answer) {
  CHECK(answer.field("x-content-type-options") == "nosniff");
  CHECK(answer.field("referrer-policy") == "no-referrer");
  CHECK(answer.field("cross-origin-opener-policy") == "same-origin");
  CHECK(answer.field("cross-origin-resource-policy") == "same-origin");
  CHECK(answer.field("content-security-policy").starts_with("default-src 'none'"));
  for (const auto& [name, value] : answer.fields) CHECK_FALSE(name.starts_with("access-control-"));
}

void check_refused(const HttpAnswer& answer, int status, const std::string& code, const std::string& message) {
  CHECK(answer.status == status);
  CHECK(answer.body == http_error(code, message));
  CHECK(answer.field("content-type") == "application/json");
  CHECK(answer.field("cache-control") == "no-store");
  check_common(answer);
}

}  // namespace

TEST_CASE("a call with the token is carried out and answered") {
  const HttpFixture server;
  const HttpAnswer answer = post(server, server.fields());
  CHECK(answer.status == 200);
  CHECK(answer.body == heard);
  CHECK(answer.field("content-type") == "application/json");
  CHECK(answer.field("cache-control") == "no-store");
  check_common(answer);
  CHECK(server.dispatcher->documents() == std::vector<std::string>{body});
  CHECK(server.dispatcher->last_entry() == "http");
}

TEST_CASE("where there is nothing to say the answer is 204") {
  const HttpFixture server;
  const HttpAnswer answer = post(server, server.fields(), "silent");
  CHECK(answer.status == 204);
  CHECK(answer.body.empty());
  CHECK(answer.field("content-type").empty());
  CHECK(answer.field("content-length").empty());
  check_common(answer);
}

TEST_CASE("Host must be this server's, to the letter") {
  const HttpFixture server;
  const std::string port = ":" + std::to_string(server.port());
  const std::string message = "the Host of a request must be 127.0.0.1" + port + " or localhost" + port;
  CHECK(post(server, server.fields_with("Host", "localhost" + port)).status == 200);
  for (const std::string& host : std::vector<std::string>{
           "", "127.0.0.1", "localhost", "evil.example", "evil.example" + port, "127.0.0.1:1", "127.0.0.1" + port + ".",
           "127.0.0.1.evil.example" + port, "localhost." + port, "LOCALHOST" + port, "[::1]" + port, "0.0.0.0" + port,
           "user@127.0.0.1" + port, "127.1" + port, "127.0.0.1" + port + ", evil.example"}) {
    CAPTURE(host);
    check_refused(post(server, server.fields_with("Host", host)), 403, "forbidden", message);
  }
  Fields twice = server.fields();
  twice.emplace_back("Host", server.host());
  twice.emplace_back("Host", server.host());
  check_refused(post(server, twice), 403, "forbidden", message);
  CHECK(server.dispatcher->documents().size() == 1);
}

TEST_CASE("Host is asked for by files and events too") {
  const HttpFixture server;
  for (const std::string target : {"/", "/events", "/nowhere"}) {
    CAPTURE(target);
    CHECK(HttpClient(server.port()).request("GET", target, {{"Host", "evil.example"}}).status == 403);
  }
}

TEST_CASE("Origin must be absent or this server's, as the Host says it") {
  const HttpFixture server;
  const std::string port = ":" + std::to_string(server.port());
  CHECK(post(server, server.fields_with("Origin", "http://" + server.host())).status == 200);
  for (const std::string& origin :
       std::vector<std::string>{"null", "http://evil.example", "http://localhost" + port, "https://" + server.host(),
                                "http://127.0.0.1", "http://127.0.0.1:1", "file://", "http://" + server.host() + "/",
                                "http://" + server.host() + ".evil.example", "HTTP://" + server.host()}) {
    CAPTURE(origin);
    check_refused(post(server, server.fields_with("Origin", origin)), 403, "forbidden",
                  "requests of other origins are not answered");
  }
  Fields twice = server.fields_with("Origin", "http://" + server.host());
  twice.emplace_back("Origin", "http://evil.example");
  CHECK(post(server, twice).status == 403);
  Fields local = server.fields_with("Origin", "http://localhost" + port);
  local.emplace_back("Host", "localhost" + port);
  CHECK(post(server, local).status == 200);
  CHECK(server.dispatcher->documents().size() == 2);
}

TEST_CASE("a POST that a browser sends for another site is refused") {
  const HttpFixture server;
  CHECK(post(server, server.fields_with("Sec-Fetch-Site", "same-origin")).status == 200);
  CHECK(post(server, server.fields_with("Sec-Fetch-Site", "none")).status == 200);
  for (const std::string site : {"cross-site", "same-site", "other"}) {
    CAPTURE(site);
    check_refused(post(server, server.fields_with("Sec-Fetch-Site", site)), 403, "forbidden",
                  "requests of other sites are not answered");
  }
  CHECK(server.dispatcher->documents().size() == 2);
}

TEST_CASE("paths and methods") {
  struct Case {
    std::string method, target;
    int status;
    std::string allow;
  };
  const HttpFixture server;
  for (const Case& each : std::vector<Case>{{"POST", "/rpc/", 404, ""},
                                            {"POST", "/RPC", 404, ""},
                                            {"POST", "//rpc", 404, ""},
                                            {"POST", "/%72pc", 404, ""},
                                            {"POST", "http://127.0.0.1/rpc", 404, ""},
                                            {"GET", "/nowhere", 404, ""},
                                            {"GET", "/pages/", 404, ""},
                                            {"GET", "/../etc/passwd", 404, ""},
                                            {"OPTIONS", "*", 404, ""},
                                            {"GET", "/rpc", 405, "POST"},
                                            {"PUT", "/rpc", 405, "POST"},
                                            {"OPTIONS", "/rpc", 405, "POST"},
                                            {"DELETE", "/session", 405, "POST"},
                                            {"POST", "/events", 405, "GET"},
                                            {"HEAD", "/events", 405, "GET"}}) {
    CAPTURE(each.method, each.target);
    const HttpAnswer answer = HttpClient(server.port()).request(each.method, each.target, server.fields());
    CHECK(answer.status == each.status);
    CHECK(answer.field("allow") == each.allow);
    check_common(answer);
  }
  const HttpAnswer preflight =
      HttpClient(server.port())
          .request("OPTIONS", "/rpc",
                   {{"Access-Control-Request-Method", "POST"}, {"Access-Control-Request-Headers", "authorization"}});
  check_refused(preflight, 405, "method-not-allowed", "this address takes POST only");
  CHECK(server.dispatcher->documents().empty());
}

TEST_CASE("without the token nothing is carried out") {
  const HttpFixture server;
  const std::string token = server.token();
  for (const std::string& value : std::vector<std::string>{
           "", "Bearer", "Bearer ", "Bearer " + token.substr(1), "Bearer " + token + "0", "Basic " + token, token,
           "Bearer " + std::string(64, '0'), "Bearer " + token + ", Bearer " + token, "Bearer\t" + token}) {
    CAPTURE(value);
    const HttpAnswer answer = post(server, server.fields_with("Authorization", value));
    check_refused(answer, 401, "unauthorized", "the request does not carry a valid token");
    CHECK(answer.field("www-authenticate") == "Bearer");
  }
  Fields twice = server.fields();
  twice.emplace_back("Authorization", "Bearer " + token);
  CHECK(post(server, twice).status == 401);
  CHECK(HttpClient(server.port())
            .request("POST", "/rpc?token=" + token, {{"Content-Type", "application/json"}}, body)
            .status == 401);
  CHECK(post(server, server.fields_with("Authorization", "bearer  " + token)).status == 200);
  CHECK(server.dispatcher->documents().size() == 1);
}

TEST_CASE("a body is application/json") {
  const HttpFixture server;
  for (const std::string type : {"application/json", "application/json;charset=utf-8",
                                 "Application/JSON; charset=UTF-8", "application/json ; charset=\"utf-8\""}) {
    CAPTURE(type);
    CHECK(post(server, server.fields_with("Content-Type", type)).status == 200);
  }
  for (const std::string type :
       {"", "text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x", "application/json; charset=latin1", "application/jsonx",
        "text/plain, application/json", "application/json; charset=utf-8; a=b", "application/json-rpc"}) {
    CAPTURE(type);
    check_refused(post(server, server.fields_with("Content-Type", type)), 415, "unsupported-media-type",
                  "the body of a request must be application/json");
  }
  CHECK(server.dispatcher->documents().size() == 4);
}

TEST_CASE("the first rule that is broken answers") {
  const HttpFixture server;
  Fields fields{
      {"Host", "evil.example"}, {"Origin", "null"}, {"Content-Type", "text/plain"}, {"Content-Length", "99999999"}};
  const auto status = [&](const std::string& target) {
    return HttpClient(server.port()).request("POST", target, fields).status;
  };
  CHECK(status("/nowhere") == 403);
  fields[0].second = server.host();
  CHECK(status("/nowhere") == 403);
  fields[1].second = "";
  CHECK(status("/nowhere") == 404);
  CHECK(status("/rpc") == 401);
  fields.emplace_back("Authorization", "Bearer " + server.token());
  CHECK(status("/events") == 405);
  CHECK(status("/rpc") == 415);
  fields[2].second = "application/json";
  CHECK(status("/rpc") == 413);
}

TEST_CASE("a one-time code is exchanged for a session, once") {
  const HttpFixture server;
  const auto address = server.listener->console_address();
  REQUIRE(address);
  const std::string prefix = server.listener->address() + "/#code=";
  REQUIRE(address->starts_with(prefix));
  const std::string request = R"({"code":")" + address->substr(prefix.size()) + "\"}";
  const Fields json{{"Content-Type", "application/json"}};
  HttpClient client(server.port());

  const HttpAnswer opened = client.request("POST", "/session", json, request);
  REQUIRE(opened.status == 200);
  CHECK(opened.field("cache-control") == "no-store");
  constexpr std::string_view start = R"({"token":")";
  const std::string token = opened.body.substr(start.size(), 64);
  CHECK(opened.body == std::string(start) + token + R"(","expiresInSec":43200})");
  CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(client.request("POST", "/rpc", server.fields_with("Authorization", "Bearer " + token), body).status == 200);

  check_refused(client.request("POST", "/session", json, request), 403, "forbidden",
                "the code is not valid; each is good once, for a minute");
  server.clock->advance_ms(12 * 60 * 60 * 1000);
  CHECK(client.request("POST", "/rpc", server.fields_with("Authorization", "Bearer " + token), body).status == 401);
}

TEST_CASE("a code has a minute, and guessing is ended") {
  const HttpFixture server;
  const Fields json{{"Content-Type", "application/json"}};
  const auto address = server.listener->console_address();
  REQUIRE(address);
  HttpClient client(server.port());
  server.clock->advance_ms(60'000);
  const std::string late = R"({"code":")" + address->substr(address->size() - 64) + "\"}";
  CHECK(client.request("POST", "/session", json, late).status == 403);
  const std::string wrong = R"({"code":")" + std::string(64, '0') + "\"}";
  for (int i = 1; i < 20; ++i) CHECK(client.request("POST", "/session", json, wrong).status == 403);
  const HttpAnswer ended = client.request("POST", "/session", json, wrong);
  check_refused(ended, 429, "too-many-requests", "too many wrong codes; wait a minute");
  CHECK(ended.field("retry-after") == "60");
}

TEST_CASE("the exchange has the rules of every POST, and takes an object with a code only") {
  const HttpFixture server;
  const auto exchange = [&](const std::string& text, Fields fields = {{"Content-Type", "application/json"}}) {
    return HttpClient(server.port()).request("POST", "/session", std::move(fields), text);
  };
  const std::string wrong_shape = "the body must be an object with the member code, a string, and no other";
  for (const std::string text : {"[]", "{}", R"({"code":1})", R"({"code":"a","more":1})", R"({"Code":"a"})"}) {
    CAPTURE(text);
    check_refused(exchange(text), 400, "bad-request", wrong_shape);
  }
  CHECK(exchange("{").status == 400);
  CHECK(exchange(R"({"code":"a","code":"a"})").status == 400);
  CHECK(exchange(R"({"code":"a"})", {}).status == 415);
  CHECK(exchange(R"({"code":"a"})", {{"Content-Type", "application/json"}, {"Origin", "http://evil.example"}}).status ==
        403);
  check_refused(exchange(R"({"code":")" + std::string(5000, 'a') + "\"}"), 413, "payload-too-large",
                "the body of a request may have 4096 bytes");
}

TEST_CASE("without a console there is neither an address nor a file of it") {
  const HttpFixture server([](server::ServerOptions& options) { options.console = false; });
  const auto address = server.listener->console_address();
  REQUIRE_FALSE(address);
  CHECK(address.error().code() == ErrorCode::conflict);
  CHECK(address.error().message() == "this server has no console");
  HttpClient client(server.port());
  for (const std::string target : {"/", "/index.html", "/client/electron-api.js"}) {
    check_refused(client.request("GET", target), 404, "not-found", "there is nothing at this address");
  }
}
