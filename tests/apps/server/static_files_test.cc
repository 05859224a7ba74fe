#include "static_files.h"

#include <sys/stat.h>

#include "http_fixture.h"

using namespace cowork;
using test::HttpAnswer;
using test::HttpClient;
using test::HttpFixture;

namespace {

constexpr std::string_view console_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Pages of an application beside a secret that is not among them.
struct Site {
  Site() {
    directory.write("secret.txt", "secret");
    directory.write("pages/index.html", "<!doctype html>start");
    directory.write("pages/app/index.html", "<!doctype html>app");
    directory.write("pages/app/main.js", "export {}");
    directory.write("pages/a b+ä.txt", "spaces");
    directory.write("pages/.env", "secret");
    directory.write("pages/.git/config", "secret");
    directory.write("pages/app/.hidden", "secret");
    directory.write("pages/plain", "no type");
    directory.link("pages/link.txt", directory.path("secret.txt"));
    directory.link("pages/inside.txt", "index.html");
    directory.link("pages/up", "..");
    REQUIRE(::mkfifo(directory.path("pages/fifo").c_str(), 0600) == 0);
    server = std::make_unique<HttpFixture>(
        [this](server::ServerOptions& options) { options.pages_directory = directory.path("pages"); });
  }
  HttpAnswer get(const std::string& target, HttpClient::Fields fields = {}) const {
    return HttpClient(server->port()).request("GET", target, std::move(fields));
  }
  test::TemporaryDirectory directory;
  std::unique_ptr<HttpFixture> server;
};

}  // namespace

TEST_CASE("types by the end of the name") {
  CHECK(server::content_type_of("a/index.html") == "text/html; charset=utf-8");
  CHECK(server::content_type_of("a.min.js") == "text/javascript; charset=utf-8");
  CHECK(server::content_type_of("electron-api.d.ts") == "text/plain; charset=utf-8");
  CHECK(server::content_type_of("x.svg") == "image/svg+xml");
  CHECK(server::content_type_of("x.HTML") == "application/octet-stream");
  CHECK(server::content_type_of("a.js/plain") == "application/octet-stream");
  CHECK(server::content_type_of("") == "application/octet-stream");
}

TEST_CASE("embedded files are found by their exact path") {
  const std::vector<server::EmbeddedFile> files{{"assets/console.js", "js", "1"}, {"index.html", "html", "2"}};
  const auto bytes = [&](std::string_view path) {
    const server::EmbeddedFile* file = server::find_embedded(path, files);
    return file ? file->bytes : "none";
  };
  CHECK(bytes("/") == "html");
  CHECK(bytes("/index.html") == "html");
  CHECK(bytes("/assets/console.js") == "js");
  for (const std::string path : {"", "index.html", "//", "/assets", "/assets/", "/./index.html",
                                 "/assets/../index.html", "/index%2ehtml", "/INDEX.HTML", "/index.html/"}) {
    CAPTURE(path);
    CHECK(bytes(path) == "none");
  }
  CHECK(server::find_embedded("/", {}) == nullptr);
}

TEST_CASE("paths of pages are decoded once and name nothing above or hidden") {
  struct Accepted {
    std::string path, relative;
  };
  for (const Accepted& each : std::vector<Accepted>{{"", "index.html"},
                                                    {"a.html", "a.html"},
                                                    {"a/", "a/index.html"},
                                                    {"a/b.js", "a/b.js"},
                                                    {"a%20b", "a b"},
                                                    {"%C3%a4", "ä"},
                                                    {"a+b", "a+b"},
                                                    {"a..b/c...", "a..b/c..."}}) {
    CAPTURE(each.path);
    CHECK(server::relative_path(each.path) == each.relative);
  }
  for (const std::string& path : std::vector<std::string>{"..",        "../x",        "a/../x",
                                                          "a/..",      "%2e%2e/x",    "%2E%2e/x",
                                                          ".%2e/x",    "%2e./x",      "%252e%252e/x",
                                                          "%252e",     "a%2fb",       "a%2Fb",
                                                          "..%2fx",    "%5c",         "a\\b",
                                                          "..\\x",     "%5c..%5cx",   "a%00",
                                                          "%00",       "a%00.html",   "a%0a",
                                                          "a%7f",      ".",           ".env",
                                                          "./a",       "a/./b",       "a//b",
                                                          "/a",        "//",          "a/.hidden",
                                                          "%2ehidden", "%",           "%2",
                                                          "a%zz",      "%u002e",      "a%25b",
                                                          "%c0%ae/..", ".git/config", std::string("a\0b", 3)}) {
    CAPTURE(path);
    CHECK_FALSE(server::relative_path(path));
  }
}

TEST_CASE("pages are served with their type, tag and policy") {
  const Site site;
  const HttpAnswer start = site.get("/pages/");
  CHECK(start.status == 200);
  CHECK(start.body == "<!doctype html>start");
  CHECK(start.field("content-type") == "text/html; charset=utf-8");
  CHECK(start.field("cache-control") == "no-cache");
  CHECK(start.field("x-content-type-options") == "nosniff");
  CHECK(start.field("content-security-policy") ==
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
        "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; worker-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  CHECK(site.get("/pages/app/").body == "<!doctype html>app");
  CHECK(site.get("/pages/app/main.js?v=1").field("content-type") == "text/javascript; charset=utf-8");
  CHECK(site.get("/pages/a%20b+%C3%A4.txt").body == "spaces");
  CHECK(site.get("/pages/plain").field("content-type") == "application/octet-stream");
  const HttpAnswer moved = site.get("/pages");
  CHECK(moved.status == 308);
  CHECK(moved.field("location") == "/pages/");
}

TEST_CASE("nothing but regular files among the pages is served") {
  const Site site;
  for (const std::string path : {"/pages/../secret.txt",
                                 "/pages/app/../../secret.txt",
                                 "/pages/%2e%2e/secret.txt",
                                 "/pages/%252e%252e/secret.txt",
                                 "/pages/..%2fsecret.txt",
                                 "/pages/..%5csecret.txt",
                                 "/pages/..\\secret.txt",
                                 "/pages/.env",
                                 "/pages/%2eenv",
                                 "/pages/.git/config",
                                 "/pages/app/.hidden",
                                 "/pages/link.txt",
                                 "/pages/inside.txt",
                                 "/pages/up/secret.txt",
                                 "/pages/fifo",
                                 "/pages/app",
                                 "/pages/missing",
                                 "/pages/index.html%00",
                                 "/pages/index.html%00.js",
                                 "/pages//index.html",
                                 "/pages/app//main.js",
                                 "/pages/%",
                                 "/public/../pages/index.html",
                                 "/Pages/",
                                 "/pages/index.html/"}) {
    CAPTURE(path);
    const HttpAnswer answer = site.get(path);
    CHECK(answer.status == 404);
    CHECK(answer.body == test::http_error("not-found", "there is nothing at this address"));
  }
}

TEST_CASE("a page of up to sixteen mebibytes") {
  const Site site;
  site.directory.write("pages/most.bin", std::string(16u << 20, 'x'));
  site.directory.write("pages/more.bin", std::string((16u << 20) + 1, 'x'));
  CHECK(site.get("/pages/most.bin").body.size() == 16u << 20);
  CHECK(site.get("/pages/more.bin").status == 404);
}

TEST_CASE("all who are sent one version of a page share one copy") {
  const Site site;
  const auto pages = server::PageDirectory::open(site.directory.path("pages"));
  REQUIRE(pages);
  const auto first = (*pages)->read("plain").page;
  REQUIRE(first);
  CHECK((*pages)->read("plain").page == first);
  CHECK((*pages)->read("app/").page != first);
  site.directory.write("pages/plain", "another");
  const auto second = (*pages)->read("plain").page;
  REQUIRE(second);
  CHECK(first->bytes == "no type");
  CHECK(second->bytes == "another");
  CHECK(second->tag != first->tag);
  CHECK((*pages)->read("plain").page == second);
}

TEST_CASE("copies of pages that are being sent have at most sixty-four mebibytes, and give them back") {
  const Site site;
  for (int i = 0; i < 5; ++i) {
    site.directory.write("pages/" + std::to_string(i), std::string(server::PageDirectory::most_bytes, 'x'));
  }
  const auto pages = server::PageDirectory::open(site.directory.path("pages"));
  REQUIRE(pages);
  std::vector<std::shared_ptr<const server::PageDirectory::Page>> sent;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i) {
      sent.push_back((*pages)->read(std::to_string(i)).page);
      CHECK(sent.back());
    }
  }
  const auto refused = (*pages)->read("4");
  CHECK(refused.over_budget);
  CHECK_FALSE(refused.page);
  CHECK_FALSE((*pages)->read("plain").page);
  CHECK_FALSE((*pages)->read("missing").over_budget);
  sent.clear();
  CHECK((*pages)->read("4").page);
}

TEST_CASE("beyond that memory a page gets 503, and those who wait for one that is being sent share it") {
  const Site site;
  std::vector<std::unique_ptr<HttpClient>> lazy;
  for (int i = 0; i < 4; ++i) {
    const std::string name = "/pages/" + std::to_string(i);
    site.directory.write(name.substr(1), std::string(server::PageDirectory::most_bytes, 'x'));
    for (int twice = 0; twice < 2; ++twice) {
      lazy.push_back(std::make_unique<HttpClient>(site.server->port(), std::chrono::seconds(20), 4096));
      lazy.back()->send_request("GET", name);
      CHECK_FALSE(lazy.back()->at_end());
    }
  }
  const HttpAnswer refused = site.get("/pages/index.html");
  CHECK(refused.status == 503);
  CHECK(refused.body == test::http_error("service-unavailable", "too many pages are being sent; try again"));
  lazy.clear();
  CHECK(test::eventually([&] { return site.get("/pages/index.html").status == 200; }));
}

TEST_CASE("what the client has already is not sent again, until it changes") {
  const Site site;
  const HttpAnswer first = site.get("/pages/index.html");
  const std::string tag = first.field("etag");
  REQUIRE(tag.size() == 66);
  for (const std::string& known : std::vector<std::string>{tag, "\"other\", " + tag, "W/" + tag, "*"}) {
    CAPTURE(known);
    const HttpAnswer again = site.get("/pages/index.html", {{"If-None-Match", known}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(again.field("content-length").empty());
    CHECK(again.field("etag") == tag);
  }
  CHECK(site.get("/pages/index.html", {{"If-None-Match", "\"other\""}}).status == 200);
  site.directory.write("pages/index.html", "<!doctype html>other");
  const HttpAnswer changed = site.get("/pages/index.html", {{"If-None-Match", tag}});
  CHECK(changed.status == 200);
  CHECK(changed.body == "<!doctype html>other");
}

TEST_CASE("HEAD says what GET would, without the body") {
  const Site site;
  HttpClient client(site.server->port());
  const HttpAnswer head = client.request("HEAD", "/pages/index.html");
  CHECK(head.status == 200);
  CHECK(head.field("content-length") == "20");
  CHECK(head.field("etag") == site.get("/pages/index.html").field("etag"));
  CHECK(client.request("GET", "/pages/index.html").body == "<!doctype html>start");
  CHECK(client.request("HEAD", "/pages/missing").status == 404);
  CHECK(client.request("GET", "/pages/index.html").status == 200);
  const HttpAnswer posted = client.request("POST", "/pages/index.html");
  CHECK(posted.status == 405);
  CHECK(posted.field("allow") == "GET, HEAD");
}

TEST_CASE("a directory of pages is absolute and there") {
  const auto relative = server::PageDirectory::open("pages");
  REQUIRE_FALSE(relative);
  CHECK(relative.error().code() == ErrorCode::invalid_argument);
  CHECK(relative.error().message() == "the directory of pages \"pages\" is no absolute path");
  const test::TemporaryDirectory home;
  const auto missing = server::PageDirectory::open(home.path("pages"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code() == ErrorCode::not_found);
}

TEST_CASE("the console and the JavaScript client are in the program") {
  if (server::embedded_files().empty()) {
    std::puts("SKIPPED: the console was not built");
    return;
  }
  const HttpFixture server;
  HttpClient client(server.port());
  const HttpAnswer page = client.request("GET", "/");
  CHECK(page.status == 200);
  CHECK(page.body.find("<!doctype html>") == 0);
  CHECK(page.field("content-security-policy") == console_policy);
  CHECK(page.field("cache-control") == "no-cache");
  for (const server::EmbeddedFile& file : server::embedded_files()) {
    const std::string target = "/" + std::string(file.path);
    CAPTURE(target);
    const HttpAnswer answer = client.request("GET", target);
    CHECK(answer.status == 200);
    CHECK(answer.body == file.bytes);
    CHECK(answer.field("content-type") == server::content_type_of(file.path));
    CHECK(answer.field("etag") == "\"" + std::string(file.sha256) + "\"");
    CHECK(client.request("GET", target, {{"If-None-Match", answer.field("etag")}}).status == 304);
    CHECK(client.request("HEAD", target).field("content-length") == std::to_string(file.bytes.size()));
  }
}
