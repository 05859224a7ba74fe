// What the fetch program may say, and what happens when it says anything else.
#include "fake_program.h"

using namespace cowork;
using namespace cowork::loaders;
using namespace cowork::loaders::test;

namespace {

const std::string nobody_understands = "the fetch program said what nobody understands";

std::string lines(std::initializer_list<std::string> all) {
  std::string text;
  for (const std::string& line : all) text += line + "\n";
  return text;
}

}  // namespace

TEST_CASE("a tree comes through as it was sent") {
  std::string body("\0{\"error\":{}}\n\xff", 15);
  FakeFetch fetch(
      "read\nsend output",
      lines({R"({"progress":{"phase":"download","bytes":3,"total":9}})", R"({"directory":{"path":"skills"}})",
             R"({"file":{"path":"skills/a","size":15,"executable":true}})"}) +
          body + lines({R"({"file":{"path":"empty","size":0,"executable":false}})"}) + done_line);
  const auto result = fetch.run();
  if (!result) FAIL(result.error().message() << ": " << result.error().why());
  CHECK(result->sha256 == some_hash);
  CHECK(result->commit.empty());
  CHECK(fetch.writer.entries == std::vector<std::string>{"skills/", "skills/a*", "empty"});
  CHECK(fetch.writer.contents["skills/a"] == body);
}

TEST_CASE("lines that are no frames end the fetch") {
  struct Case {
    std::string output;
    std::string why;
  };
  const Case table[] = {
      {"{}\n", "a line of it is no object with one object in it"},
      {"[]\n", "a line of it is no object with one object in it"},
      {"{\"done\":1}\n", "a line of it is no object with one object in it"},
      {"{\"done\":{},\"error\":{}}\n", "a line of it is no object with one object in it"},
      {"{\"shell\":{}}\n", "it sent a frame \"shell\""},
      {"{\"done\":{}}\n", "it was done without a hash or a commit"},
      {"{\"done\":{\"sha256\":\"AA\",\"commit\":\"\"}}\n", "it was done without a hash or a commit"},
      {"{\"done\":{\"sha256\":\"" + std::string(64, 'a') + "\",\"commit\":\"" + std::string(40, 'b') + "\"}}\n",
       "it was done without a hash or a commit"},
      {"{\"progress\":{\"phase\":\"mine\",\"bytes\":1,\"total\":1}}\n", "its progress makes no sense"},
      {"{\"done\":{\"sha256\":\"" + std::string(64, 'G') + "\",\"commit\":\"\"}}\n",
       "it was done without a hash or a commit"},
      {"{\"progress\":{\"phase\":\"unpack\",\"bytes\":1}}\n", "its progress makes no sense"},
      {"{\"file\":{\"path\":\"a\",\"size\":1,\"executable\":1}}\n", "a file of it has no size or no mode"},
      {"{\"file\":{\"path\":\"a\",\"executable\":true}}\n", "a file of it has no size or no mode"},
      {"{\"progress\":{\"phase\":\"unpack\",\"bytes\":-1,\"total\":1}}\n", "its progress makes no sense"},
      {"{\"file\":{\"path\":\"a\",\"size\":-1,\"executable\":false}}\n", "a file of it has no size or no mode"},
      {"{\"file\":{\"path\":\"a\",\"size\":1.5,\"executable\":false}}\n", "a file of it has no size or no mode"},
      {"{\"file\":{\"path\":\"a\",\"size\":1}}\n", "a file of it has no size or no mode"},
      {"{\"error\":{\"code\":\"policy-denied\",\"message\":\"x\"}}\n", "it named the error code \"policy-denied\""},
      {"{\"error\":{\"code\":\"io\",\"message\":\"\"}}\n", "it told an error without words"},
      {"{\"error\":{\"code\":[],\"message\":\"x\"}}\n", "it named the error code \"\""},
      {std::string(17 << 10, ' '), "a line of it is longer than 16384 bytes"},
      {done_line + "{}\n", "it went on after it was done"},
  };
  for (const auto& [output, why] : table) {
    INFO(output.substr(0, 100));
    FakeFetch fetch("read\nsend output\nhang", output);
    check_error(fetch.run(), ErrorCode::io, nobody_understands, why);
    CHECK(fetch.writer.entries.empty());
  }
}

TEST_CASE("of an error's words only so many are shown") {
  FakeFetch fetch("read\nsend output\nhang",
                  R"({"error":{"code":"io","message":")" + std::string(3000, 'x') + "\"}}\n");
  check_error(fetch.run(), ErrorCode::io, std::string(2000, 'x'));
}

TEST_CASE("a file that can't be written ends the fetch") {
  FakeFetch fetch("read\nsend output\nhang", lines({R"({"file":{"path":"a","size":1,"executable":false}})"}) + "x");
  fetch.writer.refusal = Error::io("no space");
  check_error(fetch.run(), ErrorCode::io, "no space");
}

TEST_CASE("a directory that can't be made ends the fetch") {
  FakeFetch fetch("read\nsend output\nhang", lines({R"({"directory":{"path":"a"}})", R"({"directory":{"path":"b"}})"}));
  fetch.writer.refusal = Error::io("no space");
  check_error(fetch.run(), ErrorCode::io, "no space");
  CHECK(fetch.writer.entries == std::vector<std::string>{"a/"});
}

TEST_CASE("lines that are no JSON end the fetch") {
  for (const std::string& output :
       {std::string("\n"), std::string("hello\n"), std::string("{\"done\":\n"), std::string("\0\n", 2),
        std::string("\xff\n"), std::string("{\"done\":{},\"done\":{}}\n"), std::string(10'000, '[') + "\n"}) {
    INFO(output.substr(0, 100));
    FakeFetch fetch("read\nsend output\nhang", output);
    const auto result = fetch.run();
    REQUIRE_FALSE(result);
    CHECK(result.error().code() == ErrorCode::io);
    CHECK(result.error().message() == nobody_understands);
    CHECK_FALSE(result.error().why().empty());
  }
}

TEST_CASE("the host checks the tree again, before a byte of a file comes") {
  const std::string most = std::to_string(256u << 20);
  struct Case {
    std::string output;
    ErrorCode code;
    std::string message;
  };
  const Case table[] = {
      {R"({"file":{"path":"../x","size":1,"executable":false}})", ErrorCode::invalid_argument,
       "\"../x\" is no path within a pack"},
      {R"({"file":{"path":"/etc/x","size":1,"executable":false}})", ErrorCode::invalid_argument,
       "\"/etc/x\" is no path within a pack"},
      {R"({"directory":{"path":".git"}})", ErrorCode::invalid_argument,
       "\".git\" has a step named .git, which belongs to git"},
      {R"({"directory":{}})", ErrorCode::invalid_argument, "\"\" is no path within a pack"},
      {R"({"file":{"path":"big","size":300000000,"executable":false}})", ErrorCode::invalid_argument,
       "\"big\" is too much: a pack holds at most " + most + " bytes"},
      {R"({"file":{"path":"a/b","size":1,"executable":false}})", ErrorCode::io,
       "the fetch program sent \"a/b\" without the directory that it lies in"},
      {lines({R"({"directory":{"path":"a"}})"}) + R"({"directory":{"path":"A"}})", ErrorCode::invalid_argument,
       "\"A\" is the same as \"a\" to file systems that fold case or normalise names"},
  };
  for (const auto& [output, code, message] : table) {
    INFO(output);
    FakeFetch fetch("read\nsend output\nhang", output + "\n");
    check_error(fetch.run(), code, message);
    CHECK(fetch.writer.contents.empty());
  }
}

TEST_CASE("limits of a fetch are the host's too") {
  FakeFetch fetch("read\nsend output\nhang", lines({R"({"directory":{"path":"a"}})", R"({"directory":{"path":"b"}})",
                                                    R"({"file":{"path":"c","size":11,"executable":false}})"}));
  SECTION("entries") {
    fetch.options.limits.entries = 1;
    check_error(fetch.run(), ErrorCode::invalid_argument,
                "\"b\" is too much: at most 1 files and directories are fetched");
  }
  SECTION("bytes") {
    fetch.options.limits.unpacked_bytes = 10;
    check_error(fetch.run(), ErrorCode::invalid_argument, "\"c\" is too much: at most 10 bytes are fetched");
  }
}

TEST_CASE("an answer to another question is none") {
  FakeFetch fetch("read\nsend output\nhang", done_line);
  SECTION("a hash for a repository") {
    fetch.request.kind = FetchRequest::Kind::git;
    check_error(fetch.run(), ErrorCode::io, "the fetch program answered another question than it was asked");
  }
  SECTION("a commit for an archive") {
    fetch.scratch.write("output", R"({"done":{"sha256":"","commit":")" + std::string(40, 'b') + "\"}}\n");
    check_error(fetch.run(), ErrorCode::io, "the fetch program answered another question than it was asked");
  }
  SECTION("another hash than was asked for") {
    fetch.request.sha256 = std::string(64, 'b');
    check_error(fetch.run(), ErrorCode::integrity,
                "what came from \"https://example.org/pack.tar.gz?***\" is not what was asked for",
                "its SHA-256 is " + some_hash + ", asked for was " + fetch.request.sha256);
  }
}

TEST_CASE("an error of the program is told as it is, as text") {
  FakeFetch fetch(
      "read\nsend output\nhang",
      "{\"error\":{\"code\":\"not-found\",\"message\":\"no \\u001b[31mref\",\"why\":\"w\",\"try\":\"t\"}}\n");
  const auto result = fetch.run();
  check_error(result, ErrorCode::not_found, "no \\x1b[31mref", "w");
  CHECK(result.error().remedy() == "t");
}

TEST_CASE("what the writer refuses ends the fetch") {
  FakeFetch fetch("read\nsend output\nrepeat output", R"({"file":{"path":"a","size":0,"executable":false}})"
                                                      "\n");
  fetch.writer.refusal = Error::io("disk full");
  check_error(fetch.run(), ErrorCode::io, "disk full");
  CHECK(fetch.writer.entries.size() == 1);
}

TEST_CASE("progress is told at most ten times a second") {
  std::string output;
  for (int i = 0; i < 5000; ++i)
    output += R"({"progress":{"phase":"download","bytes":1,"total":2}})"
              "\n";
  FakeFetch fetch("read\nsend output", output + done_line);
  int told = 0;
  fetch.control.progress = [&](const FetchProgress& progress) {
    ++told;
    CHECK(progress.phase == "download");
    CHECK(progress.total == 2);
  };
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(fetch.run());
  const auto tenths = (std::chrono::steady_clock::now() - begin) / std::chrono::milliseconds(100);
  CHECK(told >= 1);
  CHECK(told <= tenths + 1);
}

TEST_CASE("addresses in the words of the program are masked") {
  FakeFetch fetch("read\nsend output",
                  R"({"error":{"code":"network","message":"no \"https://u:S3CRET@h.test/x?S3CRET\" here",)"
                  R"("why":"HTTP://h.test/a?S3CRET'S3CRET: gone","try":"ask https://h.test/x#S3CRET."}})"
                  "\n");
  const auto result = fetch.run();
  REQUIRE_FALSE(result);
  CHECK(result.error().message() == "no \"https://***@h.test/x?***\" here");
  CHECK(result.error().why() == "HTTP://h.test/a?***: gone");
  CHECK(result.error().remedy() == "ask https://h.test/x?***.");
}
