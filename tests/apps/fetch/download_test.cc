// Addresses of the web, against a server on loopback.
#include "cowork/base/sha256.h"
#include "program.h"
#include "support/archive_builder.h"

using namespace cowork;
using namespace cowork::fetch::test;
using namespace std::chrono_literals;
using cowork::test::gzip;
using cowork::test::TarBuilder;

namespace {

std::string pack_archive() {
  return gzip(TarBuilder().file("cowork.plugin.json", manifest).file("x", std::string(3000, 'x')).finish());
}

std::string cannot_fetch(const std::string& url) {
  return "cannot fetch \"" + url + "\"";
}

std::string not_public(const std::string& url, const std::string& machine) {
  return "\"" + url + "\" leads to " + machine + ", which is no public address";
}

}  // namespace

TEST_CASE("a manifest or an archive is fetched over https") {
  HttpsServer server;
  const loaders::FetchOptions options = options_for(server);
  server.root().write("files/pack.tar.gz", pack_archive());
  server.root().write("files/cowork.plugin.json", "\n " + manifest);
  SECTION("archive") {
    const Fetched fetched = fetch_url(options, server.url("files/pack.tar.gz"), sha256_hex(pack_archive()));
    check_tree(fetched, {"cowork.plugin.json", "x"});
    CHECK(fetched.result->sha256 == sha256_hex(pack_archive()));
    CHECK_FALSE(fetched.phases.empty());
  }
  SECTION("manifest") {
    const Fetched fetched = fetch_url(options, server.url("files/cowork.plugin.json"));
    check_tree(fetched, {"cowork.plugin.json"});
    CHECK(fetched.contents.at("cowork.plugin.json") == "\n " + manifest);
    CHECK(fetched.result->sha256 == sha256_hex("\n " + manifest));
  }
  SECTION("in chunks, without a length") {
    check_tree(fetch_url(options, server.url("chunked/pack.tar.gz")), {"cowork.plugin.json", "x"});
  }
  SECTION("by an address that is allowed") {
    loaders::FetchOptions by_address = options;
    by_address.settings.allow_hosts = {"127.0.0.1"};
    check_tree(fetch_url(by_address, server.url_by_address("files/pack.tar.gz")), {"cowork.plugin.json", "x"});
  }
  SECTION("the server's name for it does not count") {
    check_tree(fetch_url(options, server.url("named/cowork.plugin.json")), {"cowork.plugin.json"});
  }
  SECTION("nor does what it says of its packing") {
    check_tree(fetch_url(options, server.url("encoded/pack.tar.gz")), {"cowork.plugin.json", "x"});
  }
  SECTION("after three redirects") {
    check_tree(fetch_url(options, server.url("redirect/3/files/pack.tar.gz")), {"cowork.plugin.json", "x"});
  }
  SECTION("another hash") {
    const Fetched fetched = fetch_url(options, server.url("files/pack.tar.gz"), std::string(64, '0'));
    check_refused(fetched, ErrorCode::integrity,
                  "what came from \"" + server.url("files/pack.tar.gz") + "\" is not what was asked for");
    CHECK(fetched.error->remedy() == "compare the hash with the one that the author of the pack has published");
  }
}

TEST_CASE("only public machines and allowed hosts are asked") {
  HttpsServer server;
  loaders::FetchOptions options = options_for(server);
  options.settings.allow_hosts.clear();
  server.root().write("files/pack.tar.gz", pack_archive());
  const std::string port = ":" + std::to_string(server.port());
  struct Case {
    std::string host;
    std::string machine;
    std::string shown;  // of the host, where it is read in another way
  };
  const Case table[] = {
      {"127.0.0.1", "127.0.0.1", ""},
      {"0x7f.1", "127.0.0.1", "127.0.0.1"},
      {"2130706433", "127.0.0.1", "127.0.0.1"},
      {"0177.0.0.1", "127.0.0.1", "127.0.0.1"},
      {"127.1", "127.0.0.1", "127.0.0.1"},
      {"%31%32%37.0.0.1", "127.0.0.1", "127.0.0.1"},
      {"0.0.0.0", "0.0.0.0", ""},
      {"169.254.169.254", "169.254.169.254", ""},
      {"10.0.0.1", "10.0.0.1", ""},
      {"100.64.0.1", "100.64.0.1", ""},
      {"192.168.1.1", "192.168.1.1", ""},
      {"[::1]", "::1", ""},
      {"[::ffff:127.0.0.1]", "::ffff:127.0.0.1", ""},
      {"[::ffff:7f00:1]", "::ffff:127.0.0.1", ""},
      {"[64:ff9b::7f00:1]", "64:ff9b::7f00:1", ""},
      {"[fe80::1]", "fe80::1", ""},
      {"[fd00::1]", "fd00::1", ""},
  };
  for (const auto& [host, machine, shown] : table) {
    INFO(host);
    const std::string seen = "https://" + (shown.empty() ? host : shown) + port + "/files/pack.tar.gz";
    const Fetched fetched = fetch_url(options, "https://" + host + port + "/files/pack.tar.gz");
    REQUIRE(fetched.error);
    CHECK(fetched.error->code() == ErrorCode::network);
    CHECK_THAT(fetched.error->message(),
               Catch::Matchers::EndsWith("leads to " + machine + ", which is no public address"));
    if (host.find('[') == std::string::npos) CHECK(fetched.error->message() == not_public(seen, machine));
  }
  // A name that leads to several, of which one is the first to be tried.
  const Fetched by_name = fetch_url(options, server.url("files/pack.tar.gz"));
  REQUIRE(by_name.error);
  CHECK(by_name.error->code() == ErrorCode::network);
  CHECK_THAT(by_name.error->message(), Catch::Matchers::EndsWith(", which is no public address"));
  CHECK(server.requests().empty());
}

TEST_CASE("an allowed host is allowed on its port") {
  HttpsServer server;
  loaders::FetchOptions options = options_for(server);
  server.root().write("files/x", manifest);
  for (const std::string& allowed : {server.authority(), std::string("localhost"), std::string("LocalHost")}) {
    options.settings.allow_hosts = {"elsewhere.example", allowed};
    CHECK(fetch_url(options, server.url("files/x")).result);
  }
  for (const std::string& other :
       {std::string("localhost:1"), std::string("host"), std::string("*"), std::string("")}) {
    options.settings.allow_hosts = {other};
    CHECK(fetch_url(options, server.url("files/x")).error);
  }
}

TEST_CASE("a redirect is checked as the first address was") {
  HttpsServer server;
  HttpsServer plain(HttpsServer::Scheme::http);
  const loaders::FetchOptions options = options_for(server);
  server.root().write("files/x", manifest);
  const auto redirected = [&](const std::string& to) { return fetch_url(options, server.url("redirect-to/?" + to)); };
  const std::string from = "\"" + server.url("redirect-to/?***") + "\"";
  SECTION("to an allowed host") {
    CHECK(redirected(server.url("files/x")).result);
  }
  SECTION("four times") {
    check_refused(fetch_url(options, server.url("redirect/4/files/x")), ErrorCode::network,
                  "\"" + server.url("redirect/4/files/x") + "\" redirects more than 3 times");
    CHECK(server.requests().size() == 4);
  }
  SECTION("to http") {
    check_refused(redirected(plain.url("files/x")), ErrorCode::network, from + " redirects from https to http");
    CHECK(plain.requests().empty());
  }
  SECTION("to a machine that is not public") {
    const Fetched fetched = redirected(server.url_by_address("files/x"));
    check_refused(fetched, ErrorCode::network,
                  from + " redirects: " + not_public(server.url_by_address("files/x"), "127.0.0.1"));
    CHECK(server.requests().size() == 1);
  }
  SECTION("to other protocols") {
    for (const char* to : {"file:///etc/passwd", "ftp://example.org/x", "gopher://127.0.0.1/x", "dict://127.0.0.1/"}) {
      INFO(to);
      const Fetched fetched = redirected(to);
      REQUIRE(fetched.error);
      CHECK(fetched.error->code() == ErrorCode::network);
      CHECK(fetched.tree.empty());
    }
  }
}

TEST_CASE("addresses that are none are refused") {
  struct Case {
    std::string address;
    std::string why;
  };
  const Case table[] = {
      {"https://", "No host part in the URL"},
      {"ftp://example.org/x", "it is neither https nor http"},
      {"https://example.org/a b", "it holds a space, a control character or a backslash"},
      {"https://example.org/\r\nX: y", "it holds a space, a control character or a backslash"},
      {"https://example.org\\@127.0.0.1/", "it holds a space, a control character or a backslash"},
      {"https://[fe80::1%25eth0]/x", "it names a network interface"},
  };
  for (const auto& [address, why] : table) {
    INFO(address);
    const Fetched fetched = fetch_url(quick_options(), address);
    REQUIRE(fetched.error);
    CHECK(fetched.error->code() == ErrorCode::invalid_argument);
    CHECK(fetched.error->why() == why);
  }
  for (const char* address : {"https://user:secret@example.org/x", "file:///etc/passwd", "https://a:b:c/", "x", ""}) {
    INFO(address);
    const Fetched fetched = fetch_url(quick_options(), address);
    REQUIRE(fetched.error);
    CHECK(fetched.error->message().find("secret") == std::string::npos);
    CHECK(fetched.tree.empty());
  }
}

TEST_CASE("a server that misbehaves is a network error") {
  HttpsServer server;
  const loaders::FetchOptions options = options_for(server);
  server.root().write("files/pack.tar.gz", pack_archive());
  SECTION("statuses") {
    const std::string token_remedy = "in host.json name a file with a token as fetch.tokenFile, and \"" +
                                     server.authority() + "\" in fetch.allowHosts";
    struct Case {
      std::string path;
      ErrorCode code;
      std::string begins;
      std::string ends;
      std::string why;
      std::string remedy;
    };
    const Case table[] = {
        {"files/missing", ErrorCode::not_found, "there is nothing at ", "", "its server answers with status 404",
         "check the address"},
        {"status/410", ErrorCode::not_found, "there is nothing at ", "", "its server answers with status 410",
         "check the address"},
        {"status/401", ErrorCode::network, "", " answers with status 401",
         "its server gives it to those only who may have it", token_remedy},
        {"status/403", ErrorCode::network, "", " answers with status 403",
         "its server gives it to those only who may have it", token_remedy},
        {"status/500", ErrorCode::network, "", " answers with status 500", "its server has a fault",
         "run the command again later"},
        {"status/302", ErrorCode::network, "", " answers with status 302",
         "it leads to another address, which is not followed from here", "use the address that it leads to"},
        {"status/204", ErrorCode::network, "", " answers with status 204", "a pack comes with status 200 only",
         "check the address"},
        {"status/304", ErrorCode::network, "", " answers with status 304", "a pack comes with status 200 only",
         "check the address"},
    };
    for (const auto& [path, code, begins, ends, why, remedy] : table) {
      const Fetched fetched = fetch_url(options, server.url(path));
      check_refused(fetched, code, begins + "\"" + server.url(path) + "\"" + ends, why);
      CHECK(fetched.error->remedy() == remedy);
    }
  }
  SECTION("fewer bytes than it said") {
    check_refused(fetch_url(options, server.url("short/pack.tar.gz")), ErrorCode::network,
                  cannot_fetch(server.url("short/pack.tar.gz")));
  }
  SECTION("more bytes than it said: what it said counts, and is no archive") {
    const Fetched fetched = fetch_url(options, server.url("long/pack.tar.gz"));
    REQUIRE(fetched.error);
    CHECK(fetched.error->code() == ErrorCode::invalid_argument);
  }
  SECTION("headers without end") {
    check_refused(fetch_url(options, server.url("headers")), ErrorCode::network, cannot_fetch(server.url("headers")),
                  "its headers are too long");
  }
  SECTION("a certificate that nobody has signed") {
    loaders::FetchOptions without_ca = options;
    without_ca.settings.ca_file.clear();
    const Fetched fetched = fetch_url(without_ca, server.url("files/pack.tar.gz"));
    check_refused(fetched, ErrorCode::network, cannot_fetch(server.url("files/pack.tar.gz")));
    CHECK(fetched.error->remedy() ==
          "if you trust that server, name the certificates that it is checked with as fetch.caFile in host.json");
    CHECK(server.requests().empty());
  }
  SECTION("nobody there") {
    std::string nowhere;
    {
      HttpsServer gone;
      nowhere = gone.url("x");
    }
    loaders::FetchOptions anywhere = options;
    anywhere.settings.allow_hosts = {"localhost"};
    check_refused(fetch_url(anywhere, nowhere), ErrorCode::network, cannot_fetch(nowhere));
  }
}

TEST_CASE("a download ends at its limits") {
  HttpsServer server;
  loaders::FetchOptions options = options_for(server);
  server.root().write("files/pack.tar.gz", pack_archive());
  SECTION("endless") {
    options.limits.download_bytes = 1 << 20;
    check_refused(fetch_url(options, server.url("endless")), ErrorCode::invalid_argument,
                  "\"" + server.url("endless") + "\": it is larger than 1048576 bytes");
  }
  SECTION("nothing more comes") {
    options.limits.stall = 1s;
    check_refused(fetch_url(options, server.url("stall/pack.tar.gz")), ErrorCode::network,
                  "nothing came from \"" + server.url("stall/pack.tar.gz") + "\" for 1000 ms");
  }
  SECTION("a byte now and then") {
    options.limits.total = 1s;
    const Fetched fetched = fetch_url(options, server.url("drip/pack.tar.gz"));
    check_refused(fetched, ErrorCode::timeout,
                  "fetching \"" + server.url("drip/pack.tar.gz") + "\" took longer than 1000 ms");
  }
  SECTION("a stop") {
    std::stop_source source;
    FetchControl control;
    control.stop = source.get_token();
    control.progress = [&](const FetchProgress& progress) {
      if (progress.phase == "download") source.request_stop();
    };
    options.limits.download_bytes = 1ULL << 40;
    check_refused(fetch::test::fetch(options, {FetchRequest::Kind::url, server.url("endless"), {}, {}}, control),
                  ErrorCode::cancelled, "fetching \"" + server.url("endless") + "\" was cancelled");
  }
}
