// A host in another process, as the command line sees it: what goes over the wire, and what a server may not do to it.
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <iostream>
#include <map>

#include "client.h"
#include "fake_client.h"
#include "program.h"
#include "scripted_server.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::cli;
using namespace cowork::cli::test;

namespace {

std::unique_ptr<Client> client_of(const std::string& path, bool dry_run = false) {
  GlobalOptions options;
  options.connect = path;
  options.dry_run = dry_run;
  Result<std::unique_ptr<Client>> client = make_socket_client(options);
  if (!client) FAIL(client.error().message() << ": " << client.error().why());
  return std::move(*client);
}

/// What a client makes of one answer.
Result<json::Value> told(const std::string& answer) {
  const ScriptedServer server([&](Peer& peer) {
    if (!peer.line().empty()) peer.send(answer);
  });
  std::vector<std::string> warnings;
  return client_of(server.path())->call("host:status", {}, warnings);
}

/// A command line run with `--connect`.
Ran connected(const std::string& socket, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--connect", socket});
  std::istringstream in;
  std::ostringstream out, err;
  Terminal terminal{in, out, err};
  const int status = cli::run(arguments, terminal, make_client);
  return {status, out.str(), err.str()};
}

std::string result(std::int64_t id, const std::string& text) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":)" + text + "}\n";
}

}  // namespace

TEST_CASE("a call goes out as one line of JSON-RPC 2.0, and its result comes back") {
  std::vector<std::string> lines;
  {
    const ScriptedServer server([&](Peer& peer) {
      for (std::int64_t id = 1; id <= 3; ++id) {
        lines.push_back(peer.line());
        peer.send(result(id, R"({"n": 1.50, "text": "é"})"));
      }
    });
    std::vector<std::string> warnings;
    const auto client = client_of(server.path());
    CHECK(json::to_text(*client->call("host:status", {}, warnings)) == R"({"n":1.50,"text":"é"})");
    REQUIRE(client->call("pluginPack:get", value(R"(["a\nb"])"), warnings));
    REQUIRE(client->call("pluginPack:get", value(R"({"name":"x"})"), warnings));
    CHECK(warnings.empty());
  }
  CHECK(lines ==
        std::vector<std::string>{R"({"jsonrpc":"2.0","id":1,"method":"host:status"})",
                                 R"({"jsonrpc":"2.0","id":2,"method":"pluginPack:get","params":["a\nb"]})",
                                 R"({"jsonrpc":"2.0","id":3,"method":"pluginPack:get","params":{"name":"x"}})"});
}

TEST_CASE("a dry run is the server's to make, and its warnings are told") {
  std::string line;
  std::vector<std::string> warnings;
  {
    const ScriptedServer server([&](Peer& peer) {
      line = peer.line();
      peer.send(R"({"jsonrpc":"2.0","id":1,"result":{},"warnings":["the audit trail is full","two"]})"
                "\n");
    });
    REQUIRE(client_of(server.path(), true)->call("host:rescan", {}, warnings));
  }
  CHECK(line == R"({"jsonrpc":"2.0","id":1,"method":"host:rescan","options":{"dryRun":true}})");
  CHECK(warnings == std::vector<std::string>{"the audit trail is full", "two"});
}

TEST_CASE("an error is the host's: code, message, why, try, place and data") {
  const Result<json::Value> denied = told(
      R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Pack \"x\" is blocked by admin policy","data":{)"
      R"("code":"policy-denied","why":"packs.blocked in /p.json:4:7","try":"ask","retryAfterSec":3,)"
      R"("place":{"file":"/p.json","line":4,"column":7,"pointer":"/packs/blocked/0"}}}})"
      "\n");
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code() == ErrorCode::policy_denied);
  CHECK(denied.error().message() == "Pack \"x\" is blocked by admin policy");
  CHECK(denied.error().why() == "packs.blocked in /p.json:4:7");
  CHECK(denied.error().remedy() == "ask");
  CHECK(denied.error().place() == SourcePlace{"/p.json", 4, 7, "/packs/blocked/0"});
  CHECK(*denied.error().data() == value(R"({"retryAfterSec":3})"));
}

TEST_CASE("an error that leaves why and try open stays open, so that the command line says what it says alone") {
  const Result<json::Value> reply =
      told(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"m","data":{"code":"invalid-argument"}}})"
           "\n");
  CHECK(reply.error().code() == ErrorCode::invalid_argument);
  CHECK(reply.error().why().empty());
  CHECK(reply.error().remedy().empty());
  CHECK(reply.error().data() == nullptr);
}

TEST_CASE("events and answers to other requests before the answer are passed over") {
  const ScriptedServer server([](Peer& peer) {
    peer.line();
    peer.send(R"({"jsonrpc":"2.0","method":"policy-changed","params":{"revision":"r"}})"
              "\n" +
              result(7, "1") + result(1, "2"));
  });
  std::vector<std::string> warnings;
  CHECK(*client_of(server.path())->call("host:status", {}, warnings) == json::Value(2));
}

TEST_CASE("what is no answer of a server of cowork ends the connection") {
  const std::map<std::string, std::string> whys{
      {"HTTP/1.1 400 Bad Request\r\n\r\n", "the server does not answer as one of cowork does"},
      {"[]\n", "the server does not answer as one of cowork does"},
      {R"({"jsonrpc":"2.0","id":1,"result":1,"result":2})"
       "\n",
       "the server does not answer as one of cowork does"},
      {R"({"jsonrpc":"2.0","id":1,"re)", "the connection to the server broke off"},
      {"", "the connection to the server broke off"}};
  for (const auto& [answer, message] : whys) {
    INFO(answer);
    const Result<json::Value> reply = told(answer);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code() == ErrorCode::io);
    CHECK(reply.error().message() == message);
  }
  CHECK(told("").error().why().ends_with("/s: the server closed it; what was asked may have taken effect"));
  CHECK(told("").error().remedy() == "cowork audit");
}

TEST_CASE("after a connection broke, nothing more is asked of it") {
  int requests = 0;
  {
    const ScriptedServer server([&](Peer& peer) {
      ++requests;
      peer.line();
      peer.send("nonsense\n");
      if (!peer.line().empty()) ++requests;
    });
    const auto client = client_of(server.path());
    std::vector<std::string> warnings;
    for (int attempt = 0; attempt < 2; ++attempt)
      CHECK(client->call("host:status", {}, warnings).error().message() ==
            "the server does not answer as one of cowork does");
  }
  CHECK(requests == 1);
}

TEST_CASE("what the server said before it closed is read although the request was not taken whole") {
  const ScriptedServer server([](Peer& peer) {
    peer.send(
        R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"too long","data":{"code":"invalid-argument"}}})"
        "\n");
  });
  std::vector<std::string> warnings;
  const json::Value big = json::Value::array({std::string(4u << 20, 'x')});
  const Result<json::Value> reply = client_of(server.path())->call("pluginPack:get", big, warnings);
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code() == ErrorCode::invalid_argument);
  CHECK(reply.error().message() == "too long");
}

TEST_CASE("a stop is host:cancel, and the answer is awaited") {
  std::vector<std::string> lines;
  std::stop_source stop;
  {
    const ScriptedServer server([&](Peer& peer) {
      lines.push_back(peer.line());
      stop.request_stop();
      lines.push_back(peer.line());
      peer.send(result(2, R"({"cancelled":true})"));
      peer.send(
          R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"it was stopped","data":{"code":"cancelled"}}})"
          "\n");
    });
    const auto client = client_of(server.path());
    client->stop_with(stop.get_token());
    std::vector<std::string> warnings;
    const Result<json::Value> reply = client->call("pluginPack:installUrl", value(R"(["https://a/b"])"), warnings);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code() == ErrorCode::cancelled);
    CHECK(reply.error().message() == "it was stopped");
  }
  REQUIRE(lines.size() == 2);
  CHECK(lines.at(1) == R"({"jsonrpc":"2.0","id":2,"method":"host:cancel","params":{"id":1}})");
}

TEST_CASE("progress is that of the own operation only") {
  std::vector<std::string> lines;
  std::vector<std::int64_t> seen;
  {
    const ScriptedServer server([&](Peer& peer) {
      lines.push_back(peer.line());
      lines.push_back(peer.line());
      peer.send(result(1, R"({"events":["install-progress"]})"));
      const auto event = [&](const std::string& operation, const std::string& subject, int bytes) {
        peer.send(R"({"jsonrpc":"2.0","method":"install-progress","params":{"operation":")" + operation +
                  R"(","subject":")" + subject + R"(","phase":"download","bytes":)" + std::to_string(bytes) + "}}\n");
      };
      event("pluginPack:installUrl", "https://a.example/b.zip", 1);
      event("pluginPack:installUrl", "https://other.example/c.zip", 2);
      event("pluginPack:installGit", "https://a.example/b.zip", 3);
      event("pluginPack:installUrl", "https://a.example/b.zip", 4);
      peer.send(result(2, "{}"));
      lines.push_back(peer.line());
    });
    const auto client = client_of(server.path());
    client->on_progress([&](const json::Value& data) { seen.push_back(data.find("bytes")->as_int64().value()); });
    std::vector<std::string> warnings;
    REQUIRE(client->call("pluginPack:installUrl", value(R"({"url":"https://a.example/b.zip"})"), warnings));
  }
  CHECK(seen == std::vector<std::int64_t>{1, 4});
  CHECK(lines ==
        std::vector<std::string>{
            R"({"jsonrpc":"2.0","id":1,"method":"host:subscribe","params":{"events":["install-progress"]}})",
            R"({"jsonrpc":"2.0","id":2,"method":"pluginPack:installUrl","params":{"url":"https://a.example/b.zip"}})",
            R"({"jsonrpc":"2.0","id":3,"method":"host:unsubscribe"})"});
}

TEST_CASE("an answer of 64 MiB is read") {
  const std::size_t size = 64u << 20;
  const ScriptedServer server([&](Peer& peer) {
    peer.line();
    peer.send(result(1, "\"" + std::string(size, 'x') + "\""));
  });
  std::vector<std::string> warnings;
  const Result<json::Value> reply = client_of(server.path())->call("skill:render", {}, warnings);
  REQUIRE(reply);
  CHECK(reply->as_string()->size() == size);
}

TEST_CASE("a server of another user is told nothing") {
  if (::geteuid() != 0) {
    std::cout << "SKIPPED: another user's server, since only root can be one" << std::endl;
    return;
  }
  const cowork::test::TemporaryDirectory directory;
  std::filesystem::permissions(directory.path(), std::filesystem::perms::all);
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    // Only what may be done after fork: the other user's whole program.
    const bool dropped = ::setuid(65534) == 0;
    const int listening = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, directory.path("s").c_str(), sizeof address.sun_path - 1);
    const bool bound = ::bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                       ::listen(listening, 1) == 0;
    const char answer = dropped && bound ? 'y' : 'n';
    if (::write(ready[1], &answer, 1) != 1) ::_exit(1);
    char byte = 0;
    const int accepted = ::accept(listening, nullptr, nullptr);
    ::_exit(::read(accepted, &byte, 1) == 0 ? 0 : 2);  // 2: it was told something
  }
  char answer = 0;
  REQUIRE(::read(ready[0], &answer, 1) == 1);
  REQUIRE(answer == 'y');
  GlobalOptions options;
  options.connect = directory.path("s");
  const auto client = make_socket_client(options);
  REQUIRE_FALSE(client);
  CHECK(client.error().code() == ErrorCode::io);
  CHECK(client.error().message() == "the server is another user's");
  CHECK(client.error().why() == directory.path("s") + " is listened on by user 65534");
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("no server: the command that starts one") {
  const cowork::test::TemporaryDirectory directory;
  CHECK(connected(directory.path("none.sock"), {"pack", "list"}).err ==
        "error[io]: no server is running at this socket\n"
        "  why: there is no socket " +
            directory.path("none.sock") +
            "\n"
            "  try: cowork serve --socket " +
            directory.path("none.sock") + "\n");
  std::string stale;
  {
    const ScriptedServer server([](Peer&) {});
    std::filesystem::create_hard_link(server.path(), directory.path("stale.sock"));
  }
  const Ran ran = connected(directory.path("stale.sock"), {"pack", "list", "--json"});
  CHECK(ran.status == 1);
  CHECK(document(ran) ==
        value(R"({"format_version":"1.0","error":{"code":"io","message":"no server is running at this socket",
    "why":"nobody listens at )" +
              directory.path("stale.sock") + R"(","try":"cowork serve --socket )" + directory.path("stale.sock") +
              R"(","data":{}}})"));
  directory.write("file", "");
  CHECK(connected(directory.path("file"), {"pack", "list"}).status == 1);
  const Ran long_path = connected("/" + std::string(120, 'x'), {"pack", "list"});
  CHECK(long_path.status == 2);
  CHECK(long_path.err.starts_with("error[invalid-argument]: the path of the socket is too long\n"));
}

TEST_CASE("--connect goes with none of the options that choose a host, and names a socket") {
  FakeHost host;
  for (const char* option : {"--home", "--builtin"}) {
    const Ran ran = run(host, {"pack", "list", "--connect", "/s", option, "/h"});
    CHECK(ran.status == 2);
    CHECK(ran.err ==
          "error[invalid-argument]: --connect goes without --home and --builtin: the server has its own\n"
          "  why: usage: cowork pack list [OPTIONS]\n"
          "  try: cowork pack list --help\n");
  }
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{"--connect", "", "pack", "list"}, {"pack", "list", "--connect="}})
    CHECK(run(host, line).status == 2);
  CHECK(host.calls.empty());
}
