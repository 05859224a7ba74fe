// What git is asked in the scratch directory, and what becomes of a repository that is not whole; in this process.
#include <fcntl.h>
#include <signal.h>

#include <filesystem>

#include "git_fetch.h"
#include "git_watch.h"
#include "support/catch.h"
#include "support/https_server.h"
#include "support/repository.h"

using namespace cowork;
using namespace cowork::fetch;
using cowork::test::HttpsServer;
using cowork::test::Repository;
using cowork::test::TemporaryDirectory;
using cowork::test::tree_line;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t memory_bytes = 2ULL << 30U;

Result<void> go_on() {
  return {};
}

/// A repository of this machine, whose commit is sent into the file `frames`.
struct Commit {
  Commit() : repository(place, "pack.git"), environment{place.path("git/pack.git"), {}, memory_bytes} {
    request.scratch = place.path();
  }

  Result<void> send(const std::string& commit) {
    const std::string path = place.path("frames");
    const loaders::Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    FrameWriter frames(file.get());
    return send_commit({environment, commit}, request, frames);
  }
  void check_refused(const std::string& commit, ErrorCode code, const std::string& message) {
    const auto sent = send(commit);
    REQUIRE_FALSE(sent);
    CHECK(to_string(sent.error().code()) == to_string(code));
    CHECK(sent.error().message() == message);
  }
  /// Of a tree of this one file.
  std::string commit_of(std::string_view id) const {
    return repository.commit(repository.tree(tree_line("100644", "blob", id, "a")));
  }
  bool has_sent_a_file() const { return place.read("frames").find("{\"file\"") != std::string::npos; }

  TemporaryDirectory place;
  Repository repository;
  GitEnvironment environment;
  Request request;
};

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

/// What a fetch of `url` into a scratch directory came to.
Error refused_fetch(const HttpsServer& server, Request request) {
  request.what = {FetchRequest::Kind::git, server.url("git/pack.git"), {}, {}};
  request.settings.allow_hosts = {server.authority()};
  request.settings.ca_file = server.ca_file();
  const loaders::Descriptor null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  FrameWriter frames(null.get());
  const auto fetched = fetch_commit(request, {}, frames);
  REQUIRE_FALSE(fetched);
  return fetched.error();
}

}  // namespace

TEST_CASE("a commit that is not there has no files") {
  Commit commit;
  const std::string unknown(40, '1');
  commit.check_refused(unknown, ErrorCode::invalid_argument, "git can't list the commit's files");
  CHECK(commit.send(unknown).error().why() == "not a tree object");
  CHECK(commit.place.read("frames").find("{\"directory\"") == std::string::npos);
}

TEST_CASE("a list of more files than a fetch may bring is not read to its end") {
  Commit commit;
  commit.request.limits.entries = 0;
  commit.check_refused(commit.commit_of(commit.repository.blob("x")), ErrorCode::invalid_argument,
                       "its list of files is too long");
  CHECK_FALSE(commit.has_sent_a_file());
}

TEST_CASE("a file without bytes is none") {
  Commit commit;
  commit.check_refused(commit.commit_of(std::string(40, '1')), ErrorCode::invalid_argument,
                       "\"a\" is neither a regular file nor a directory; a pack holds nothing else");
  CHECK_FALSE(commit.has_sent_a_file());
}

TEST_CASE("a tree that calls a directory a file is refused") {
  Commit commit;
  const std::string below = commit.repository.tree(tree_line("100644", "blob", commit.repository.blob("x"), "inside"));
  const std::string tree = commit.repository.git({"hash-object", "-t", "tree", "-w", "--stdin"},
                                                 std::string("100644 a\0", 9) + from_hex(below));
  const auto sent = commit.send(commit.repository.commit(tree));
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code() == ErrorCode::io);
  CHECK(sent.error().message() == "git reads an object in another way than it is known to");
  CHECK(sent.error().why() == below + " tree " + std::to_string(std::string("100644 inside\0", 14).size() + 20));
  CHECK_FALSE(commit.has_sent_a_file());
}

TEST_CASE("an object that ends before its size does ends the fetch") {
  Commit commit;
  std::string noise;
  for (std::uint32_t x = 1; noise.size() < 200'000; x = x * 1664525U + 1013904223U)
    noise += static_cast<char>(x >> 24U);
  const std::string id = commit.repository.blob(noise);
  const std::string whole = commit.commit_of(id);
  REQUIRE(commit.send(whole));
  CHECK(commit.has_sent_a_file());
  const std::string object = "git/pack.git/objects/" + id.substr(0, 2) + "/" + id.substr(2);
  const std::string packed = commit.place.read(object);
  std::filesystem::remove(commit.place.path(object));
  commit.place.write(object, packed.substr(0, packed.size() / 2));
  commit.check_refused(whole, ErrorCode::io, "git ended while its objects were read");
}

TEST_CASE("a git that ends before it has answered ends the fetch") {
  Commit commit;
  // Of git's commands only those that read objects look at this one.
  commit.environment.settings = {{"diff.x.binary", "perhaps"}};
  const auto before = ::signal(SIGPIPE, SIG_IGN);  // as the program does
  commit.check_refused(commit.commit_of(commit.repository.blob("x")), ErrorCode::io,
                       "git ended while its objects were read");
  ::signal(SIGPIPE, before);
  CHECK_FALSE(commit.has_sent_a_file());
}

TEST_CASE("git has its bounds") {
  const TemporaryDirectory place;
  const GitEnvironment environment{place.path("none"), {}, memory_bytes};
  SECTION("of what it says") {
    const auto end = run_git(environment, {"version"}, 11, &go_on);
    REQUIRE_FALSE(end);
    CHECK(end.error().code() == ErrorCode::invalid_argument);
    CHECK(end.error().message() == "its list of files is too long");
    CHECK(run_git(environment, {"version"}, 1000, &go_on)->out.starts_with("git version "));
  }
  SECTION("of what it is told: the kernel starts no program then") {
    const auto end = run_git(environment, {std::string(1U << 20U, 'x')}, 1000, &go_on);
    REQUIRE_FALSE(end);
    CHECK(end.error().code() == ErrorCode::io);
    CHECK(end.error().message() == "git can't be started");
    CHECK(end.error().remedy() == "install git");
  }
}

TEST_CASE("a fetch by git that can't begin says why") {
  const HttpsServer server;
  const TemporaryDirectory scratch;
  Request request;
  request.scratch = scratch.path();
  SECTION("no time") {
    request.limits.total = 0ms;
    const Error error = refused_fetch(server, request);
    CHECK(error.code() == ErrorCode::timeout);
    CHECK(error.message() == "fetching \"" + server.url("git/pack.git") + "\" took longer than 0 ms");
  }
  SECTION("no room for a repository") {
    scratch.write("repository", "a file");
    const Error error = refused_fetch(server, request);
    CHECK(error.code() == ErrorCode::io);
    CHECK(error.message() == "git cannot make a repository");
    CHECK_FALSE(error.why().empty());
  }
  CHECK(server.requests().empty());
}

TEST_CASE("what git stores is counted, whatever else lies there") {
  const TemporaryDirectory scratch;
  scratch.write("objects/one", "123456");
  scratch.write("two", "1234");
  scratch.link("dangling", "nowhere");
  Request request;
  request.what.address = "https://a.test/x?secret";
  request.scratch = scratch.path();
  const loaders::Descriptor null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  FrameWriter frames(null.get());
  request.limits.download_bytes = 10;
  CHECK(GitWatch(request, frames).look());
  request.limits.download_bytes = 9;
  const auto looked = GitWatch(request, frames).look();
  REQUIRE_FALSE(looked);
  CHECK(looked.error().code() == ErrorCode::invalid_argument);
  CHECK(looked.error().message() == "\"https://a.test/x?***\" is larger than 9 bytes");
}
