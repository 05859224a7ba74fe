// What fetch in host.json opens: http, a token, a proxy.
#include <sys/stat.h>

#include "cowork/base/sha256.h"
#include "program.h"

using namespace cowork;
using namespace cowork::fetch::test;

TEST_CASE("http is for pinned content where it is allowed") {
  HttpsServer plain(HttpsServer::Scheme::http);
  plain.root().write("files/x", manifest);
  loaders::FetchOptions options = options_for(plain);
  const std::string url = plain.url("files/x");
  check_refused(fetch_url(options, url, sha256_hex(manifest)), ErrorCode::invalid_argument,
                "\"" + url + "\" is not https");
  options.settings.allow_http = true;
  check_refused(fetch_url(options, url), ErrorCode::invalid_argument, "\"" + url + "\" is not https");
  CHECK(plain.requests().empty());
  check_tree(fetch_url(options, url, sha256_hex(manifest)), {"cowork.plugin.json"});
}

TEST_CASE("the token goes to allowed hosts over https, and not along with a redirect") {
  HttpsServer server;
  HttpsServer other;
  TemporaryDirectory secrets;
  secrets.write("token", "s3cret-token\n");
  ::chmod(secrets.path("token").c_str(), 0600);
  server.root().write("files/x", manifest);
  other.root().write("files/x", manifest);
  loaders::FetchOptions options = options_for(server);
  options.settings.token_file = secrets.path("token");
  // Both servers are allowed and trusted.
  options.settings.allow_hosts.push_back(other.authority());
  SECTION("to the host that was asked") {
    CHECK(fetch_url(options, server.url("token/files/x")).result);
    CHECK(server.requests().at(0).authorization == "Bearer s3cret-token");
  }
  SECTION("along a redirect on that host") {
    CHECK(fetch_url(options, server.url("redirect/1/token/files/x")).result);
    CHECK(server.requests().at(1).authorization == "Bearer s3cret-token");
  }
  SECTION("not to another allowed one that it redirects to") {
    std::string both;
    for (const HttpsServer* one : {&server, &other}) {
      std::ifstream stream(one->ca_file());
      both.append(std::istreambuf_iterator<char>(stream), {});
    }
    secrets.write("ca.pem", both);
    options.settings.ca_file = secrets.path("ca.pem");
    CHECK(fetch_url(options, server.url("redirect-to/?" + other.url("files/x"))).result);
    CHECK(server.requests().at(0).authorization == "Bearer s3cret-token");
    CHECK(other.requests().at(0).authorization.empty());
  }
  SECTION("not over http") {
    HttpsServer plain(HttpsServer::Scheme::http);
    plain.root().write("files/x", manifest);
    options.settings.allow_hosts = {plain.authority()};
    options.settings.allow_http = true;
    CHECK(fetch_url(options, plain.url("files/x"), sha256_hex(manifest)).result);
    CHECK(plain.requests().at(0).authorization.empty());
  }
  SECTION("a file that others can read is not used") {
    ::chmod(secrets.path("token").c_str(), 0644);
    for (const auto kind : {FetchRequest::Kind::url, FetchRequest::Kind::git})
      check_refused(fetch::test::fetch(options, {kind, server.url("files/x"), {}, {}}), ErrorCode::io,
                    "the token file \"" + secrets.path("token") + "\" can't be used", "others may read or write it");
    CHECK(server.requests().empty());
  }
}

TEST_CASE("a proxy is used where one is named") {
  // It does not tunnel; that it was asked to is what counts.
  HttpsServer proxy(HttpsServer::Scheme::http);
  loaders::FetchOptions options = quick_options();
  options.settings.proxy = proxy.url("");
  SECTION("for names, which it looks up") {
    const Fetched fetched = fetch_url(options, "https://pack.invalid/x");
    check_refused(fetched, ErrorCode::network, "cannot fetch \"https://pack.invalid/x\"");
    CHECK_THAT(fetched.error->why(), Catch::Matchers::Contains("CONNECT"));
  }
  SECTION("but addresses are still checked") {
    check_refused(fetch_url(options, "https://10.0.0.1/x"), ErrorCode::network,
                  "\"https://10.0.0.1/x\" leads to 10.0.0.1, which is no public address");
    CHECK(proxy.requests().empty());
  }
}

TEST_CASE("a file of certificates that can't be used is said to be one") {
  HttpsServer server;
  TemporaryDirectory place;
  place.write("empty.pem", "no certificate");
  place.make_directory("directory");
  struct Case {
    std::string name;
    std::string why;
  };
  const Case table[] = {{"missing.pem", "cannot open it: No such file or directory"},
                        {"directory", "it is no regular file"},
                        {"empty.pem", "it holds no PEM certificate"}};
  for (const auto& [name, why] : table) {
    for (const auto kind : {FetchRequest::Kind::url, FetchRequest::Kind::git}) {
      INFO(name);
      loaders::FetchOptions options = options_for(server);
      options.settings.ca_file = place.path(name);
      const Fetched fetched = fetch::test::fetch(options, {kind, server.url("git/x.git"), {}, {}});
      check_refused(fetched, ErrorCode::io, "the certificate file \"" + place.path(name) + "\" can't be used", why);
      CHECK(fetched.error->remedy() == "name a file of PEM certificates as fetch.caFile in host.json");
    }
  }
  CHECK(server.requests().empty());
}
