// What repositories, addresses and refs can try.
#include "program.h"
#include "support/repository.h"

using namespace cowork;
using namespace cowork::fetch::test;
using cowork::test::Repository;
using cowork::test::tree_line;

namespace {

const std::string no_link = " is a link; a pack holds regular files and directories only";

Fetched fetch_git(const loaders::FetchOptions& options, std::string address, std::string ref = {}) {
  return fetch::test::fetch(options, {FetchRequest::Kind::git, std::move(address), std::move(ref), {}});
}

}  // namespace

TEST_CASE("trees that no pack may be are refused") {
  HttpsServer server;
  const Repository repository(server.root(), "pack.git");
  const loaders::FetchOptions options = options_for(server);
  const std::string url = server.url("git/pack.git");
  const std::string content = repository.blob("x");
  const std::string directory = repository.tree(tree_line("100644", "blob", content, "config"));
  const std::string file = tree_line("100644", "blob", repository.blob(manifest), "cowork.plugin.json");
  const std::string git_refuses = "\"" + url + "\" holds objects that git refuses";
  struct Case {
    std::string line;
    std::string message;
  };
  const Case table[] = {
      {tree_line("120000", "blob", repository.blob("/etc/passwd"), "soft"), "\"" + url + "\": \"soft\"" + no_link},
      {tree_line("120000", "blob", repository.blob("x"), ".gitmodules"), git_refuses},
      {tree_line("160000", "commit", std::string(40, '1'), "module"),
       "\"" + url + "\": \"module\" is a submodule; a pack holds regular files and directories only"},
      {tree_line("040000", "tree", directory, ".git"), git_refuses},
      {tree_line("040000", "tree", directory, ".GIT"), git_refuses},
      {tree_line("040000", "tree", directory, ".."), git_refuses},
      {tree_line("040000", "tree", directory, "."), git_refuses},
      {tree_line("100644", "blob", content, "git~1"), git_refuses},
      {tree_line("100644", "blob", content, "a\\b"), "\"" + url + "\": \"a\\b\" has a backslash in its name"},
      {tree_line("100644", "blob", content, "Cowork.plugin.json"),
       "\"" + url +
           "\": \"cowork.plugin.json\" is the same as \"Cowork.plugin.json\" to file systems that fold case or "
           "normalise names"},
  };
  for (const auto& [line, message] : table) {
    INFO(line);
    repository.commit(repository.tree(file + line));
    check_refused(fetch_git(options, url), ErrorCode::invalid_argument, message);
  }
}

TEST_CASE("addresses that git would take for something else never reach it") {
  const TemporaryDirectory canary;
  const std::string touch = "touch " + canary.path("canary");
  HttpsServer server;
  const Repository repository(server.root(), "pack.git");
  repository.commit(repository.tree(tree_line("100644", "blob", repository.blob(manifest), "cowork.plugin.json")));
  loaders::FetchOptions options = options_for(server);
  for (const std::string& address : {
           "ext::sh -c " + touch,
           std::string("ext::sh"),
           std::string("fd::17"),
           "file://" + server.root().path("git/pack.git"),
           server.root().path("git/pack.git"),
           std::string("localhost:") + server.root().path("git/pack.git"),
           std::string("ssh://localhost/x"),
           std::string("git://localhost/x"),
           "--upload-pack=" + touch,
           "-u" + touch,
           server.url("git/pack.git") + "\r\nX: y",
           server.url("git/pack.git") + "\n",
           "https://user:secret@" + server.authority() + "/git/pack.git",
           "http://" + server.authority() + "/git/pack.git",
       }) {
    INFO(address);
    const Fetched fetched = fetch_git(options, address);
    REQUIRE(fetched.error);
    CHECK(fetched.error->code() == ErrorCode::invalid_argument);
    CHECK(fetched.error->message().find("secret") == std::string::npos);
    CHECK(fetched.tree.empty());
  }
  // A line feed that is spelt is a byte of a name that no server has.
  CHECK(fetch_git(options, server.url("git/pack.git%0a")).error);
  CHECK_FALSE(canary.exists("canary"));
  REQUIRE(fetch_git(options, server.url("git/pack.git")).result);
}

TEST_CASE("refs that git would take for something else never reach it") {
  const TemporaryDirectory canary;
  HttpsServer server;
  const loaders::FetchOptions options = options_for(server);
  for (const std::string& ref :
       {"--upload-pack=touch " + canary.path("canary"), std::string("-x"), std::string("+main"), std::string("a:b"),
        std::string("main:refs/heads/x"), std::string("^main"), std::string("a..b"), std::string("refs/*"),
        std::string("a b"), std::string("a\nb"), std::string("a\\b"), std::string("HEAD@{1}"), std::string("a?"),
        std::string("[a]"), std::string("a~1"), std::string(256, 'a')}) {
    INFO(ref);
    const Fetched fetched = fetch_git(options, server.url("git/pack.git"), ref);
    REQUIRE(fetched.error);
    CHECK(fetched.error->code() == ErrorCode::invalid_argument);
  }
  CHECK(server.requests().empty());
  CHECK_FALSE(canary.exists("canary"));
}

TEST_CASE("nothing of the environment, of settings or of the repository is run") {
  const TemporaryDirectory canary;
  const std::string touch = "touch " + canary.path("canary");
  HttpsServer server;
  const Repository repository(server.root(), "pack.git");
  const std::string attributes = repository.blob("* filter=evil diff=evil merge=evil\n");
  const std::string modules =
      repository.blob("[submodule \"x\"]\n\tpath = x\n\turl = https://localhost/x\n\tupdate = none\n");
  repository.commit(repository.tree(tree_line("100644", "blob", attributes, ".gitattributes") +
                                    tree_line("100644", "blob", modules, ".gitmodules") +
                                    tree_line("100644", "blob", repository.blob(manifest), "cowork.plugin.json")));
  canary.write("home/.gitconfig", "[core]\n\tfsmonitor = " + touch + "\n\tsshCommand = " + touch +
                                      "\n\thooksPath = " + canary.path("hooks") + "\n\tgitProxy = " + touch +
                                      "\n[filter \"evil\"]\n\tsmudge = " + touch + "\n\tprocess = " + touch +
                                      "\n[credential]\n\thelper = !" + touch + "\n[url \"ext::" + touch +
                                      " #\"]\n\tinsteadOf = https://\n");
  for (const char* hook : {"post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman"}) {
    canary.write(std::string("hooks/") + hook, "#!/bin/sh\n" + touch + "\n");
    std::filesystem::permissions(canary.path(std::string("hooks/") + hook), std::filesystem::perms::owner_all);
  }
  const std::pair<const char*, std::string> hostile[] = {
      {"HOME", canary.path("home")},
      {"XDG_CONFIG_HOME", canary.path("home")},
      {"GIT_SSH_COMMAND", touch},
      {"GIT_PROXY_COMMAND", touch},
      {"GIT_ASKPASS", touch},
      {"GIT_EXEC_PATH", canary.path("hooks")},
      {"GIT_TEMPLATE_DIR", canary.path()},
      {"GIT_DIR", canary.path("home")},
      {"GIT_CONFIG_COUNT", "1"},
      {"GIT_CONFIG_KEY_0", "core.hooksPath"},
      {"GIT_CONFIG_VALUE_0", canary.path("hooks")},
      {"GIT_CONFIG_GLOBAL", canary.path("home/.gitconfig")},
      {"https_proxy", "http://127.0.0.1:1"},
      {"ALL_PROXY", "http://127.0.0.1:1"},
  };
  std::map<std::string, std::string> before;
  for (const auto& [name, value] : hostile) {
    if (const char* old = std::getenv(name)) before[name] = old;
    ::setenv(name, value.c_str(), 1);
  }
  const Fetched fetched = fetch_git(options_for(server), server.url("git/pack.git"));
  for (const auto& [name, value] : hostile) {
    before.contains(name) ? ::setenv(name, before[name].c_str(), 1) : ::unsetenv(name);
  }
  check_tree(fetched, {".gitattributes", ".gitmodules", "cowork.plugin.json"});
  CHECK_FALSE(canary.exists("canary"));
}
