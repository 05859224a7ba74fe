// However a fetch ends, nothing of it is left running.
#include <signal.h>
#include <sys/wait.h>

#include <atomic>
#include <thread>

#include "fake_program.h"

using namespace cowork;
using namespace cowork::loaders;
using namespace cowork::loaders::test;
using namespace std::chrono_literals;

namespace {

const std::string no_answer = "the fetch program ended without an answer";

bool has_no_children() {
  return ::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD;
}

/// Every script below breeds a child that would go on for ever.
void check_nothing_is_left(const FakeFetch& fetch) {
  CHECK(child_has_ended(fetch));
  CHECK(has_no_children());
}

}  // namespace

TEST_CASE("a program that ends without an answer says how") {
  struct Case {
    std::string script;
    std::string output;
    std::string why;
  };
  const Case table[] = {
      {"exit 0", "", "it ended with status 0"},
      {"exit 3", "", "it ended with status 3"},
      {"say first\nsay last\x1b[31m words\nexit 1", "",
       "it ended with status 1; its last words were \"last\\x1b[31m words\""},
      {"say at https://u:S3CRET@h.test/x?S3CRET it fell\nexit 1", "",
       "it ended with status 1; its last words were \"at https://***@h.test/x?*** it fell\""},
      {"signal 15", "", "it ended by signal 15 (Terminated)"},
      {"send output\nexit 0", "{\"done\":{", "it ended with status 0"},
      {"send output\nexit 0", "{\"file\":{\"path\":\"a\",\"size\":5,\"executable\":false}}\n1234",
       "it ended with status 0"},
      {"close\nhang", "", "it ended by closing its output, or killed"},
  };
  for (const auto& [script, output, why] : table) {
    INFO(script);
    FakeFetch fetch("read\n" + script, output);
    check_error(fetch.run(), ErrorCode::io, no_answer, why);
    CHECK(fetch.writer.entries.empty());
    CHECK(has_no_children());
  }
}

TEST_CASE("of a program that the kernel has buried nobody knows how it ended") {
  // An application may have its children buried unseen.
  const auto before = ::signal(SIGCHLD, SIG_IGN);
  const auto result = FakeFetch("read\nexit 3").run();
  ::signal(SIGCHLD, before);
  check_error(result, ErrorCode::io, no_answer, "it ended nobody knows how");
  CHECK(has_no_children());
}

TEST_CASE("a program that does not read its request can still answer") {
  FakeFetch fetch("send output", done_line);
  fetch.request.address = std::string(60'000, 'a');
  CHECK(fetch.run());
}

TEST_CASE("an answer ends the fetch, though the program goes on") {
  FakeFetch fetch("read\nbreed\nsend output\nhang", done_line);
  CHECK(fetch.run());
  check_nothing_is_left(fetch);
}

TEST_CASE("a stop ends the program and its children") {
  std::stop_source source;
  FakeFetch fetch("read\nbreed\nsend output\nhang", R"({"progress":{"phase":"resolve","bytes":0,"total":0}})"
                                                    "\n");
  fetch.control.stop = source.get_token();
  std::thread other;
  // From another thread, once it is known to be at work.
  fetch.control.progress = [&](const FetchProgress&) { other = std::thread([&] { source.request_stop(); }); };
  const auto result = fetch.run();
  other.join();
  check_error(result, ErrorCode::cancelled, "fetching \"https://example.org/pack.tar.gz?***\" was cancelled");
  check_nothing_is_left(fetch);
}

TEST_CASE("a stop that came before starts nothing that lasts") {
  std::stop_source source;
  source.request_stop();
  FakeFetch fetch("hang");
  fetch.control.stop = source.get_token();
  check_error(fetch.run(), ErrorCode::cancelled, "fetching \"https://example.org/pack.tar.gz?***\" was cancelled");
  CHECK(has_no_children());
}

TEST_CASE("clocks end the program and its children") {
  FakeFetch fetch("read\nbreed\nrepeat output", R"({"progress":{"phase":"download","bytes":0,"total":0}})"
                                                "\n");
  std::string message;
  SECTION("the caller's deadline") {
    fetch.control.deadline = std::chrono::steady_clock::now() + 300ms;
    message = "fetching \"https://example.org/pack.tar.gz?***\" did not end before the deadline";
  }
  SECTION("the whole time") {
    fetch.options.limits.total = 300ms;
    message = "fetching \"https://example.org/pack.tar.gz?***\" took longer than 300 ms";
  }
  SECTION("silence") {
    fetch.scratch.write("script", "read\nbreed\nhang");
    fetch.options.limits.stall = 150ms;
    message = "the fetch program said nothing for 300 ms while fetching \"https://example.org/pack.tar.gz?***\"";
  }
  SECTION("silence of a program that does not even read") {
    fetch.scratch.write("script", "breed\nhang");
    fetch.options.limits.stall = 150ms;
    message = "the fetch program said nothing for 300 ms while fetching \"https://example.org/pack.tar.gz?***\"";
  }
  check_error(fetch.run(), ErrorCode::timeout, message);
  check_nothing_is_left(fetch);
}

TEST_CASE("a flood of errors is not kept, and holds up nothing") {
  FakeFetch fetch("read\nsay " + std::string(1 << 20, 'x') + "\nsay end\nexit 1");
  check_error(fetch.run(), ErrorCode::io, no_answer, "it ended with status 1; its last words were \"end\"");
}
