// Repositories over https, by `git http-backend` on loopback.
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <csignal>

#include "program.h"
#include "support/repository.h"

using namespace cowork;
using namespace cowork::fetch::test;
using cowork::test::Repository;
using cowork::test::tree_line;
using namespace std::chrono_literals;

namespace {

/// `skills/` with a program in it, and a manifest of this content.
std::string small_tree(const Repository& repository, std::string_view content = manifest) {
  const std::string skills =
      repository.tree(tree_line("100755", "blob", repository.blob("#!/bin/sh\n"), "run") +
                      tree_line("100644", "blob", repository.blob(std::string("\0\r\n", 3)), "bytes"));
  return repository.tree(tree_line("100644", "blob", repository.blob(content), "cowork.plugin.json") +
                         tree_line("040000", "tree", skills, "skills"));
}

Fetched fetch_git(const loaders::FetchOptions& options, std::string address, std::string ref = {}) {
  return fetch::test::fetch(options, {FetchRequest::Kind::git, std::move(address), std::move(ref), {}});
}

}  // namespace

TEST_CASE("a repository is fetched by branch, tag and commit") {
  HttpsServer server;
  const Repository repository(server.root(), "pack.git");
  const std::string first = repository.commit(small_tree(repository, "{\"first\":1}"));
  repository.git({"tag", "-a", "-m", "x", "v1", first});
  repository.git({"branch", "topic/one", first});
  const std::string second = repository.commit(small_tree(repository));
  const loaders::FetchOptions options = options_for(server);
  struct Case {
    std::string ref;
    std::string commit;
  };
  const Case table[] = {{"", second},
                        {"main", second},
                        {"topic/one", first},
                        {"v1", first},
                        {"refs/heads/main", second},
                        {"refs/tags/v1", first},
                        {first, first},
                        {second, second}};
  for (const auto& [ref, commit] : table) {
    INFO(ref);
    const Fetched fetched = fetch_git(options, server.url("git/pack.git"), ref);
    check_tree(fetched, {"skills/", "cowork.plugin.json", "skills/bytes", "skills/run*"});
    CHECK(fetched.result->commit == commit);
    CHECK(fetched.result->sha256.empty());
    CHECK(fetched.contents.at("cowork.plugin.json") == (commit == first ? "{\"first\":1}" : manifest));
    CHECK(fetched.contents.at("skills/bytes") == std::string("\0\r\n", 3));
  }
}

TEST_CASE("a ref or a repository that is not there is not found") {
  HttpsServer server;
  const Repository repository(server.root(), "pack.git");
  repository.commit(small_tree(repository));
  const loaders::FetchOptions options = options_for(server);
  const std::string url = server.url("git/pack.git");
  const std::string unknown(40, '1');
  for (const std::string& ref : {std::string("nobody"), unknown, std::string("tag")}) {
    const Fetched fetched = fetch_git(options, url, ref);
    check_refused(fetched, ErrorCode::not_found, "\"" + url + "\" has no branch, tag or commit \"" + ref + "\"");
    CHECK(fetched.error->remedy() == "check the name of the branch, tag or commit");
  }
  const std::string missing = server.url("git/missing.git");
  for (const std::string& nowhere : {missing, server.url("status/410")}) {
    const Fetched fetched = fetch_git(options, nowhere);
    check_refused(fetched, ErrorCode::not_found, "there is no git repository at \"" + nowhere + "\"");
    CHECK(fetched.error->remedy() == "check the address");
  }
  const Repository empty(server.root(), "empty.git");
  check_refused(fetch_git(options, server.url("git/empty.git")), ErrorCode::not_found,
                "\"" + server.url("git/empty.git") + "\" has no branch, tag or commit \"HEAD\"");
  repository.git({"tag", "blob", repository.blob("x")});
  check_refused(fetch_git(options, url, "blob"), ErrorCode::invalid_argument,
                "\"blob\" of \"" + url + "\" is no commit");
}

TEST_CASE("git asks nobody but public machines and allowed hosts") {
  HttpsServer server;
  const Repository repository(server.root(), "pack.git");
  repository.commit(small_tree(repository));
  loaders::FetchOptions options = options_for(server);
  const std::string url = server.url("git/pack.git");
  SECTION("not allowed") {
    options.settings.allow_hosts.clear();
    check_refused(fetch_git(options, url), ErrorCode::network,
                  "\"" + url + "\" leads to 127.0.0.1, which is no public address");
    CHECK(server.requests().empty());
  }
  SECTION("allowed by address") {
    options.settings.allow_hosts = {"127.0.0.1"};
    CHECK(fetch_git(options, server.url_by_address("git/pack.git")).result);
  }
  SECTION("a redirect is not followed") {
    const Fetched fetched = fetch_git(options, server.url("redirect/1/git/pack.git"));
    check_refused(fetched, ErrorCode::network,
                  "\"" + server.url("redirect/1/git/pack.git") + "\" answers with status 302");
    CHECK(server.requests().size() == 1);
  }
  SECTION("a certificate that nobody has signed") {
    options.settings.ca_file.clear();
    const Fetched fetched = fetch_git(options, url + "?token=S3CRET");
    check_refused(fetched, ErrorCode::network, "cannot fetch \"" + url + "?***\"");
    CHECK(fetched.error->why().find("S3CRET") == std::string::npos);
    CHECK(fetched.error->why().find("CAfile") == std::string::npos);
    CHECK(fetched.error->remedy() ==
          "if you trust that server, name the certificates that it is checked with as fetch.caFile in host.json");
    CHECK(server.requests().empty());
  }
  SECTION("a proxy where one is named") {
    HttpsServer proxy(HttpsServer::Scheme::http);
    options.settings.proxy = proxy.url("");
    check_refused(fetch_git(options, "https://pack.invalid/x.git"), ErrorCode::network,
                  "cannot fetch \"https://pack.invalid/x.git\"");
  }
}

TEST_CASE("a password is never asked for, and the token is for allowed hosts") {
  HttpsServer server;
  const Repository repository(server.root(), "pack.git");
  repository.commit(small_tree(repository));
  loaders::FetchOptions options = options_for(server);
  const std::string url = server.url("token/git/pack.git");
  const std::string remedy = "in host.json name a file with a token as fetch.tokenFile, and \"" + server.authority() +
                             "\" in fetch.allowHosts";
  const Fetched asked = fetch_git(options, url);
  check_refused(asked, ErrorCode::network, "\"" + url + "\" asks for a password");
  CHECK(asked.error->remedy() == remedy);
  const Fetched forbidden = fetch_git(options, server.url("status/403"));
  check_refused(forbidden, ErrorCode::network, "\"" + server.url("status/403") + "\" answers with status 403");
  CHECK(forbidden.error->remedy() == remedy);
  TemporaryDirectory secrets;
  secrets.write("token", "s3cret-token");
  ::chmod(secrets.path("token").c_str(), 0600);
  options.settings.token_file = secrets.path("token");
  CHECK(fetch_git(options, url).result);
  CHECK(server.requests().back().authorization == "Bearer s3cret-token");
}

TEST_CASE("a repository is fetched within limits") {
  HttpsServer server;
  loaders::FetchOptions options = options_for(server);
  SECTION("bytes") {
    const Repository repository(server.root(), "pack.git");
    std::string noise;
    for (std::uint32_t x = 1; noise.size() < (3U << 20U); x = x * 1664525U + 1013904223U)
      noise += static_cast<char>(x >> 24U);
    repository.commit(repository.tree(tree_line("100644", "blob", repository.blob(noise), "noise")));
    options.limits.download_bytes = 1 << 20;
    const std::string url = server.url("git/pack.git");
    check_refused(fetch_git(options, url), ErrorCode::invalid_argument, "\"" + url + "\" is larger than 1048576 bytes");
  }
  SECTION("bytes unpacked") {
    const Repository repository(server.root(), "pack.git");
    repository.commit(repository.tree(tree_line("100644", "blob", repository.blob(std::string(2 << 20, 'x')), "bomb")));
    options.limits.unpacked_bytes = 1 << 20;
    const std::string url = server.url("git/pack.git");
    check_refused(fetch_git(options, url), ErrorCode::invalid_argument,
                  "\"" + url + "\": \"bomb\" is too much: at most 1048576 bytes are fetched");
  }
  SECTION("time without a byte") {
    server.root().write("files/x/info/refs", "001e# service=git-upload-pack\n0000" + std::string(100, ' '));
    options.limits.stall = 1s;
    const Fetched fetched = fetch_git(options, server.url("stall/x"));
    REQUIRE(fetched.error);
    CHECK(fetched.error->code() == ErrorCode::network);
  }
  SECTION("an answer without end") {
    options.limits.memory_bytes = 512U << 20U;
    options.limits.stall = 2s;
    const Fetched fetched = fetch_git(options, server.url("endless/x"));
    REQUIRE(fetched.error);
    CHECK(fetched.tree.empty());
  }
  SECTION("the whole time") {
    server.root().write("files/x/info/refs", std::string(1000, '0'));
    options.limits.total = 1s;
    const Fetched fetched = fetch_git(options, server.url("drip/x"));
    check_refused(fetched, ErrorCode::timeout, "fetching \"" + server.url("drip/x") + "\" took longer than 1000 ms");
  }
}

namespace {

std::vector<int> descendants(pid_t process) {
  const std::string id = std::to_string(process);
  std::ifstream children("/proc/" + id + "/task/" + id + "/children");
  std::vector<int> all;
  for (pid_t child = 0; children >> child;) {
    all.push_back(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    const std::vector<int> below = descendants(child);
    all.insert(all.end(), below.begin(), below.end());
  }
  return all;
}

}  // namespace

TEST_CASE("when the host is killed nothing of a fetch goes on") {
  HttpsServer server;
  server.root().write("files/x/info/refs", std::string(1000, '0'));
  const loaders::FetchOptions options = options_for(server);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t host = ::fork();
  if (host == 0) {
    FetchControl control;
    int calls = 0;
    // Half a second after git was started: it waits for the server then.
    control.progress = [&](const FetchProgress& progress) {
      if (progress.phase == "download" && ++calls == 5) static_cast<void>(::write(ends[1], "x", 1) < 0);
    };
    fetch::test::fetch(options, {FetchRequest::Kind::git, server.url("stall/x"), {}, {}}, control);
    ::_exit(0);
  }
  ::close(ends[1]);
  char byte = 0;
  REQUIRE(::read(ends[0], &byte, 1) == 1);
  ::close(ends[0]);
  const std::vector<int> processes = descendants(host);
  CHECK(processes.size() >= 3);  // cowork-fetch, git, its helper for https
  ::kill(host, SIGKILL);
  ::waitpid(host, nullptr, 0);
  for (const int process : processes) {
    pollfd polled{process, POLLIN, 0};
    CHECK(::poll(&polled, 1, 10'000) == 1);
    ::close(process);
  }
}
