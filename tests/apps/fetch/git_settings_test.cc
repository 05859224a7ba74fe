#include "git_settings.h"

#include <algorithm>

#include "support/catch.h"
#include "support/https_server.h"
#include "support/repository.h"

using namespace cowork;
using namespace cowork::fetch;

namespace {

std::string value_of(const GitSettings& settings, std::string_view key) {
  const auto found =
      std::find_if(settings.begin(), settings.end(), [&](const auto& pair) { return pair.first == key; });
  return found == settings.end() ? "(not set)" : found->second;
}

GitSettings settings_for(const Request& request, std::string_view url, const std::vector<std::string>& machines,
                         const std::string& token = {}) {
  return git_settings(request, parse_address(url).value(), machines, token, "/empty");
}

}  // namespace

TEST_CASE("git is given the addresses that were checked") {
  Request request;
  CHECK(value_of(settings_for(request, "https://Example.org/x", {"1.1.1.1", "2606:4700::1"}), "http.curloptResolve") ==
        "example.org:443:1.1.1.1,[2606:4700::1]");
  CHECK(parse_address("https://Example.org/x")->url == "https://example.org/x");
  CHECK(value_of(settings_for(request, "https://1.1.1.1/x", {"1.1.1.1"}), "http.curloptResolve") == "(not set)");
}

TEST_CASE("git's settings allow https and nothing else") {
  const GitSettings settings = settings_for({}, "https://example.org/x", {"1.1.1.1"}, "secret");
  const std::pair<std::string, std::string> table[] = {
      {"protocol.allow", "never"},
      {"protocol.https.allow", "always"},
      {"http.followRedirects", "false"},
      {"core.hooksPath", "/dev/null"},
      {"core.fsmonitor", "false"},
      {"core.symlinks", "false"},
      {"credential.helper", ""},
      {"core.askPass", ""},
      {"http.proxy", ""},
      {"fetch.fsckObjects", "true"},
      {"transfer.fsckObjects", "true"},
      {"submodule.recurse", "false"},
      {"transfer.bundleURI", "false"},
      {"http.sslCAInfo", "(not set)"},
      {"http.lowSpeedTime", "30"},
      {"http.https://example.org/x.extraHeader", "(not set)"},
  };
  for (const auto& [key, value] : table) {
    INFO(key);
    CHECK(value_of(settings, key) == value);
  }
}

TEST_CASE("git gets the token for that address of an allowed host alone") {
  Request request;
  request.settings.allow_hosts = {"example.org"};
  const GitSettings settings = settings_for(request, "https://example.org/x", {"1.1.1.1"}, "secret");
  CHECK(value_of(settings, "http.https://example.org/x.extraHeader") == "Authorization: Bearer secret");
}

TEST_CASE("settings that come later cannot allow another protocol") {
  const cowork::test::TemporaryDirectory canary;
  const cowork::test::Repository repository(canary, "here.git");
  const GitEnvironment environment{canary.path("git/here.git"), {{"protocol.ext.allow", "always"}}, 2ULL << 30U};
  const auto end =
      run_git(environment, {"ls-remote", "ext::touch " + canary.path("canary")}, 1000, [] { return Result<void>(); });
  REQUIRE(end);
  CHECK(end->errors == "fatal: transport 'ext' not allowed\n");
  CHECK_FALSE(canary.exists("canary"));
}

TEST_CASE("a name that would lead elsewhere by now leads to the address that was checked") {
  const cowork::test::HttpsServer server;
  const cowork::test::Repository repository(server.root(), "pack.git");
  const std::string commit = repository.commit(repository.tree(""));
  Request request;
  request.settings.ca_file = server.ca_file();
  // Nobody knows this name; the server's certificate does.
  const std::string url = "https://pack.test:" + std::to_string(server.port()) + "/git/pack.git";
  const auto ask = [&](const std::vector<std::string>& machines) {
    const GitEnvironment environment{server.root().path("git/pack.git"), settings_for(request, url, machines),
                                     2ULL << 30U};
    return run_git(environment, {"ls-remote", "--", url, "HEAD"}, 1000, [] { return Result<void>(); }).value();
  };
  CHECK(ask({"127.0.0.1"}).out == commit + "\tHEAD\n");
  CHECK(ask({"127.0.0.2"}).status != 0);
  CHECK(ask({}).status != 0);
}
