// `cowork open`: a one-time address, shown or opened; never in the arguments of a program.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "browser.h"
#include "fake_client.h"
#include "support/catch.h"
#include "support/temporary_directory.h"

using namespace cowork;
using namespace cowork::cli;
using namespace cowork::cli::test;

namespace {

constexpr const char* url = "http://127.0.0.1:4242/#code=0123456789abcdef";

FakeHost server() {
  FakeHost host;
  host.answer("host:openConsole", R"({"url":"http://127.0.0.1:4242/#code=0123456789abcdef","expiresInSec":60})");
  return host;
}

/// A desktop of the test's own: a display, and an xdg-open that writes down what it was asked.
class Desktop {
 public:
  explicit Desktop(const std::string& script) {
    directory_.write("xdg-open", "#!/bin/sh\n" + script);
    std::filesystem::permissions(directory_.path("xdg-open"), std::filesystem::perms::owner_all);
    set("PATH", directory_.path() + ":/usr/bin:/bin");
    set("DISPLAY", ":7");
    set("ASKED", directory_.path("asked"));
  }
  ~Desktop() {
    // The newest first: what was set twice is as it was before both.
    for (auto it = before_.rbegin(); it != before_.rend(); ++it)
      it->second ? ::setenv(it->first, it->second->c_str(), 1) : ::unsetenv(it->first);
  }
  Desktop(const Desktop&) = delete;
  Desktop& operator=(const Desktop&) = delete;

  void set(const char* name, const std::string& value) {
    const char* before = std::getenv(name);
    before_.emplace_back(name, before ? std::optional<std::string>(before) : std::nullopt);
    ::setenv(name, value.c_str(), 1);
  }
  const cowork::test::TemporaryDirectory& directory() const { return directory_; }
  std::string socket() const { return directory_.path("s.sock"); }
  std::string page() const { return socket() + ".open.html"; }

 private:
  cowork::test::TemporaryDirectory directory_;
  std::vector<std::pair<const char*, std::optional<std::string>>> before_;
};

constexpr const char* writes_down = "printf '%s\\n' \"$@\" > \"$ASKED\"\n";

}  // namespace

TEST_CASE("open --print prints the address") {
  FakeHost host = server();
  const Ran ran = run(host, {"open", "--print", "--connect", "/s"});
  CHECK(ran.status == 0);
  CHECK(ran.out == std::string(url) + "\n");
  CHECK(ran.err == "it can be opened once, within 60 seconds\n");
  CHECK(host.options.connect == "/s");
  CHECK(host.calls.size() == 1);
}

TEST_CASE("open --json is one document, and opens nothing") {
  const Desktop desktop(writes_down);
  FakeHost host = server();
  CHECK(
      document(run(host, {"open", "--json", "--connect", desktop.socket()})) ==
      value(
          R"({"format_version":"1.0","console":{"url":"http://127.0.0.1:4242/#code=0123456789abcdef","expiresInSec":60}})"));
  CHECK_FALSE(desktop.directory().exists("asked"));
}

TEST_CASE("open uses the socket of the home") {
  FakeHost host = server();
  Desktop desktop(writes_down);
  desktop.set("XDG_RUNTIME_DIR", "/run/user/7");
  run(host, {"open", "--print", "--home", "/srv/home"});
  CHECK(host.options.connect.starts_with("/run/user/7/cowork/"));
  CHECK(host.options.connect.ends_with(".sock"));
}

TEST_CASE("open in a dry run makes no address") {
  FakeHost host = server();
  host.answer("host:status", "{}");
  const Ran ran = run(host, {"open", "-n", "--connect", "/s"});
  CHECK(ran.status == 0);
  CHECK(ran.err == "would open the console\ndry run: nothing was changed\n");
  CHECK(host.asked("host:openConsole").empty());
}

TEST_CASE("the browser is led to the address by a file of the user's alone, not by an argument") {
  const Desktop desktop(writes_down);
  FakeHost host = server();
  const Ran ran = run(host, {"open", "--connect", desktop.socket()});
  CHECK(ran.status == 0);
  CHECK(ran.out.empty());
  CHECK(ran.err == "opened the console in the browser\n");
  CHECK(desktop.directory().read("asked") == desktop.page() + "\n");
  struct stat status = {};
  REQUIRE(::stat(desktop.page().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(desktop.directory().read("s.sock.open.html") == page_leading_to(url));
  CHECK(page_leading_to(url).find("content=\"0; url=" + std::string(url) + "\"") != std::string::npos);
}

TEST_CASE("what lies where the file will be is replaced, and no link is followed") {
  const Desktop desktop(writes_down);
  desktop.directory().write("precious", "mine");
  desktop.directory().link("s.sock.open.html", desktop.directory().path("precious"));
  FakeHost host = server();
  CHECK(run(host, {"open", "--connect", desktop.socket()}).status == 0);
  CHECK(desktop.directory().read("precious") == "mine");
}

TEST_CASE("an address can't break out of the page") {
  CHECK(page_leading_to("http://x/\"><script>&").find("url=http://x/&quot;>&lt;script>&amp;\"") != std::string::npos);
}

TEST_CASE("where nothing can be opened, the address is printed") {
  FakeHost host = server();
  const std::string rest = ": open this address yourself\nit can be opened once, within 60 seconds\n";
  SECTION("no display") {
    Desktop desktop(writes_down);
    desktop.set("DISPLAY", "");
    desktop.set("WAYLAND_DISPLAY", "");
    const Ran ran = run(host, {"open", "--connect", desktop.socket()});
    CHECK(ran.out == std::string(url) + "\n");
    CHECK(ran.err == "there is no display" + rest);
    CHECK_FALSE(desktop.directory().exists("asked"));
  }
  SECTION("no xdg-open") {
    Desktop desktop(writes_down);
    desktop.set("PATH", "/nowhere");
    CHECK(run(host, {"open", "--connect", desktop.socket()}).err == "there is no xdg-open" + rest);
  }
  SECTION("no browser") {
    const Desktop desktop("exit 3\n");
    const Ran ran = run(host, {"open", "--connect", desktop.socket()});
    CHECK(ran.status == 0);
    CHECK(ran.out == std::string(url) + "\n");
    CHECK(ran.err == "xdg-open found no browser" + rest);
  }
  SECTION("no place for the file") {
    const Desktop desktop(writes_down);
    const Ran ran = run(host, {"open", "--connect", desktop.directory().path("none/s.sock")});
    CHECK(ran.out == std::string(url) + "\n");
    CHECK(ran.err.starts_with("cannot write "));
  }
}

TEST_CASE("a server without a console says so") {
  FakeHost host;
  host.answer("host:openConsole", Error::conflict("this server has no console").with_remedy("cowork serve --http"));
  const Ran ran = run(host, {"open", "--connect", "/s"});
  CHECK(ran.status == 7);
  CHECK(ran.err.starts_with("error[conflict]: this server has no console\n"));
}
