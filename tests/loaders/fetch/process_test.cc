// How the fetch program is started.
#include <fcntl.h>

#include <atomic>
#include <thread>

#include "cowork/base/json_reader.h"
#include "fake_program.h"

using namespace cowork;
using namespace cowork::loaders;
using namespace cowork::loaders::test;

TEST_CASE("the program gets nothing of the host but the request") {
  ::setenv("COWORK_TEST_SECRET", "x", 1);
  // Open, and without the flag that would close it.
  const int leaked = ::open("/dev/null", O_RDONLY);
  FakeFetch fetch("record\nsend output", done_line);
  fetch.options.settings.allow_hosts = {"build.example:8443"};
  fetch.options.limits.total = std::chrono::minutes(2);
  fetch.request.sha256 = some_hash;
  fetch.request.ref = "main";
  const auto result = fetch.run();
  ::close(leaked);
  if (!result) FAIL(result.error().message() << ": " << result.error().why());

  CHECK(fetch.scratch.read("seen") ==
        "PATH=/usr/bin:/bin\nLC_ALL=C.UTF-8\nHOME=\ndescriptors 3\nleader 1\ndirectory " + fetch.scratch.path() + "\n");
  const auto document =
      json::parse(fetch.scratch.read("request"), "request", json::request_limits, ErrorCode::internal);
  REQUIRE(document);
  const json::Value& request = document->root;
  CHECK(*request.find("kind") == json::Value("url"));
  CHECK(*request.find("address") == json::Value(fetch.request.address));
  CHECK(*request.find("ref") == json::Value("main"));
  CHECK(*request.find("sha256") == json::Value(some_hash));
  CHECK(*request.find("scratch") == json::Value(fetch.scratch.path()));
  CHECK(*request.find("settings")->find("allowHosts") == json::Value::strings({"build.example:8443"}));
  CHECK(*request.find("limits")->find("totalMs") == json::Value(120'000));
}

TEST_CASE("a program that can't be started is an error of the fetch alone") {
  FakeFetch fetch("");
  struct Case {
    std::string program;
    std::string why;
  };
  fetch.scratch.write("no-program", "x");
  const Case table[] = {
      {"", "No such file or directory"},
      {"fake_fetch_program", "No such file or directory"},
      {"/nowhere/cowork-fetch", "No such file or directory"},
      {fetch.scratch.path("no-program"), "Permission denied"},
      {fetch.scratch.path(), "Permission denied"},
  };
  for (const auto& [program, why] : table) {
    fetch.options.program = program;
    const auto result = fetch.run();
    check_error(result, ErrorCode::io, "cannot start the fetch program \"" + program + "\"", why);
    CHECK(result.error().remedy() == "install cowork-fetch, or name where it lies in the options of the host");
  }
}

TEST_CASE("a request that nobody could have meant is not sent") {
  FakeFetch fetch("record");
  fetch.request.address = std::string(70'000, 'a');
  check_error(fetch.run(), ErrorCode::invalid_argument,
              "what is asked of the fetch program is longer than 65536 bytes");
  CHECK_FALSE(fetch.scratch.exists("seen"));
}

TEST_CASE("several fetches at once keep apart") {
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      FakeFetch fetch("read\nsend output", done_line);
      if (fetch.run()) ++good;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == 4);
}
