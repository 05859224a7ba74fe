// What servers may say that the well-behaved one of the other tests never does; in this process, without a sandbox.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "download.h"
#include "support/catch.h"
#include "support/https_server.h"

using namespace cowork;
using namespace cowork::fetch;
using cowork::test::TemporaryDirectory;
using namespace std::chrono_literals;

namespace {

/// Listens on loopback. Who connects is let in by the kernel, and hears nothing.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_.get(), generic, size) != 0 || ::listen(socket_.get(), 8) != 0 ||
        ::getsockname(socket_.get(), generic, &size) != 0)
      throw std::runtime_error("cannot listen on loopback");
    port_ = ntohs(address.sin_port);
  }
  int socket() const { return socket_.get(); }
  std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  loaders::Descriptor socket_;
  int port_ = 0;
};

/// Says the same bytes, over http, to whoever has asked.
class Speaker {
 public:
  explicit Speaker(std::string words) : words_(std::move(words)), thread_([this] { serve(); }) {}
  ~Speaker() {
    ::shutdown(listener_.socket(), SHUT_RDWR);
    thread_.join();
  }
  std::string authority() const { return listener_.authority(); }
  std::string url() const { return "http://" + authority() + "/x"; }

 private:
  void serve() const {
    for (;;) {
      const loaders::Descriptor client(::accept4(listener_.socket(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!client.is_open()) return;
      std::string asked;
      char byte = 0;
      while (!asked.ends_with("\r\n\r\n") && ::recv(client.get(), &byte, 1, 0) == 1) asked += byte;
      std::string_view left = words_;
      while (!left.empty()) {
        const ssize_t sent = ::send(client.get(), left.data(), left.size(), MSG_NOSIGNAL);
        if (sent < 0) break;
        left.remove_prefix(static_cast<std::size_t>(sent));
      }
    }
  }

  Listener listener_;
  std::string words_;
  std::thread thread_;
};

/// A scratch directory, a request to change, and frames that nobody reads.
struct Download {
  Download(const std::string& address, const std::string& authority) {
    request.what = {FetchRequest::Kind::url, address, {}, std::string(64, 'a')};
    request.scratch = scratch.path();
    request.settings.allow_hosts = {authority};
    request.settings.allow_http = true;
  }

  Result<FetchedFile> run() {
    const loaders::Descriptor null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    FrameWriter frames(null.get());
    return download(request, {}, frames);
  }
  Error refused() {
    const auto file = run();
    REQUIRE_FALSE(file);
    return file.error();
  }

  TemporaryDirectory scratch;
  Request request;
};

std::string status_with_body(const std::string& line, std::size_t body_bytes) {
  return "HTTP/1.1 " + line + "\r\nContent-Length: " + std::to_string(body_bytes) + "\r\nConnection: close\r\n\r\n" +
         std::string(body_bytes, 'x');
}

}  // namespace

TEST_CASE("what comes along with a status other than 200 is passed over, however much it is") {
  for (const std::size_t body_bytes : {std::size_t{10}, std::size_t{1} << 20U}) {
    INFO(body_bytes);
    const Speaker server(status_with_body("404 Not Found", body_bytes));
    Download fetch(server.url(), server.authority());
    // Not even counted as a part of what may be fetched.
    fetch.request.limits.download_bytes = 1;
    const Error error = fetch.refused();
    CHECK(error.code() == ErrorCode::not_found);
    CHECK(error.message() == "there is nothing at \"" + server.url() + "\"");
    CHECK(error.why() == "its server answers with status 404");
  }
}

TEST_CASE("a redirect is followed from http to http, and its own body is not what was asked for") {
  const cowork::test::HttpsServer target(cowork::test::HttpsServer::Scheme::http);
  target.root().write("files/x", "what was asked for");
  const std::string line = "302 Found\r\nLocation: " + target.url("files/x");
  SECTION("a short body") {
    const Speaker server(status_with_body(line, 10));
    Download fetch(server.url(), server.authority());
    fetch.request.settings.allow_hosts.push_back(target.authority());
    auto file = fetch.run();
    REQUIRE(file);
    CHECK(file->bytes().value() == "what was asked for");
    CHECK(fetch.scratch.tree().empty());
  }
  SECTION("a body that is cut, by which libcurl forgets where to go") {
    const Speaker server(status_with_body(line, 1U << 20U));
    Download fetch(server.url(), server.authority());
    fetch.request.settings.allow_hosts.push_back(target.authority());
    const Error error = fetch.refused();
    CHECK(error.code() == ErrorCode::network);
    CHECK(error.message() == "\"" + server.url() + "\" answers with status 302");
    CHECK(target.requests().empty());
  }
}

TEST_CASE("headers without end are refused whatever the status is") {
  std::string headers;
  for (int i = 0; i < 100; ++i) headers += "X-More: " + std::string(1000, 'x') + "\r\n";
  for (const std::string status : {"200 OK", "302 Found\r\nLocation: /", "404 Not Found"}) {
    INFO(status);
    const Speaker server("HTTP/1.1 " + status + "\r\n" + headers + "\r\n");
    const Error error = Download(server.url(), server.authority()).refused();
    CHECK(error.code() == ErrorCode::network);
    CHECK(error.message() == "cannot fetch \"" + server.url() + "\"");
    CHECK(error.why() == "its headers are too long");
  }
}

TEST_CASE("a server that says nothing is left") {
  const Listener listener;
  const std::string url = "https://" + listener.authority() + "/x";
  Download fetch(url, listener.authority());
  SECTION("when nothing came for too long") {
    fetch.request.limits.stall = 100ms;
    const Error error = fetch.refused();
    CHECK(error.code() == ErrorCode::network);
    CHECK(error.message() == "nothing came from \"" + url + "\" for 100 ms");
  }
  SECTION("when the whole time is over, though it was over at once") {
    fetch.request.limits.total = 0ms;
    const Error error = fetch.refused();
    CHECK(error.code() == ErrorCode::timeout);
    CHECK(error.message() == "fetching \"" + url + "\" took longer than 0 ms");
  }
}

TEST_CASE("a file of certificates that only looks like one is named") {
  const Listener listener;
  Download fetch("https://" + listener.authority() + "/x", listener.authority());
  fetch.scratch.write("ca.pem", "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n");
  fetch.request.settings.ca_file = fetch.scratch.path("ca.pem");
  const Error error = fetch.refused();
  CHECK(error.code() == ErrorCode::io);
  CHECK(error.message() == "the certificate file \"" + fetch.scratch.path("ca.pem") + "\" can't be used");
  CHECK(error.why().find(fetch.scratch.path("ca.pem")) != std::string::npos);
  CHECK(error.remedy() == "name a file of PEM certificates as fetch.caFile in host.json");
}
