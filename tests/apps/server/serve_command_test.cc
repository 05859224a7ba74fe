// `cowork serve` as people and service managers run it.
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "flow/four_packs.h"
#include "flow/install_desk.h"
#include "serve_process.h"
#include "support/rpc_client.h"

using namespace cowork::test;
using cowork::json::Value;

namespace {

const std::string get_mine = R"({"jsonrpc":"2.0","id":1,"method":"pluginPack:get","params":["mine"]})";

int listening_at(const std::string& path) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(descriptor, 8) == 0);
  return descriptor;
}

/// Where a service manager would be told things.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& path) : descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    REQUIRE(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const timeval patience{20, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~NotifySocket() { ::close(descriptor_); }
  std::string next() const {
    char text[256];
    const ssize_t count = ::recv(descriptor_, text, sizeof text, 0);
    return count > 0 ? std::string(text, static_cast<std::size_t>(count)) : "nothing came";
  }

 private:
  int descriptor_;
};

/// Until nobody listens there any more.
void wait_until_refused(const std::string& path) {
  for (;;) {
    try {
      RpcClient late(path);
      late.begin("host:status");
      late.document();
    } catch (const std::runtime_error&) {
      return;
    }
  }
}

/// The lock that every change of a home takes, held by somebody else.
class HeldHome {
 public:
  explicit HeldHome(const CommandLine& line)
      : descriptor_(::open(line.path("home/state.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    REQUIRE(::flock(descriptor_, LOCK_EX) == 0);
  }
  ~HeldHome() { release(); }
  void release() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_;
};

}  // namespace

TEST_CASE("serve says where it listens, answers there, and ends with 0 by a signal") {
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    const FourPacks line;
    ServeProcess serve(line, {});
    const std::string said = serve.wait_for_err("console: cowork open\n");
    const std::string paths = line.json({"paths"}).document.find("paths")->find("socket")->as_string()->c_str();
    CHECK(said.starts_with("listening on unix:" + paths + "\nlistening on http://127.0.0.1:"));
    RpcClient client(paths);
    CHECK(client.call("pluginPack:get", Value::array({"mine"})).ok());
    CHECK(line.read("home/run/" + paths.substr(paths.rfind('/') + 1, 16) + ".token").size() == 65);
    serve.signal(number);
    CHECK(client.at_end());
    CHECK(serve.wait() == 0);
    CHECK_FALSE(line.exists(paths));
  }
}

TEST_CASE("serve --json is one document, at once") {
  const FourPacks line;
  ServeProcess serve(line, {"--json", "--no-http", "--socket", line.path("c.sock")});
  const Value document = parsed(serve.wait_for_out("}\n}\n"), "serve --json");
  CHECK(document == Value::object({{"format_version", "1.0"},
                                   {"server", Value::object({{"socket", line.path("c.sock")},
                                                             {"http", nullptr},
                                                             {"tokenFile", nullptr},
                                                             {"pid", static_cast<std::int64_t>(serve.pid())}})}}));
  serve.signal(SIGTERM);
  CHECK(serve.wait() == 0);
  CHECK(serve.rest_of_out().ends_with("}\n}\n"));
}

TEST_CASE("a change under way is finished and answered before the end") {
  const FourPacks line;
  line.mini_pack("new", "newcomer");
  HeldHome held(line);
  ServeProcess serve(line, {"--no-http", "--socket", line.path("c.sock")});
  serve.wait_for_err("listening on unix:");
  RpcClient client(line.path("c.sock"));
  const std::int64_t install = client.begin("pluginPack:install", Value::array({line.path("new")}));
  CHECK(client.call("pluginPack:get", Value::array({"mine"})).ok());  // the install has begun
  serve.signal(SIGTERM);
  // It has stopped listening, and still works.
  wait_until_refused(line.path("c.sock"));
  held.release();
  CHECK(text_at(client.finish(install).result(), "/packName") == "newcomer");
  CHECK(client.at_end());
  CHECK(serve.wait() == 0);
  CHECK(line.exists("home/extensions/newcomer/cowork.plugin.json"));
}

TEST_CASE("a second signal asks what still runs to stop") {
  InstallDesk desk;
  desk.offer("tea");
  const CommandLine& line = desk.cli;
  const NotifySocket manager(line.path("notify"));
  ServeProcess serve(line, {"--no-http", "--socket", line.path("c.sock")}, {{"NOTIFY_SOCKET", line.path("notify")}});
  CHECK(manager.next() == "READY=1");
  RpcClient client(line.path("c.sock"));
  CHECK(client.call("host:subscribe").ok());
  // The server sends half of it, and then nothing.
  const std::int64_t install =
      client.begin("pluginPack:installUrl", Value::array({desk.server.url("stall/tea.tar.gz")}));
  client.event("install-progress");
  serve.signal(SIGTERM);
  CHECK(manager.next() == "STOPPING=1");
  serve.signal(SIGTERM);
  CHECK(client.finish(install).code() == "cancelled");
  CHECK(serve.wait() == 0);
  CHECK_FALSE(line.exists("home/extensions/tea"));
}

TEST_CASE("standard streams: a file of requests is answered to its end, and that is the server's") {
  const FourPacks line;
  // The last line has no line feed; the long call is waited for.
  line.mini_pack("new", "newcomer");
  const std::string install =
      R"({"jsonrpc":"2.0","id":2,"method":"pluginPack:install","params":[")" + line.path("new") + "\"]}";
  const Ran ran = line.run({"serve", "--stdio"}, {}, get_mine + "\n" + install);
  CHECK(ran.status == 0);
  CHECK(ran.err.empty());
  const std::size_t first_end = ran.out.find('\n');
  REQUIRE(first_end != std::string::npos);
  CHECK(text_at(parsed(ran.out.substr(0, first_end), "first"), "/result/name") == "mine");
  CHECK(text_at(parsed(ran.out.substr(first_end + 1), "second"), "/result/packName") == "newcomer");
  CHECK_FALSE(line.exists("home/run"));  // no socket, no token
}

TEST_CASE("standard streams: a conversation by pipes, with events and a big answer") {
  const FourPacks line;
  ServeProcess serve(line, {"--stdio", "--socket", line.path("c.sock")});
  serve.write(R"({"jsonrpc":"2.0","id":"s","method":"host:subscribe"})"
              "\n");
  serve.wait_for_out("\"id\":\"s\"}\n");
  RpcClient other(line.path("c.sock"));
  CHECK(other.call("pluginPack:toggle", Value::array({"mine", false})).ok());
  serve.wait_for_out(R"({"jsonrpc":"2.0","method":"pack-state-changed","params":{"name":"mine","state":"disabled"}})");
  std::string many;
  for (int i = 0; i < 500; ++i)
    many += R"({"jsonrpc":"2.0","id":"l","method":"pluginPack:list"})"
            "\n";
  serve.write(many + R"({"jsonrpc":"2.0","id":"last","method":"host:unsubscribe"})" + "\n");
  serve.wait_for_out("\"id\":\"last\"}\n");
  serve.end_input();
  CHECK(serve.wait() == 0);
  CHECK_FALSE(line.exists("c.sock"));
}

TEST_CASE("standard streams: a signal ends it although input stays open") {
  const FourPacks line;
  ServeProcess serve(line, {"--stdio"});
  serve.write(get_mine + "\n");
  serve.wait_for_out("\"id\":1}\n");
  serve.signal(SIGTERM);
  CHECK(serve.wait() == 0);
}

TEST_CASE("standard streams: whoever closes the output ends the server, not by a signal of pipes") {
  const FourPacks line;
  auto serve = std::make_unique<ServeProcess>(line, Arguments{"--stdio"});
  serve->write(get_mine + "\n");
  serve->wait_for_out("\"id\":1}\n");
  serve->close_out();
  serve->write(get_mine + "\n" + get_mine + "\n");
  CHECK(serve->wait() == 0);
}

TEST_CASE("sockets of a service manager are adopted by name, and it is told when they are served") {
  const FourPacks line;
  const NotifySocket manager(line.path("notify"));
  const int unix_socket = listening_at(line.path("handed.sock"));
  const int http_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in loopback{};
  loopback.sin_family = AF_INET;
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(http_socket, reinterpret_cast<const sockaddr*>(&loopback), sizeof loopback) == 0);
  REQUIRE(::listen(http_socket, 8) == 0);
  socklen_t length = sizeof loopback;
  REQUIRE(::getsockname(http_socket, reinterpret_cast<sockaddr*>(&loopback), &length) == 0);
  // A client may connect before the server runs: that is what activation is for.
  RpcClient early(line.path("handed.sock"));
  const std::int64_t asked = early.begin("pluginPack:get", Value::array({"mine"}));
  {
    ServeProcess serve(line, {"--json"}, {{"NOTIFY_SOCKET", line.path("notify")}},
                       {{http_socket, "cowork-http"}, {unix_socket, "cowork-socket"}});
    CHECK(manager.next() == "READY=1");
    const Value document = parsed(serve.wait_for_out("}\n}\n"), "serve --json");
    CHECK(text_at(document, "/server/socket") == line.path("handed.sock"));
    CHECK(text_at(document, "/server/http") == "http://127.0.0.1:" + std::to_string(ntohs(loopback.sin_port)));
    CHECK(text_at(document, "/server/tokenFile") == line.path("handed.token"));
    CHECK(early.finish(asked).ok());
    serve.signal(SIGTERM);
    CHECK(manager.next() == "STOPPING=1");
    CHECK(serve.wait() == 0);
  }
  CHECK(line.exists("handed.sock"));  // the manager's
  ::close(unix_socket);
  ::close(http_socket);
}

TEST_CASE("a place that is taken is said, with what to do") {
  const FourPacks line;
  ServeProcess serve(line, {"--no-http"});
  serve.wait_for_err("listening on unix:");
  const Ran second = line.run({"serve", "--no-http"});
  CHECK(second.status == 7);
  const std::string path = text_at(line.json({"paths"}).document, "/paths/socket");
  CHECK(second.err == "error[conflict]: a server listens at \"" + path + "\" already\n  why: " + path +
                          "\n  try: stop that server, or choose another path\n");
}

TEST_CASE("flags that exclude each other are wrong usage") {
  const FourPacks line;
  const std::vector<std::pair<Arguments, std::string>> cases{
      {{"--no-socket", "--socket", "/tmp/x"}, "--socket and --no-socket exclude each other"},
      {{"--no-http", "--http"}, "--no-http excludes --http and --port"},
      {{"--no-http", "--port", "80"}, "--no-http excludes --http and --port"},
      {{"--no-socket", "--no-http"}, "nothing is left to listen on"},
      {{"--dry-run"}, "serve has no dry run: a request may ask for one"},
      {{"--no-http", "--pages", "/tmp"}, "--pages and --token-file need HTTP"},
      {{"--stdio", "--json"}, "--json has no place with --stdio: standard output is the answers'"},
  };
  for (const auto& [flags, message] : cases) {
    Arguments arguments{"serve"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const Ran ran = line.run(arguments);
    INFO(message);
    CHECK(ran.status == 2);
    CHECK((ran.err + ran.out).find(message) != std::string::npos);
  }
}
