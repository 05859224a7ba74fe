// Packs that come and go over the command line, from real servers: every way in, every refusal.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "cowork/base/sha256.h"
#include "install_desk.h"
#include "refusal.h"
#include "support/catch.h"

using namespace cowork;
using namespace cowork::test;

namespace {

/// Staging that nobody swept.
std::vector<std::string> leftovers(const InstallDesk& desk) {
  std::vector<std::string> found;
  if (!desk.cli.exists("home/extensions")) return found;
  for (const auto& entry : std::filesystem::directory_iterator(desk.cli.path("home/extensions"))) {
    if (entry.path().filename().string().starts_with(".staging")) found.push_back(entry.path().filename());
  }
  return found;
}

}  // namespace

TEST_CASE("every way in brings the pack, with its record, and out again") {
  InstallDesk desk;
  desk.offer("tea");
  for (const InstallDesk::Way& way : desk.ways("tea")) {
    INFO(way.what);
    const JsonRan installed = desk.cli.json({"pack", "install", way.source});
    INFO(json::to_text(installed.document) << installed.err);
    REQUIRE(installed.status == 0);
    CHECK(text_at(installed.document, "/install/packName") == "tea");
    CHECK(text_at(installed.document, "/install/sha256").size() == (way.kind == "directory" ? 0 : 64));
    CHECK(text_at(installed.document, "/install/treeSha256").size() == 64);

    const json::Value pack = desk.cli.pack("tea");
    CHECK(text_at(pack, "/state") == "active");
    CHECK(text_at(pack, "/source/kind") == way.kind);
    CHECK(text_at(pack, "/source/commit").size() == (way.kind == "git" ? 40 : 0));
    CHECK(desk.cli.run({"skill", "render", "tea-s"}).out == "Version 1.0.0\n");
    CHECK(desk.cli.run({"pack", "verify", "tea"}).status == 0);
    CHECK(leftovers(desk).empty());

    CHECK(desk.cli.run({"pack", "remove", "tea", "--yes"}).status == 0);
    CHECK_FALSE(desk.cli.exists("home/extensions/tea"));
    CHECK(desk.cli.read("home/pack-lock.json").find("tea") == std::string::npos);
  }
}

TEST_CASE("the same through `cowork call`, with the parameters of SPEC §7") {
  InstallDesk desk;
  desk.offer("tea");
  const std::string url = desk.server.url("git/tea.git");
  const JsonRan git = desk.cli.call("pluginPack:installGit", R"([")" + url + R"(",{"ref":"v1.0.0"}])");
  CHECK(git.status == 0);
  CHECK(at(git.document, "/success") == json::Value(true));
  CHECK(text_at(git.document, "/manifest/name") == "tea");
  CHECK(at(git.document, "/skillCount").as_int64() == 1);
  const JsonRan again = desk.cli.call(
      "pluginPack:installUrl", R"({"url":")" + desk.server.url("files/tea.json") + R"(","options":{"replace":true}})");
  CHECK(again.status == 0);
}

TEST_CASE("a blocked id is refused through every way in, and nothing becomes visible") {
  InstallDesk desk;
  desk.offer("evil");
  desk.cli.policy(R"({"packs":{"blocked":["evil"]}})");
  for (const InstallDesk::Way& way : desk.ways("evil")) {
    INFO(way.what);
    check_refused(desk.cli, {"pack", "install", way.source},
                  {3, "policy-denied", "Pack \"evil\" is blocked by admin policy"});
    check_refused(desk.cli, {"pack", "install", "--dry-run", way.source},
                  {3, "policy-denied", "Pack \"evil\" is blocked by admin policy"});
  }
  // By hand: it is listed, and contributes nothing.
  desk.cli.write("home/extensions/evil/cowork.plugin.json", pack_manifest("evil"));
  const json::Value pack = desk.cli.pack("evil");
  CHECK(text_at(pack, "/state") == "disabled");
  CHECK(text_at(pack, "/policyReason") == "blocked");
  CHECK(desk.cli.run({"skill", "show", "evil-s"}).status == 4);
}

TEST_CASE("an id that is not in the list of allowed packs is refused through every way in") {
  InstallDesk desk;
  desk.offer("other");
  desk.cli.policy(R"({"packs":{"allowed":["tea"]}})");
  for (const InstallDesk::Way& way : desk.ways("other")) {
    INFO(way.what);
    check_refused(desk.cli, {"pack", "install", way.source},
                  {3, "policy-denied", "Pack \"other\" is not in the list of allowed packs"});
  }
}

TEST_CASE("a source that is forbidden is refused before a byte is fetched") {
  InstallDesk desk;
  desk.offer("tea");
  desk.cli.policy(R"({"general":{"allowCustomPacks":false,"allowGitInstall":false,"allowUrlInstall":false}})");
  for (const InstallDesk::Way& way : desk.ways("tea")) {
    INFO(way.what);
    check_refused(desk.cli, {"pack", "install", way.source},
                  {3, "policy-denied", "Installation disabled by admin policy"});
  }
  CHECK(desk.server.requests().empty());
}

TEST_CASE("an update goes by the source, and before a byte is fetched where the id or the source is forbidden") {
  InstallDesk desk;
  desk.offer("tea");
  for (const InstallDesk::Way& way : desk.ways("tea")) {
    INFO(way.what);
    desk.cli.policy("{}");
    desk.offer("tea", "1.0.0");
    REQUIRE(desk.cli.run({"pack", "install", way.source, "--replace", "--allow-downgrade"}).status == 0);
    const std::size_t requests = desk.server.requests().size();
    for (const char* policy :
         {R"({"packs":{"blocked":["tea"]}})",
          R"({"general":{"allowGitInstall":false,"allowUrlInstall":false,"allowCustomPacks":false}})"}) {
      desk.cli.policy(policy);
      check_refused(desk.cli, {"pack", "update", "tea"}, {3, "policy-denied", ""});
    }
    CHECK(desk.server.requests().size() == requests);

    desk.cli.policy("{}");
    const Ran same = desk.cli.run({"pack", "update", "tea"});
    CHECK(same.status == 0);
    CHECK(same.err == "tea 1.0.0 is what its source has\n");
    desk.offer("tea", "1.1.0");
    const Ran updated = desk.cli.run({"pack", "update", "tea"});
    CHECK(updated.status == 0);
    CHECK(updated.err == "updated tea from 1.0.0 to 1.1.0\n");
    CHECK(desk.cli.run({"skill", "render", "tea-s"}).out == "Version 1.1.0\n");
    CHECK(desk.cli.run({"pack", "verify", "--all"}).status == 0);
    CHECK(leftovers(desk).empty());
  }
}

TEST_CASE("an update that would rename the pack is refused: by policy when the new id is blocked, else as a conflict") {
  InstallDesk desk;
  desk.offer("tea");
  REQUIRE(desk.cli.run({"pack", "install", desk.server.url("git/tea.git")}).status == 0);
  desk.repository("tea").commit({{"cowork.plugin.json", pack_manifest("evil", "2.0.0")}});
  check_refused(desk.cli, {"pack", "update", "tea"},
                {7, "conflict", "pack \"tea\" is called \"evil\" at its source now"});
  desk.cli.policy(R"({"packs":{"blocked":["evil"]}})");
  check_refused(desk.cli, {"pack", "update", "tea"}, {3, "policy-denied", "Pack \"evil\" is blocked by admin policy"});
  CHECK(text_at(desk.cli.pack("tea"), "/version") == "1.0.0");
}

TEST_CASE("pins: ref and sha256") {
  InstallDesk desk;
  desk.offer("tea", "1.0.0");
  desk.offer("tea", "2.0.0");
  const std::string git = desk.server.url("git/tea.git");
  REQUIRE(desk.cli.run({"pack", "install", git, "--ref", "v1.0.0"}).status == 0);
  CHECK(text_at(desk.cli.pack("tea"), "/version") == "1.0.0");
  const std::string commit = text_at(desk.cli.pack("tea"), "/source/commit");
  // The ref that it was installed from is the one that updates go by.
  CHECK(desk.cli.run({"pack", "update", "tea"}).err == "tea 1.0.0 is what its source has\n");
  CHECK(desk.cli.run({"pack", "update", "tea", "--ref", "main"}).err == "updated tea from 1.0.0 to 2.0.0\n");
  check_refused(desk.cli, {"pack", "update", "tea", "--ref", commit},
                {7, "conflict", "version 1.0.0 of pack \"tea\" is lower"});
  CHECK(desk.cli.run({"pack", "update", "tea", "--ref", commit, "--allow-downgrade"}).status == 0);
  check_refused(desk.cli, {"pack", "update", "tea", "--ref", "no-such-tag"}, {4, "not-found", ""});
  REQUIRE(desk.cli.run({"pack", "remove", "tea", "--yes"}).status == 0);

  const std::string archive = desk.server.url("files/tea.tar.gz");
  const std::string wrong(64, 'a');
  const std::string right = sha256_hex(gzip(pack_tar("tea", "2.0.0")));
  check_refused(desk.cli, {"pack", "install", archive, "--sha256", wrong}, {5, "integrity", ""});
  check_refused(desk.cli, {"pack", "install", desk.cli.path("offers/tea.tar.gz"), "--sha256", wrong},
                {5, "integrity", ""});
  check_refused(desk.cli, {"pack", "install", git, "--sha256", wrong}, {5, "integrity", ""});
  CHECK(desk.cli.run({"pack", "install", archive, "--sha256", right}).status == 0);
  // Of a repository the tree's hash is the pin.
  const std::string tree = text_at(desk.cli.pack("tea"), "/source/treeSha256");
  CHECK(desk.cli.run({"pack", "install", git, "--sha256", tree, "--replace"}).status == 0);
}

TEST_CASE("what is there already, and lower versions, take a flag") {
  InstallDesk desk;
  desk.offer("tea", "2.0.0");
  for (const InstallDesk::Way& way : desk.ways("tea")) {
    INFO(way.what);
    REQUIRE(desk.cli.run({"pack", "install", way.source, "--replace"}).status == 0);
    check_refused(desk.cli, {"pack", "install", way.source},
                  {7, "already-exists", "pack \"tea\" is installed already"});
  }
  desk.offer("tea", "1.0.0");
  for (const InstallDesk::Way& way : desk.ways("tea")) {
    INFO(way.what);
    check_refused(desk.cli, {"pack", "install", way.source, "--replace"},
                  {7, "conflict", "version 1.0.0 of pack \"tea\" is lower"});
  }
}

TEST_CASE("a name that a higher tier holds can't be installed by any way") {
  InstallDesk desk;
  desk.cli.mini_pack("builtin/engineering", "engineering-pack");
  desk.offer("engineering");
  for (const InstallDesk::Way& way : desk.ways("engineering")) {
    INFO(way.what);
    check_refused(desk.cli, {"pack", "install", way.source}, {7, "conflict", "the name \"engineering\" belongs to"});
  }
}

TEST_CASE("a dry run fetches, asks everybody, and leaves nothing") {
  InstallDesk desk;
  desk.offer("tea");
  for (const InstallDesk::Way& way : desk.ways("tea")) {
    INFO(way.what);
    const std::string before = desk.cli.tree_hash({});
    const Ran ran = desk.cli.run({"pack", "install", "--dry-run", way.source});
    CHECK(ran.status == 0);
    CHECK(ran.err == "would install tea 1.0.0 (1 skill, 0 roles)\ndry run: nothing was changed\n");
    CHECK(desk.cli.tree_hash({}) == before);
  }
}

TEST_CASE("a pack that was changed after it was installed is found out, and an update mends it") {
  InstallDesk desk;
  desk.offer("tea");
  REQUIRE(desk.cli.run({"pack", "install", desk.server.url("git/tea.git")}).status == 0);
  desk.cli.write("home/extensions/tea/notes.txt", "other notes");
  const json::Value pack = desk.cli.pack("tea");
  CHECK(text_at(pack, "/state") == "error");
  CHECK(text_at(pack, "/error").starts_with("integrity: pack \"tea\" was changed after it was installed"));
  CHECK(desk.cli.run({"skill", "show", "tea-s"}).status == 4);
  const Ran verified = desk.cli.run({"pack", "verify", "tea"});
  CHECK(verified.status == 5);
  CHECK(desk.cli.run({"pack", "verify", "--all"}).status == 5);
  CHECK(desk.cli.run({"pack", "update", "tea"}).err == "installed tea 1.0.0 anew\n");
  CHECK(desk.cli.run({"pack", "verify", "tea"}).status == 0);
  CHECK(text_at(desk.cli.pack("tea"), "/state") == "active");
}

TEST_CASE("a pack that policy requires can't be replaced by way of the directory in which it lies") {
  InstallDesk desk;
  desk.offer("tea");
  desk.cli.write("home/extensions/tea/cowork.plugin.json", pack_manifest("needed"));
  desk.cli.policy(R"({"packs":{"required":["needed"]}})");
  for (const InstallDesk::Way& way : desk.ways("tea")) {
    INFO(way.what);
    check_refused(desk.cli, {"pack", "install", "--replace", way.source},
                  {7, "conflict", "the directory of pack \"tea\" holds pack \"needed\""});
  }
  check_refused(desk.cli, {"pack", "remove", "tea", "--yes"}, {7, "conflict", "the directory \"tea\" holds pack"});
  check_refused(desk.cli, {"pack", "remove", "needed", "--yes"}, {3, "policy-denied", "Pack \"needed\" is required"});
  CHECK(desk.cli.exists("home/extensions/tea/cowork.plugin.json"));
}

TEST_CASE("a broken pack can be updated and removed; so can one whose directory is gone") {
  InstallDesk desk;
  desk.offer("tea", "2.0.0");
  const std::string git = desk.server.url("git/tea.git");
  REQUIRE(desk.cli.run({"pack", "install", git}).status == 0);
  desk.cli.write("home/extensions/tea/cowork.plugin.json", "{");
  CHECK(desk.cli.run({"pack", "update", "tea"}).status == 0);
  CHECK(text_at(desk.cli.pack("tea"), "/state") == "active");

  desk.cli.write("home/extensions/tea/cowork.plugin.json", "{");
  CHECK(desk.cli.run({"pack", "remove", "tea", "--yes"}).status == 0);
  CHECK_FALSE(desk.cli.exists("home/extensions/tea"));

  REQUIRE(desk.cli.run({"pack", "install", git}).status == 0);
  std::filesystem::remove_all(desk.cli.path("home/extensions/tea"));
  CHECK(desk.cli.run({"pack", "verify", "--all"}).status == 5);
  CHECK(desk.cli.run({"pack", "remove", "tea", "--yes"}).status == 0);
  CHECK(desk.cli.run({"pack", "verify", "--all"}).status == 0);

  desk.cli.write("home/extensions/by-hand/cowork.plugin.json", "{");
  CHECK(desk.cli.run({"pack", "remove", "by-hand", "--yes"}).status == 0);
  check_refused(desk.cli, {"pack", "remove", "by-hand", "--yes"}, {4, "not-found", ""});
  check_refused(desk.cli, {"pack", "remove", "../tea", "--yes"}, {4, "not-found", ""});
}

TEST_CASE("what counts as lower is what was installed, not what somebody wrote into the manifest") {
  InstallDesk desk;
  desk.offer("tea", "1.0.0");
  desk.offer("tea", "2.0.0");
  const std::string git = desk.server.url("git/tea.git");
  REQUIRE(desk.cli.run({"pack", "install", git}).status == 0);
  desk.cli.write("home/extensions/tea/cowork.plugin.json", pack_manifest("tea", "9.0.0"));
  CHECK(desk.cli.run({"pack", "update", "tea"}).status == 0);
  desk.cli.write("home/extensions/tea/cowork.plugin.json", "{");
  check_refused(desk.cli, {"pack", "update", "tea", "--ref", "v1.0.0"},
                {7, "conflict", "version 1.0.0 of pack \"tea\" is lower"});
}

TEST_CASE("a pin that nothing would compare is refused") {
  InstallDesk desk;
  desk.offer("tea");
  for (const InstallDesk::Way& way : desk.ways("tea")) {
    INFO(way.what);
    if (way.kind != "git")
      check_refused(desk.cli, {"pack", "install", way.source, "--ref", "v1"},
                    {2, "invalid-argument", "ref names a branch"});
    if (way.kind == "directory")
      check_refused(desk.cli, {"pack", "install", way.source, "--sha256", std::string(64, 'a')},
                    {2, "invalid-argument", "sha256 is for what is fetched"});
  }
  REQUIRE(desk.cli.run({"pack", "install", desk.cli.path("offers/tea")}).status == 0);
  check_refused(desk.cli, {"pack", "update", "tea", "--ref", "v1"}, {2, "invalid-argument", ""});
  check_refused(desk.cli, {"pack", "update", "tea", "--sha256", std::string(64, 'a')}, {2, "invalid-argument", ""});
}

TEST_CASE("servers that misbehave are network errors, and leave nothing") {
  InstallDesk desk;
  desk.offer("tea");
  const Refusal network{6, "network", ""};
  const Refusal missing{4, "not-found", "there is nothing at "};
  const std::pair<const char*, Refusal> table[] = {{"status/404", missing},
                                                   {"status/500", network},
                                                   {"short/tea.tar.gz", network},
                                                   {"redirect/4/files/tea.json", network},
                                                   {"files/missing.json", missing}};
  for (const auto& [path, refusal] : table) {
    INFO(path);
    check_refused(desk.cli, {"pack", "install", desk.server.url(path)}, refusal);
    CHECK(leftovers(desk).empty());
  }
  CHECK(desk.cli.run({"pack", "install", desk.server.url("redirect/3/files/tea.json")}).status == 0);
}

TEST_CASE("addresses that are not public are for those hosts only that the settings name") {
  InstallDesk desk;
  desk.offer("tea");
  desk.cli.write("home/host.json", R"({"fetch":{"caFile":")" + desk.server.ca_file() + R"("}})");
  for (const std::string& source : {desk.server.url("files/tea.json"), desk.server.url_by_address("files/tea.json"),
                                    desk.server.url("git/tea.git"), desk.server.url_by_address("git/tea.git")}) {
    INFO(source);
    check_refused(desk.cli, {"pack", "install", source}, {6, "network", ""});
  }
  CHECK(desk.server.requests().empty());
}

TEST_CASE("Ctrl-C in a download ends the command as cancelled, and leaves nothing") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    INFO("signal " << signal);
    InstallDesk desk;
    desk.offer("tea");
    const std::string home = "--home=" + desk.cli.path("home");
    const std::string source = desk.server.url("stall/tea.tar.gz");
    const pid_t child = ::fork();
    if (child == 0) {
      // What was ignored (nohup) would stay so.
      for (const int one : {SIGINT, SIGTERM, SIGHUP}) ::signal(one, SIG_DFL);
      if (!std::freopen("/dev/null", "w", stdout) || !std::freopen("/dev/null", "w", stderr)) ::_exit(99);
      ::execl(COWORK_PROGRAM, COWORK_PROGRAM, home.c_str(), "pack", "install", source.c_str(), nullptr);
      ::_exit(99);
    }
    int status = 0;
    while (desk.server.requests().empty()) {
      if (::waitpid(child, &status, WNOHANG) != 0) FAIL("the command ended by itself");
      std::this_thread::yield();
    }
    REQUIRE(::kill(child, signal) == 0);
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 1);
    CHECK_FALSE(desk.cli.exists("home/extensions"));
  }
}

TEST_CASE("a mistake in the settings is told where it bites") {
  InstallDesk desk;
  desk.offer("tea");
  desk.cli.write("home/host.json", "{\n  \"fetch\": {\"allowHosts\": 7}\n}\n");
  const Ran ran = desk.cli.run({"pack", "install", desk.server.url("files/tea.json")});
  INFO(ran.err);
  CHECK(ran.status == 6);
  CHECK_THAT(ran.err, Catch::StartsWith("warning: " + desk.cli.path("home/host.json:2:")));
  CHECK_THAT(desk.cli.run({"pack", "install", "-q", desk.server.url("files/tea.json")}).err,
             Catch::StartsWith("error[network]: "));
}

TEST_CASE("tokens in an address are neither shown nor written to the trail") {
  InstallDesk desk;
  desk.offer("tea");
  const std::string source = desk.server.url("files/tea.json?token=S3CRET");
  const Ran installed = desk.cli.run({"pack", "install", "-v", source});
  REQUIRE(installed.status == 0);
  CHECK((installed.out + installed.err).find("S3CRET") == std::string::npos);
  CHECK(desk.cli.read("home/audit.jsonl").find("S3CRET") == std::string::npos);
  CHECK(desk.cli.run({"pack", "info", "tea", "--json"}).out.find("S3CRET") == std::string::npos);
  // Kept where updates need it, for its owner alone.
  CHECK(desk.cli.read("home/pack-lock.json").find("S3CRET") != std::string::npos);
  CHECK((std::filesystem::status(desk.cli.path("home/pack-lock.json")).permissions() & std::filesystem::perms(077)) ==
        std::filesystem::perms::none);
  CHECK(desk.cli.run({"pack", "update", "tea"}).status == 0);
}
