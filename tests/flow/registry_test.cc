// The pack registry from end to end: a directory, a real server on loopback, and what both may hold.
#include <sys/stat.h>
#include <unistd.h>

#include "cowork/assembly/standard_host.h"
#include "cowork/base/sha256.h"
#include "install_desk.h"
#include "refusal.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::test;

namespace {

struct RegistryDesk : InstallDesk {
  /// host.json with this registry, and the server as allowed host.
  std::string settings(const std::string& url) const {
    return R"({"fetch":{"allowHosts":[")" + server.authority() + R"("],"caFile":")" + server.ca_file() +
           R"("},"registry":{"url":")" + url + R"("}})";
  }
  void registry_in_directory() const { cli.write("home/host.json", settings(cli.path("shelf"))); }
  void registry_on_server() const { cli.write("home/host.json", settings(server.url("files"))); }

  /// The members of an entry that say where the pack comes from.
  std::string by_git(const std::string& name) const {
    return R"("gitUrl":")" + server.url("git/" + name + ".git") + "\"";
  }
  std::string by_download(const std::string& name) const {
    return R"("downloadUrl":")" + server.url("files/" + name + ".tar.gz") + "\"";
  }
  static std::string entry(const std::string& id, const std::string& version, const std::string& more) {
    return R"({"id":")" + id + R"(","name":")" + id + R"(","displayName":"The )" + id + R"(","description":"About )" +
           id + R"(","version":")" + version + R"(","author":"Acme")" + (more.empty() ? "" : "," + more) + "}";
  }
  void publish(const std::vector<std::string>& entries) const {
    std::string packs;
    for (const std::string& each : entries) packs += (packs.empty() ? "" : ",") + each;
    const std::string text = R"({"version":1,"updatedAt":"2026-01-01T00:00:00Z","packs":[)" + packs + "]}";
    cli.write("shelf/pack-catalog.json", text);
    server.root().write("files/pack-catalog.json", text);
  }
  std::size_t asked(std::string_view path) const {
    std::size_t count = 0;
    for (const HttpsServer::Seen& seen : server.requests())
      if (seen.path.starts_with(path)) ++count;
    return count;
  }
};

StandardHostOptions options_of(const RegistryDesk& desk) {
  StandardHostOptions options;
  options.home = desk.cli.path("home");
  options.builtin_directory = desk.cli.path("builtin");
  options.machine_policy_path = desk.cli.path("etc/policies.json");
  options.machine_settings_path = desk.cli.path("etc/host.json");
  options.watch = false;
  return options;
}

std::vector<Diagnostic> diagnostics_of(PluginHost& host) {
  auto status = host.call(GetStatus{});
  if (!status) throw std::runtime_error(status.error().message());
  return std::move(status->diagnostics);
}

std::string archive_hash(const std::string& name, const std::string& version = "1.0.0") {
  return sha256_hex(gzip(pack_tar(name, version)));
}

}  // namespace

TEST_CASE("found, installed, outdated, updated: by repository and by download") {
  RegistryDesk desk;
  const bool remote = GENERATE(false, true);
  INFO((remote ? "https" : "directory"));
  remote ? desk.registry_on_server() : desk.registry_in_directory();
  desk.offer("tea");
  desk.offer("mate");
  const auto publish = [&](const std::string& version) {
    desk.publish({desk.entry("tea", version, desk.by_git("tea") + R"(,"category":"Kitchen")"),
                  desk.entry("mate", version,
                             desk.by_download("mate") + R"(,"sha256":")" + archive_hash("mate", version) + "\"")});
  };
  publish("1.0.0");
  CHECK(desk.cli.run({"pack", "search", "kitchen"}).out ==
        "PACK  VERSION  CATEGORY  DESCRIPTION\ntea   1.0.0    Kitchen   About tea\n");
  CHECK(desk.cli.run({"pack", "install", "tea"}).out == desk.cli.path("home/extensions/tea") + "\n");
  REQUIRE(desk.cli.run({"pack", "install", "mate"}).status == 0);
  CHECK(text_at(desk.cli.pack("tea"), "/source/kind") == "git");
  CHECK(text_at(desk.cli.pack("mate"), "/source/kind") == "url");
  CHECK(desk.cli.run({"pack", "outdated"}).out.empty());

  desk.offer("tea", "1.10.0");
  desk.offer("mate", "1.10.0");
  publish("1.10.0");
  CHECK(desk.cli.run({"pack", "outdated"}).out ==
        "PACK  INSTALLED  LATEST\nmate  1.0.0      1.10.0\ntea   1.0.0      1.10.0\n");
  const Ran dry = desk.cli.run({"pack", "update", "--all", "-n"});
  CHECK_THAT(dry.err, Catch::Contains("would update mate from 1.0.0 to 1.10.0\nwould update tea from 1.0.0 to 1.10.0"));
  const JsonRan updated = desk.cli.json({"pack", "update", "--all"});
  CHECK(updated.status == 0);
  CHECK(text_at(updated.document, "/updates/0/name") == "mate");
  CHECK(text_at(updated.document, "/updates/1/install/manifest/version") == "1.10.0");
  CHECK(text_at(desk.cli.pack("tea"), "/version") == "1.10.0");
  CHECK(text_at(desk.cli.pack("mate"), "/version") == "1.10.0");
  CHECK(desk.cli.run({"pack", "outdated"}).out.empty());
  CHECK(desk.cli.exists("home/registry.json") == remote);
}

TEST_CASE("the operations answer as SPEC has them, and without a registry") {
  RegistryDesk desk;
  CHECK(json::to_text(desk.cli.call("pluginPack:checkUpdates").document) == "[]");
  check_call_refused(desk.cli, "pluginPack:registrySearch", R"([""])",
                     {4, "not-found", "no pack registry is configured"});
  check_call_refused(desk.cli, "pluginPack:registryDetails", R"(["x"])",
                     {4, "not-found", "no pack registry is configured"});
  check_call_refused(desk.cli, "pluginPack:registryCategories", "", {4, "not-found", "no pack registry is configured"});
  check_refused(desk.cli, {"pack", "install", "tea"}, {4, "not-found", "no pack registry is configured"});
  desk.registry_in_directory();
  desk.publish({desk.entry("tea", "1.0.0", R"("category":"B")"), desk.entry("mate", "1.0.0", R"("category":"A")")});
  CHECK(json::to_text(desk.cli.call("pluginPack:registryCategories").document) == R"(["A","B"])");
  CHECK(desk.cli.call("pluginPack:registryDetails", R"(["none"])").document.is_null());
  CHECK(text_at(desk.cli.call("pluginPack:registryDetails", R"({"packId":"tea"})").document, "/displayName") ==
        "The tea");
  const JsonRan found = desk.cli.call("pluginPack:registrySearch", R"({"query":"","options":{"pageSize":1,"page":2}})");
  CHECK(text_at(found.document, "/results/0/id") == "mate");
  CHECK(at(found.document, "/total") == json::Value(2));
  check_call_refused(desk.cli, "pluginPack:registrySearch", R"(["",{"page":0}])",
                     {2, "invalid-argument", "page must be at least 1, found 0"});
  check_refused(desk.cli, {"pack", "install", "cofee"}, {4, "not-found", "the pack registry has no pack \"cofee\""});
  check_refused(desk.cli, {"pack", "install", "tea"}, {4, "not-found", "the registry does not say where pack \"tea\""});
}

TEST_CASE("what the policy forbids is refused with its words, and nothing is asked for the pack") {
  RegistryDesk desk;
  desk.registry_in_directory();
  desk.offer("git-pack");
  desk.offer("url-pack");
  desk.publish({desk.entry("git-pack", "1.0.0", desk.by_git("git-pack")),
                desk.entry("url-pack", "1.0.0", desk.by_download("url-pack"))});
  const auto refused = [&](const std::string& policy, const std::string& pack, const std::string& begins) {
    desk.cli.policy(policy);
    check_refused(desk.cli, {"pack", "install", pack}, {3, "policy-denied", begins});
    check_refused(desk.cli, {"pack", "install", pack, "--dry-run"}, {3, "policy-denied", begins});
  };
  for (const std::string pack : {"git-pack", "url-pack"}) {
    refused(R"({"packs":{"blocked":[")" + pack + R"("]}})", pack, "Pack \"" + pack + "\" is blocked by admin policy");
    refused(R"({"packs":{"allowed":["x"]}})", pack, "Pack \"" + pack + "\" is not in the list of allowed packs");
  }
  refused(R"({"general":{"allowGitInstall":false}})", "git-pack", "Installation disabled by admin policy");
  refused(R"({"general":{"allowUrlInstall":false}})", "url-pack", "Installation disabled by admin policy");
  CHECK(desk.server.requests().empty());
  // The host itself judges what came, whatever it was called by whoever asked.
  desk.cli.policy(R"({"packs":{"blocked":["url-pack"]}})");
  desk.publish({desk.entry("harmless", "1.0.0", desk.by_download("url-pack"))});
  const Ran disguised = desk.cli.run({"pack", "install", "harmless"});
  CHECK(disguised.status == 3);
  CHECK_THAT(disguised.err, Catch::Contains("Pack \"url-pack\" is blocked by admin policy"));
  CHECK_FALSE(desk.cli.exists("home/extensions/url-pack"));
}

TEST_CASE("an entry that brings another pack than it names is a conflict, and nothing is installed") {
  RegistryDesk desk;
  desk.registry_in_directory();
  desk.offer("mate");
  desk.publish({desk.entry("tea", "1.0.0", desk.by_download("mate"))});
  check_refused(desk.cli, {"pack", "install", "tea"},
                {7, "conflict", "the source of pack \"tea\" holds pack \"mate\""});
  CHECK_FALSE(desk.cli.exists("home/extensions/tea"));
  CHECK_FALSE(desk.cli.exists("home/extensions/mate"));
}

TEST_CASE("an update from the registry never replaces another pack") {
  RegistryDesk desk;
  desk.registry_in_directory();
  desk.offer("tea");
  desk.offer("mate");
  REQUIRE(desk.cli.run({"pack", "install", desk.server.url("files/tea.tar.gz")}).status == 0);
  REQUIRE(desk.cli.run({"pack", "install", desk.server.url("files/mate.tar.gz")}).status == 0);
  const std::string before = desk.cli.read("home/extensions/mate/cowork.plugin.json");
  desk.offer("mate", "9.0.0");
  desk.publish({desk.entry("tea", "2.0.0", desk.by_download("mate"))});
  const Ran ran = desk.cli.run({"pack", "update", "--all"});
  CHECK(ran.status == 7);
  CHECK_THAT(ran.err, Catch::Contains("the source of pack \"tea\" holds pack \"mate\""));
  CHECK(desk.cli.read("home/extensions/mate/cowork.plugin.json") == before);
}

TEST_CASE("the hash that the registry publishes is the one that counts") {
  RegistryDesk desk;
  desk.registry_in_directory();
  desk.offer("tea");
  const std::string published = R"(,"sha256":")" + archive_hash("tea", "0.9.0") + "\"";
  desk.publish({desk.entry("tea", "1.0.0", desk.by_download("tea") + published)});
  check_refused(desk.cli, {"pack", "install", "tea"}, {5, "integrity", "what came from"});
  check_refused(desk.cli, {"pack", "install", "tea", "--sha256", archive_hash("tea")},
                {5, "integrity", "the registry publishes another sha256 for \"tea\""});
  // Of a repository it is the tree's.
  desk.publish({desk.entry("tea", "1.0.0", desk.by_git("tea") + published)});
  CHECK(desk.cli.run({"pack", "install", "tea"}).status == 5);
  const JsonRan plain = desk.cli.json({"pack", "install", "git+" + desk.server.url("git/tea.git")});
  const std::string tree = text_at(plain.document, "/install/treeSha256");
  desk.publish({desk.entry("tea", "1.0.0", desk.by_git("tea") + R"(,"sha256":")" + tree + "\"")});
  CHECK(desk.cli.run({"pack", "install", "tea", "--replace"}).status == 0);
}

TEST_CASE("of several updates one that fails is told, and the others follow") {
  RegistryDesk desk;
  desk.registry_in_directory();
  for (const char* name : {"aa", "bb", "cc"}) {
    desk.offer(name);
    REQUIRE(desk.cli.run({"pack", "install", desk.cli.path("offers/" + std::string(name))}).status == 0);
    desk.offer(name, "2.0.0");
  }
  desk.publish({desk.entry("cc", "2.0.0", desk.by_git("cc")), desk.entry("bb", "2.0.0", desk.by_git("bb")),
                desk.entry("aa", "2.0.0", desk.by_download("aa") + R"(,"sha256":")" + std::string(64, '0') + "\"")});
  desk.cli.policy(R"({"packs":{"blocked":["bb"]}})");
  const Ran ran = desk.cli.run({"pack", "update", "--all"});
  CHECK(ran.status == 5);
  CHECK_THAT(ran.err, Catch::Contains("error[integrity]: aa: what came from"));
  CHECK_THAT(ran.err, Catch::Contains("error[policy-denied]: bb: Pack \"bb\" is blocked by admin policy"));
  CHECK_THAT(ran.err, Catch::Contains("updated cc from 1.0.0 to 2.0.0"));
  CHECK(text_at(desk.cli.pack("aa"), "/version") == "1.0.0");
  CHECK(text_at(desk.cli.pack("bb"), "/version") == "1.0.0");
  CHECK(text_at(desk.cli.pack("cc"), "/version") == "2.0.0");
  const JsonRan again = desk.cli.json({"pack", "update", "--all"});
  CHECK(again.status == 5);
  CHECK(text_at(again.document, "/updates/0/error/code") == "integrity");
  CHECK(text_at(again.document, "/updates/1/error/code") == "policy-denied");
}

TEST_CASE("the last good catalog answers for a server that is away, in another process too") {
  RegistryDesk desk;
  desk.registry_on_server();
  desk.publish({desk.entry("tea", "1.0.0", "")});
  REQUIRE(desk.cli.run({"pack", "search"}).err.empty());
  struct stat status {};
  REQUIRE(::stat(desk.cli.path("home/registry.json").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  std::filesystem::remove(desk.server.root().path("files/pack-catalog.json"));
  const Ran stale = desk.cli.run({"pack", "search"});
  CHECK(stale.status == 0);
  CHECK_THAT(stale.out, Catch::Contains("About tea"));
  CHECK_THAT(stale.err, Catch::Matches("warning: the registry's catalog is that of [0-9]+ s ago, since a newer one "
                                       "can't be had: there is nothing at .*pack-catalog.json.*\n"));
  CHECK(desk.cli.json({"pack", "search"}).status == 0);
  // Of another registry it is none.
  desk.cli.write("home/host.json", desk.settings(desk.server.url("elsewhere")));
  const Ran other = desk.cli.run({"pack", "search"});
  CHECK(other.status == 6);
  CHECK_THAT(other.err, Catch::StartsWith("error[network]: there is nothing at "));
}

TEST_CASE("one running host asks once, and says in its status that it is stale") {
  RegistryDesk desk;
  desk.registry_on_server();
  desk.publish({desk.entry("tea", "1.0.0", "")});
  auto host = start_standard_host(options_of(desk));
  REQUIRE(host);
  CHECK(desk.server.requests().empty());
  for (int i = 0; i < 3; ++i) CHECK(host->call(SearchRegistry{})->total == 1);
  CHECK(desk.asked("/files/pack-catalog.json") == 1);
  auto next = start_standard_host(options_of(desk));
  REQUIRE(next);
  std::filesystem::remove(desk.server.root().path("files/pack-catalog.json"));
  CHECK(next->call(SearchRegistry{})->total == 1);
  const auto status = next->call(GetStatus{});
  REQUIRE(status);
  REQUIRE(status->diagnostics.size() == 1);
  CHECK(status->diagnostics.front().code == "registry-stale");
  CHECK(status->diagnostics.front().place.file == desk.server.url("files/pack-catalog.json"));
}

TEST_CASE("hostile catalogs of a server are refused, and the home stays as it is") {
  RegistryDesk desk;
  desk.server.root().write("files/deep.json", std::string(1'000'000, '['));
  desk.server.root().write("files/twice.json", R"({"version":1,"packs":[],"p\u0061cks":[]})");
  desk.server.root().write("files/large.json", std::string((16u << 20) + 1, ' '));
  desk.server.root().write("files/other.json", R"({"version":7,"packs":[]})");
  desk.server.root().write("files/html.json", "<html>");
  desk.server.root().write("files/x.json", R"({"version":1,"packs":[]})");
  struct Case {
    std::string path;
    int status;
    std::string code;
  };
  for (const Case& expected : std::vector<Case>{{"files/deep.json", 2, "invalid-argument"},
                                                {"files/twice.json", 2, "invalid-argument"},
                                                {"files/large.json", 2, "invalid-argument"},
                                                {"files/other.json", 2, "invalid-argument"},
                                                {"files/html.json", 2, "invalid-argument"},
                                                {"short/x.json", 6, "network"},
                                                {"status/500/x.json", 6, "network"},
                                                {"redirect/4/files/x.json", 6, "network"},
                                                {"token/files/x.json", 6, "network"}}) {
    INFO(expected.path);
    desk.cli.write("home/host.json", desk.settings(desk.server.url(expected.path)));
    check_refused(desk.cli, {"pack", "search"}, {expected.status, expected.code, ""});
  }
  CHECK_FALSE(desk.cli.exists("home/registry.json"));
}

TEST_CASE("what a catalog says is shown as text") {
  RegistryDesk desk;
  desk.registry_in_directory();
  desk.publish({R"({"id":"tea","name":"tea","displayName":"\u001b[31m","description":"a\u001b]0;x\u0007\u202eb",)"
                R"("version":"1.0.0","author":"","category":"\u009b2J"})"});
  CHECK(desk.cli.run({"pack", "search"}).out ==
        "PACK  VERSION  CATEGORY    DESCRIPTION\n"
        "tea   1.0.0    \\u{009b}2J  a\\x1b]0;x\\x07\\u{202e}b\n");
}

TEST_CASE("where an administrator governs the machine, the user's registry does not count") {
  if (::getuid() != 0) return skip("only root can write a machine policy that counts");
  RegistryDesk desk;
  desk.registry_on_server();
  desk.publish({desk.entry("tea", "1.0.0", "")});
  auto host = start_standard_host(options_of(desk));
  REQUIRE(host);
  CHECK(host->call(SearchRegistry{}));
  CHECK(diagnostics_of(*host).empty());

  // The administrator may come while the host runs.
  desk.cli.write("etc/policies.json", "{}");
  host->refresh();
  const auto refused = host->call(SearchRegistry{});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::not_found);
  CHECK(refused.error().message() == "no pack registry is configured");
  CHECK(refused.error().why() ==
        "an administrator governs this machine, so the one of the user's host.json does not count");
  CHECK(host->call(CheckUpdates{})->empty());
  std::vector<std::string> ignored;
  for (const Diagnostic& diagnostic : diagnostics_of(*host)) {
    CHECK(diagnostic.code == "ignored-settings");
    CHECK(diagnostic.place.file == desk.cli.path("home/host.json"));
    ignored.push_back(diagnostic.place.pointer);
  }
  CHECK(ignored == std::vector<std::string>{"/fetch/allowHosts", "/registry/url"});
  CHECK(desk.asked("/files/pack-catalog.json") == 1);

  // The machine's own counts.
  desk.cli.write("shelf/pack-catalog.json", R"({"version":1,"packs":[]})");
  desk.cli.write("etc/host.json", R"({"registry":{"url":")" + desk.cli.path("shelf") + R"("}})");
  auto governed = start_standard_host(options_of(desk));
  REQUIRE(governed);
  const auto found = governed->call(SearchRegistry{});
  REQUIRE(found);
  CHECK(found->total == 0);
}

TEST_CASE("the machine's registry wins over the user's, and mistakes are told") {
  if (::getuid() != 0) return skip("only root can write settings of the machine that count");
  RegistryDesk desk;
  desk.cli.write("home/host.json", R"({"registry":{"url":"http://x.example","other":1}})");
  auto host = start_standard_host(options_of(desk));
  REQUIRE(host);
  std::vector<std::string> told;
  for (const Diagnostic& diagnostic : diagnostics_of(*host))
    told.push_back(diagnostic.place.pointer + " " + diagnostic.message);
  CHECK(told == std::vector<std::string>{"/registry/url expected an https address without user information, query and "
                                         "fragment, or an absolute path",
                                         "/registry/other unknown setting \"other\""});
  desk.cli.write("home/host.json", desk.settings("/nowhere"));
  desk.publish({desk.entry("tea", "1.0.0", "")});
  desk.cli.write("etc/host.json", desk.settings(desk.cli.path("shelf")));
  auto governed = start_standard_host(options_of(desk));
  REQUIRE(governed);
  CHECK(governed->call(SearchRegistry{})->total == 1);
}

TEST_CASE("the sample catalog is one") {
  RegistryDesk desk;
  desk.cli.write("home/host.json", desk.settings(source_path("sample-packs/registry")));
  auto host = start_standard_host(options_of(desk));
  REQUIRE(host);
  const auto found = host->call(SearchRegistry{"development", 1, 20, {}});
  REQUIRE(found);
  CHECK(found->total == 2);
  CHECK(diagnostics_of(*host).empty());
}
