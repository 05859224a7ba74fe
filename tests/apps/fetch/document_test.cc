// One file of the web that nobody looks at: the registry's catalog.
#include "cowork/base/sha256.h"
#include "program.h"

using namespace cowork;
using namespace cowork::fetch::test;

namespace {

Fetched fetch_document(const loaders::FetchOptions& options, std::string address, std::string sha256 = {}) {
  return cowork::fetch::test::fetch(options, {FetchRequest::Kind::document, std::move(address), {}, std::move(sha256)});
}

constexpr std::size_t largest = 16u << 20;

}  // namespace

TEST_CASE("a document comes as it is, whatever it is, under one name") {
  HttpsServer server;
  const loaders::FetchOptions options = options_for(server);
  for (const std::string& content : {std::string(R"({"packs":[]})"), std::string(), std::string("PK\x03\x04 no zip"),
                                     std::string("\x1f\x8b"), std::string("\0\n\xff", 3), std::string(100'000, 'x')}) {
    server.root().write("files/pack-catalog.json", content);
    const Fetched fetched = fetch_document(options, server.url("files/pack-catalog.json"));
    check_tree(fetched, {"document"});
    CHECK(fetched.contents.at("document") == content);
    CHECK(fetched.result->sha256 == sha256_hex(content));
    CHECK(fetched.result->commit.empty());
  }
}

TEST_CASE("a document may have 16 MiB") {
  HttpsServer server;
  const loaders::FetchOptions options = options_for(server);
  server.root().write("files/whole", std::string(largest, ' '));
  check_tree(fetch_document(options, server.url("files/whole")), {"document"});
  server.root().write("files/more", std::string(largest + 1, ' '));
  for (const char* way : {"files/more", "chunked/more"}) {
    INFO(way);
    check_refused(fetch_document(options, server.url(way)), ErrorCode::invalid_argument,
                  "\"" + server.url(way) + "\": it is larger than 16777216 bytes");
  }
  check_refused(fetch_document(options, server.url("endless")), ErrorCode::invalid_argument,
                "\"" + server.url("endless") + "\": it is larger than 16777216 bytes");
}

TEST_CASE("a document follows the rules of addresses") {
  HttpsServer server;
  HttpsServer plain(HttpsServer::Scheme::http);
  loaders::FetchOptions options = options_for(server);
  options.settings.allow_http = true;
  options.settings.allow_hosts.push_back(plain.authority());
  server.root().write("files/x", "{}");
  plain.root().write("files/x", "{}");
  SECTION("three redirects, and no fourth") {
    check_tree(fetch_document(options, server.url("redirect/3/files/x")), {"document"});
    CHECK(fetch_document(options, server.url("redirect/4/files/x")).error->code() == ErrorCode::network);
  }
  SECTION("never http, pinned or not") {
    for (const std::string& sha256 : {std::string(), sha256_hex("{}")}) {
      const Fetched fetched = fetch_document(options, plain.url("files/x"), sha256);
      REQUIRE(fetched.error);
      CHECK(fetched.error->code() == ErrorCode::invalid_argument);
    }
    CHECK(fetch_document(options, server.url("redirect-to/?" + plain.url("files/x"))).error->code() ==
          ErrorCode::network);
    CHECK(plain.requests().empty());
  }
  SECTION("no machine that is not public") {
    options.settings.allow_hosts.clear();
    CHECK(fetch_document(options, server.url("files/x")).error->code() == ErrorCode::network);
    CHECK(server.requests().empty());
  }
  SECTION("another hash than asked for") {
    check_refused(fetch_document(options, server.url("files/x"), std::string(64, '0')), ErrorCode::integrity,
                  "what came from \"" + server.url("files/x") + "\" is not what was asked for");
  }
  SECTION("nothing there") {
    check_refused(fetch_document(options, server.url("files/none")), ErrorCode::not_found,
                  "there is nothing at \"" + server.url("files/none") + "\"");
  }
  SECTION("cut short") {
    CHECK(fetch_document(options, server.url("short/x")).error->code() == ErrorCode::network);
  }
}
