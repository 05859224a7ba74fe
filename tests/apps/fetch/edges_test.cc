// What the rows of the other files leave out: one outcome of a condition each.
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "address_rules.h"
#include "answers.h"
#include "archive_survey.h"
#include "fetched_file.h"
#include "frame_writer.h"
#include "git_fault.h"
#include "request.h"
#include "support/catch.h"
#include "support/temporary_directory.h"
#include "tree_plan.h"
#include "zip_directory.h"

using namespace cowork;
using namespace cowork::fetch;

namespace {

std::string little(std::size_t value, int width) {
  std::string bytes;
  for (int i = 0; i < width; ++i, value >>= 8U) bytes += static_cast<char>(value & 0xffU);
  return bytes;
}

/// A zip file of empty files, whose directory and end say what a test wants.
struct Zip {
  std::size_t made_by = 3;
  std::size_t mode = S_IFREG | 0644U;
  std::size_t disk = 0;
  std::size_t counted = 1;
  std::size_t size_off_by = 0;
  std::size_t offset_off_by = 0;
  std::string comment{};

  std::string bytes() const {
    const std::string name = "a";
    const std::string local = "PK\3\4" + std::string(22, '\0') + little(name.size(), 2) + little(0, 2) + name;
    const std::string record = "PK\1\2" + little(20, 1) + little(made_by, 1) + std::string(22, '\0') +
                               little(name.size(), 2) + std::string(8, '\0') + little(0, 2) + little(mode, 2) +
                               little(0, 4) + name;
    const std::string end = "PK\5\6" + little(disk, 2) + little(0, 2) + little(counted, 2) + little(counted, 2) +
                            little(record.size() + size_off_by, 4) + little(local.size() + offset_off_by, 4) +
                            little(comment.size(), 2) + comment;
    return local + record + end;
  }
};

SurveyedEntry entry(const std::string& path, FileKind kind = FileKind::regular, std::uint64_t size = 1,
                    const std::string& content = "a") {
  Sha256 hash;
  hash.take(content);
  return {{path, kind, size, false}, hash.digest()};
}

}  // namespace

TEST_CASE("a ref that git could take for something else is refused") {
  for (const std::string& ref : {std::string("-x"), std::string("+x"), std::string("/x"), std::string("a b"),
                                 std::string("a\tb"), std::string("a\x7f") + "b", std::string("a:b"),
                                 std::string("a..b"), std::string("a@{1}"), std::string(256, 'a')}) {
    INFO(ref);
    CHECK_FALSE(check_ref(ref));
  }
  for (const std::string& ref : {std::string(), std::string("main"), std::string("v1.0/x"), std::string(255, 'a')})
    CHECK(check_ref(ref));
}

TEST_CASE("addresses with a space, a control character or a backslash are none") {
  for (const char* text : {"https://a b.test/", "https://a.test/\x7f", "https://a.test\\b", "https://a.test/\x1f"})
    CHECK_FALSE(parse_address(text));
  CHECK_FALSE(parse_address("https://"));
}

TEST_CASE("an address is shown with its port where that is not the scheme's") {
  CHECK(parse_address("https://a.test/")->shown() == "a.test");
  CHECK(parse_address("https://a.test:8443/")->shown() == "a.test:8443");
  CHECK(parse_address("http://a.test/")->shown() == "a.test");
  CHECK(parse_address("http://a.test:443/")->shown() == "a.test:443");
  CHECK(parse_address("https://[::1]/")->shown() == "[::1]");
  const Address one = parse_address("https://a.test/").value();
  CHECK(one.is_same_host(parse_address("https://a.test/x").value()));
  CHECK_FALSE(one.is_same_host(parse_address("https://b.test/").value()));
  CHECK_FALSE(one.is_same_host(parse_address("https://a.test:1/").value()));
}

TEST_CASE("this machine is asked only where it is allowed by name") {
  const Address here = parse_address("https://localhost/").value();
  loaders::FetchSettings settings;
  CHECK_FALSE(resolve(here, settings));
  settings.allow_hosts = {"localhost"};
  const auto machines = resolve(here, settings);
  REQUIRE(machines);
  for (std::size_t i = 1; i < machines->size(); ++i) CHECK((*machines)[i] != (*machines)[i - 1]);
}

TEST_CASE("a host that no name can be looked up for is not found") {
  // Longer than a step of a name may be, so that nobody is asked.
  const std::string host(64, 'a');
  for (const bool allowed : {false, true}) {
    loaders::FetchSettings settings;
    if (allowed) settings.allow_hosts = {host + ".test"};
    const auto machines = resolve(parse_address("https://" + host + ".test/x?secret").value(), settings);
    REQUIRE_FALSE(machines);
    CHECK(machines.error().code() == ErrorCode::network);
    CHECK(machines.error().message() == "cannot find the host \"" + host + ".test\"");
    CHECK_FALSE(machines.error().why().empty());
  }
}

TEST_CASE("each status has its meaning") {
  const Address address = parse_address("https://a.test/").value();
  const std::vector<std::pair<long, std::string>> rows{
      {404, "check the address"},
      {410, "check the address"},
      {401, token_remedy(address)},
      {403, token_remedy(address)},
      {301, "use the address that it leads to"},
      {302, "use the address that it leads to"},
      {303, "use the address that it leads to"},
      {307, "use the address that it leads to"},
      {308, "use the address that it leads to"},
      {500, "run the command again later"},
      {503, "run the command again later"},
      {204, "check the address"},
      {418, "check the address"},
  };
  for (const auto& [status, remedy] : rows) {
    INFO(status);
    const Error error = wrong_status(address, status);
    CHECK(error.remedy() == remedy);
    CHECK(error.code() == (status == 404 || status == 410 ? ErrorCode::not_found : ErrorCode::network));
  }
}

TEST_CASE("an expired certificate is no reason to trust another one") {
  CHECK(is_untrusted("SSL certificate problem: self-signed certificate"));
  CHECK(is_untrusted("server certificate verification failed"));
  CHECK_FALSE(is_untrusted("SSL certificate problem: certificate has expired"));
  CHECK_FALSE(is_untrusted("Could not resolve host"));
}

TEST_CASE("git's words for too much, for bad objects and for certificates") {
  Request request;
  request.what.address = "https://a.test/x";
  request.settings.ca_file = "/ca.pem";
  const Address address = parse_address(request.what.address).value();
  const auto told = [&](const std::string& errors) { return git_fault({128, "", errors}, request, address); };
  CHECK(told("fatal: File too large\n").code() == ErrorCode::invalid_argument);
  CHECK(told("fatal: index-pack failed\n").code() == ErrorCode::invalid_argument);
  CHECK(told("error: RPC failed\nfatal: early EOF\nfatal: index-pack failed\n").code() == ErrorCode::network);
  CHECK(told("fatal: error setting certificate file: /ca.pem\n").code() == ErrorCode::io);
}

TEST_CASE("the two readings of a zip file are one") {
  const std::vector<SurveyedEntry> one{entry("a"), entry("b")};
  CHECK(check_same(one, one));
  CHECK_FALSE(check_same(one, {entry("a"), entry("c")}));
  CHECK_FALSE(check_same(one, {entry("a"), entry("b", FileKind::directory)}));
  CHECK_FALSE(check_same(one, {entry("a"), entry("b", FileKind::regular, 2)}));
  CHECK_FALSE(check_same(one, {entry("a"), entry("b", FileKind::regular, 1, "other")}));
  CHECK_FALSE(check_same(one, {entry("a")}));
  CHECK_FALSE(check_same({entry("a")}, one));
}

TEST_CASE("the directory of a zip file is complete, in one part, where its end says, and of files") {
  CHECK(check_zip_directory(Zip{}.bytes()));
  CHECK(check_zip_directory(Zip{.comment = "of the end"}.bytes()));
  CHECK(check_zip_directory(Zip{.made_by = 0, .mode = S_IFIFO}.bytes()));
  for (const std::size_t kind : {std::size_t{0}, std::size_t{S_IFREG}, std::size_t{S_IFDIR}, std::size_t{S_IFLNK}})
    CHECK(check_zip_directory(Zip{.mode = kind}.bytes()));
  CHECK_FALSE(check_zip_directory(Zip{.mode = S_IFIFO}.bytes()));
  CHECK_FALSE(check_zip_directory(Zip{.made_by = 19, .mode = S_IFIFO}.bytes()));
  CHECK_FALSE(check_zip_directory(Zip{.disk = 1}.bytes()));
  CHECK_FALSE(check_zip_directory(Zip{.counted = 0}.bytes()));
  CHECK_FALSE(check_zip_directory(Zip{.counted = 2}.bytes()));
  CHECK_FALSE(check_zip_directory(Zip{.offset_off_by = 1}.bytes()));
  // One byte more than there is, and more than lies before the end at all.
  for (const std::size_t more : {std::size_t{1}, std::size_t{1000}, std::size_t{0x7fffffff}})
    CHECK_FALSE(check_zip_directory(Zip{.size_off_by = more}.bytes()));
  CHECK_FALSE(check_zip_directory("PK"));
}

TEST_CASE("a tree has no more entries and bytes than a fetch may bring") {
  loaders::FetchLimits limits;
  limits.entries = 2;
  limits.unpacked_bytes = 10;
  TreePlan plan(limits);
  CHECK(plan.add({"a", FileKind::regular, 5, false}));
  CHECK_FALSE(plan.add({"b", FileKind::regular, 6, false}));
  TreePlan narrow(limits);
  CHECK(narrow.add({"a/b", FileKind::regular, 1, false}));
  CHECK_FALSE(narrow.add({"c", FileKind::regular, 1, false}));
}

TEST_CASE("what was fetched is read as it came, from a file that has no name") {
  const cowork::test::TemporaryDirectory scratch;
  auto file = FetchedFile::make(scratch.path(), 5);
  REQUIRE(file);
  CHECK(scratch.tree().empty());
  CHECK(file->bytes().value().empty());
  CHECK(file->append("abc"));
  const auto more = file->append("def");
  REQUIRE_FALSE(more);
  CHECK(more.error().code() == ErrorCode::invalid_argument);
  CHECK(more.error().message() == "it is larger than 5 bytes");
  CHECK(file->append("de"));
  CHECK(file->size() == 5);
  const std::string_view once = file->bytes().value();
  CHECK(once == "abcde");
  CHECK(file->bytes().value().data() == once.data());
}

TEST_CASE("a host that is gone ends the program") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGPIPE, SIG_IGN);  // as the program does
    FrameWriter(ends[1]).directory("a");
    ::_exit(7);
  }
  ::close(ends[1]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == EXIT_FAILURE);
}
