#include "http_token_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "sessions.h"
#include "support/catch.h"
#include "support/temporary_directory.h"

using namespace cowork;
using server::TokenFile;

namespace {

std::uint32_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("the token file is its owner's alone, in a directory that is as well") {
  const test::TemporaryDirectory home;
  const std::string token = server::random_token();
  {
    const auto file = TokenFile::write(home.path("run/cowork.token"), token);
    REQUIRE(file);
    CHECK((*file)->path() == home.path("run/cowork.token"));
    CHECK(home.read("run/cowork.token") == token + "\n");
    CHECK(mode_of(home.path("run/cowork.token")) == 0600);
    CHECK(mode_of(home.path("run")) == 0700);
  }
  CHECK_FALSE(home.exists("run/cowork.token"));
}

TEST_CASE("the token of a dead server is replaced, whoever could read it") {
  const test::TemporaryDirectory home;
  home.write("cowork.token", server::random_token() + "\n");
  REQUIRE(::chmod(home.path("cowork.token").c_str(), 0644) == 0);
  const std::string token = server::random_token();
  const auto file = TokenFile::write(home.path("cowork.token"), token);
  REQUIRE(file);
  CHECK(home.read("cowork.token") == token + "\n");
  CHECK(mode_of(home.path("cowork.token")) == 0600);
}

TEST_CASE("what is no token stays") {
  const test::TemporaryDirectory home;
  home.write("notes", "to do\n");
  home.write("long", std::string(5000, 'a'));
  home.write("target", server::random_token() + "\n");
  home.link("link", home.path("target"));
  home.make_directory("directory");
  for (const std::string name : {"notes", "long", "link", "directory"}) {
    CAPTURE(name);
    const auto before = home.tree();
    const auto file = TokenFile::write(home.path(name), server::random_token());
    REQUIRE_FALSE(file);
    CHECK(file.error().code() == ErrorCode::already_exists);
    CHECK(file.error().message() ==
          "cannot write the token to \"" + home.path(name) + "\": something else stands there");
    CHECK(file.error().remedy() == "cowork serve --token-file PATH");
    CHECK(home.tree() == before);
  }
  CHECK(home.read("notes") == "to do\n");
}

TEST_CASE("of two servers that keep their tokens in one file the second is refused") {
  const test::TemporaryDirectory home;
  const std::string token = server::random_token();
  {
    const auto first = TokenFile::write(home.path("cowork.token"), token);
    REQUIRE(first);
    const auto second = TokenFile::write(home.path("cowork.token"), server::random_token());
    REQUIRE_FALSE(second);
    CHECK(second.error().code() == ErrorCode::conflict);
    CHECK(second.error().message() == "a server keeps its token at \"" + home.path("cowork.token") + "\" already");
    CHECK(second.error().remedy() == "stop that server, or choose another file: cowork serve --token-file PATH");
    CHECK(home.read("cowork.token") == token + "\n");
  }
  CHECK_FALSE(home.exists("cowork.token"));
  CHECK(TokenFile::write(home.path("cowork.token"), token));
}

TEST_CASE("a token lies in no directory of another user's, and in none that others write in") {
  const test::TemporaryDirectory home;
  home.make_directory("open");
  REQUIRE(::chmod(home.path("open").c_str(), 0777) == 0);
  const auto open = TokenFile::write(home.path("open/cowork.token"), server::random_token());
  REQUIRE_FALSE(open);
  CHECK(open.error().message() == "others may write in \"" + home.path("open") + "\"");
  REQUIRE(::chmod(home.path("open").c_str(), 01777) == 0);
  CHECK(TokenFile::write(home.path("open/cowork.token"), server::random_token()));
  if (::chown(home.path("open").c_str(), 65534, 65534) != 0) {
    std::puts("SKIPPED: only root can give a directory to another user");
    return;
  }
  for (const mode_t mode : {0700u, 01777u}) {
    REQUIRE(::chmod(home.path("open").c_str(), mode) == 0);
    const auto foreign = TokenFile::write(home.path("open/cowork.token"), server::random_token());
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().code() == ErrorCode::invalid_argument);
    CHECK(foreign.error().message() == "the directory \"" + home.path("open") + "\" belongs to user 65534");
    CHECK(foreign.error().remedy() == "choose a directory of your own");
  }
}

TEST_CASE("another server's token is not removed") {
  const test::TemporaryDirectory home;
  const std::string other = server::random_token() + "\n";
  {
    const auto file = TokenFile::write(home.path("cowork.token"), server::random_token());
    REQUIRE(file);
    home.write("cowork.token", other);
  }
  CHECK(home.read("cowork.token") == other);
}

TEST_CASE("a token file has an absolute path") {
  for (const std::string path : {"", "cowork.token", "./cowork.token", "/tmp/"}) {
    CAPTURE(path);
    const auto file = TokenFile::write(path, server::random_token());
    REQUIRE_FALSE(file);
    CHECK(file.error().code() == ErrorCode::invalid_argument);
    CHECK(file.error().message() == "the token file \"" + path + "\" is no absolute path of a file");
  }
}
