// Fetching as an application embeds it: settings, cancellation, a missing program.
#include <unistd.h>

#include <stop_token>

#include "cowork/assembly/standard_host.h"
#include "install_desk.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::test;

namespace {

StandardHostOptions options_of(const InstallDesk& desk) {
  StandardHostOptions options;
  options.home = desk.cli.path("home");
  options.builtin_directory = desk.cli.path("builtin");
  options.machine_policy_path = desk.cli.path("etc/policies.json");
  options.machine_settings_path = desk.cli.path("etc/host.json");
  options.watch = false;
  return options;
}

PluginHost start(const StandardHostOptions& options) {
  auto host = start_standard_host(options);
  if (!host) throw std::runtime_error(host.error().message());
  return std::move(*host);
}

}  // namespace

TEST_CASE("without the fetch program archives and addresses are io, and all else works") {
  InstallDesk desk;
  desk.offer("tea");
  StandardHostOptions options = options_of(desk);
  options.fetch_program = desk.cli.path("no-such-program");
  PluginHost host = start(options);
  CHECK(host.call(InstallPackFromGit{desk.server.url("git/tea.git"), {}}).error().code() == ErrorCode::io);
  CHECK(host.call(InstallPackFromUrl{desk.server.url("files/tea.json"), {}}).error().code() == ErrorCode::io);
  CHECK(host.call(InstallPack{desk.cli.path("offers/tea.zip"), {}}).error().code() == ErrorCode::io);
  CHECK(host.call(InstallPack{desk.cli.path("offers/tea"), {}}));
  CHECK(host.list());
}

TEST_CASE("where an administrator governs the machine, the user's host.json opens no internal host") {
  if (::getuid() != 0) return skip("only root can write a machine policy that counts");
  for (const char* file : {"etc/policies.json", "etc/host.json"}) {
    INFO(file);
    InstallDesk desk;
    desk.offer("tea");
    desk.cli.write(file, "{}");
    PluginHost host = start(options_of(desk));
    CHECK(host.call(InstallPackFromUrl{desk.server.url("files/tea.json"), {}}).error().code() == ErrorCode::network);
    CHECK(desk.server.requests().empty());
  }
  InstallDesk desk;
  desk.offer("tea");
  desk.cli.write("etc/host.json", desk.cli.read("home/host.json"));
  PluginHost host = start(options_of(desk));
  CHECK(host.call(InstallPackFromUrl{desk.server.url("files/tea.json"), {}}));
}

TEST_CASE("cancelled while it downloads: an error, and nothing left") {
  InstallDesk desk;
  desk.offer("tea");
  PluginHost host = start(options_of(desk));
  std::stop_source stop;
  std::vector<std::string> phases;
  const auto subscription = host.subscribe([&](const Event& event) {
    if (event.type != "install-progress") return;
    phases.push_back(*event.data.find("phase")->as_string());
    if (phases.back() == "download") stop.request_stop();
  });
  CallOptions call;
  call.stop = stop.get_token();
  const auto result = host.call(InstallPackFromUrl{desk.server.url("stall/tea.tar.gz"), {}}, call);
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == ErrorCode::cancelled);
  CHECK_FALSE(phases.empty());
  CHECK_FALSE(desk.cli.exists("home/extensions"));
}

TEST_CASE("cancelled before anything was asked of the network") {
  InstallDesk desk;
  desk.offer("tea");
  PluginHost host = start(options_of(desk));
  std::stop_source stop;
  stop.request_stop();
  CallOptions call;
  call.stop = stop.get_token();
  CHECK(host.call(InstallPackFromGit{desk.server.url("git/tea.git"), {}}, call).error().code() == ErrorCode::cancelled);
  CHECK(desk.server.requests().empty());
}

TEST_CASE("a server that stands still is given up on, and leaves nothing") {
  InstallDesk desk;
  desk.offer("tea");
  StandardHostOptions options = options_of(desk);
  options.fetch_timeout = std::chrono::seconds(2);
  PluginHost host = start(options);
  const auto result = host.call(InstallPackFromUrl{desk.server.url("stall/tea.tar.gz"), {}});
  REQUIRE_FALSE(result);
  CHECK((result.error().code() == ErrorCode::network || result.error().code() == ErrorCode::timeout));
  CHECK_FALSE(desk.server.requests().empty());
  CHECK_FALSE(desk.cli.exists("home/extensions"));
}

TEST_CASE("nested operations of an install carry its id, and events tell how far it is") {
  InstallDesk desk;
  desk.offer("tea");
  std::vector<std::string> seen;
  std::vector<std::string> events;
  auto started = start_standard_host(options_of(desk), [&](HostBuilder& builder) {
    builder.use("recorder", [&](Call& call, Next next) {
      seen.push_back(std::string(call.info().name) + (call.parent() != 0 ? " nested" : ""));
      return next(call);
    });
  });
  REQUIRE(started);
  const auto subscription = started->subscribe([&](const Event& event) { events.push_back(event.type); });
  REQUIRE(started->call(InstallPackFromGit{desk.server.url("git/tea.git"), {}}));
  CHECK(seen == std::vector<std::string>{"pluginPack:installGit", "pack:admit nested", "pack:activate nested"});
  CHECK(std::count(events.begin(), events.end(), "install-progress") > 0);
  CHECK(std::count(events.begin(), events.end(), "catalog-changed") == 1);
}
