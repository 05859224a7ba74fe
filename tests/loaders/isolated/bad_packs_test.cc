// Whatever a pack does to its process, the host stays up and names the pack.
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <stop_token>

#include "isolated_world.h"

using namespace cowork;
using namespace cowork::test;

namespace {

const std::string who = "pack \"bad\"";

std::string tool_of(const char* name) {
  return "tool \"" + std::string(name) + "\" of " + who;
}

}  // namespace

TEST_CASE("loading starts nothing and writes nothing; the first call starts the process") {
  IsolatedWorld world;
  CHECK(world.bad().tools().empty());
  CHECK(world.bad().interceptors().empty());
  CHECK_FALSE(world.files.exists("home"));
  CHECK(world.text("echo", json::Value::object({{"a", 1}})) == R"({"a":1})");
  CHECK(world.bad().tools().size() > 20);
  CHECK(world.files.tree("home") == std::vector<std::string>{"data/", "data/bad/"});
  CHECK(world.text("pid") == world.text("pid"));
  CHECK(world.text("pid") != std::to_string(::getpid()));
}

TEST_CASE("a call that ends its process fails by the pack's name, and the next one finds another process") {
  struct Case {
    const char* tool;
    std::string end;
  };
  const Case table[] = {
      {"crash", "its process was killed by signal SIGSEGV"},
      {"abort", "its process was killed by signal SIGABRT"},
      {"exit", "its process ended with status 0"},
      {"close", "its process closed its connection"},
  };
  for (const auto& [tool, end] : table) {
    INFO(tool);
    IsolatedWorld world;
    const Error error = world.fault(tool);
    CHECK(error.code() == ErrorCode::internal);
    CHECK(error.message() == tool_of(tool) + " failed: " + end);
    world.rest();
    CHECK(world.text("echo", "still here") == R"("still here")");
  }
}

TEST_CASE("a pack that does not start fails the call, in words") {
  struct Case {
    const char* start;
    ErrorCode code;
    std::string message;
  };
  const Case table[] = {
      {"abort", ErrorCode::internal, who + " did not start: its process was killed by signal SIGABRT"},
      {"exit", ErrorCode::internal, who + " did not start: its process ended with status 0"},
      {"throw", ErrorCode::internal, who + " did not start: the kettle is broken"},
      {"hang", ErrorCode::timeout, who + " did not start within 1000 ms"},
      {"garbage", ErrorCode::internal,
       who + " did not start: its process was killed, since it broke the protocol: a frame is too long"},
  };
  for (const auto& [start, code, message] : table) {
    INFO(start);
    IsolatedWorld world;
    world.options.limits.start = std::chrono::milliseconds(1000);
    world.files.write("home/config/bad.json", R"({"start": ")" + std::string(start) + R"("})");
    const Error error = world.fault("echo");
    CHECK(error.code() == code);
    CHECK(error.message() == message);
    CHECK_THAT(error.why(), Catch::StartsWith("native code of " + who + " "));
    CHECK(error.remedy() == "cowork pack info bad");
    CHECK(world.notice("pack-code-failed") == message);
    const std::vector<std::string> lines = world.log->lines();
    CHECK(std::find(lines.begin(), lines.end(), "info bad: " + message) != lines.end());
  }
}

TEST_CASE("how a process ended last is a diagnostic until a call is answered, it is forgiven or it is removed") {
  IsolatedWorld world;
  CHECK(world.notice("pack-code-failed").empty());
  static_cast<void>(world.fault("crash"));
  CHECK(world.notice("pack-code-failed") == who + " failed: its process was killed by signal SIGSEGV");
  world.rest();
  static_cast<void>(world.fault("exit"));
  CHECK(world.notice("pack-code-failed") == who + " failed: its process ended with status 0");
  world.rest();
  CHECK(world.text("echo", 1) == "1");
  CHECK(world.notice("pack-code-failed").empty());
  static_cast<void>(world.fault("crash"));
  world.isolated()->forgive("bad");
  CHECK(world.notice("pack-code-failed").empty());
  world.rest();
  static_cast<void>(world.fault("crash"));
  CHECK(world.has_notice("isolated-interceptors"));
  CHECK(world.has_notice("pack-code-failed"));
  world.stop();
  CHECK(
      eventually([&] { return !world.has_notice("isolated-interceptors") && !world.has_notice("pack-code-failed"); }));
}

TEST_CASE("a library whose constructors abort ends its process, not the host") {
  IsolatedWorld world;
  const auto pack = world.loaded_isolated(world.pack("aborts", fixture("aborts")));
  const auto answer = pack->call("any", {}, {});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().message() == "pack \"aborts\" did not start: its process was killed by signal SIGABRT");
}

TEST_CASE("what a tool throws or refuses is told as in process, and ends nothing") {
  IsolatedWorld world;
  const std::string pid = world.text("pid");
  CHECK(world.fault("throw").message() == tool_of("throw") + ": no tea");
  CHECK(world.fault("throw").code() == ErrorCode::internal);
  CHECK(world.fault("refuse").message() == tool_of("refuse") + ": the kettle is taken");
  CHECK(world.fault("refuse").code() == ErrorCode::conflict);
  const Error unknown = world.fault("ecoh");
  CHECK(unknown.code() == ErrorCode::not_found);
  CHECK(unknown.remedy() == "did you mean echo");
  CHECK(world.text("pid") == pid);
}

TEST_CASE("a call that does not end is killed at the host's limit, and counts against the pack") {
  IsolatedWorld world;
  world.options.limits.call = std::chrono::milliseconds(500);
  const Error error = world.fault("hang");
  CHECK(error.code() == ErrorCode::timeout);
  CHECK(error.message() == tool_of("hang") + " did not answer within 500 ms");
  CHECK(world.files.exists("home/native-crashes/bad"));
  world.rest();
  CHECK(world.text("echo", 1) == "1");
}

TEST_CASE("a tool that heeds its cancellation keeps its process; one that does not is killed") {
  IsolatedWorld world;
  const std::string pid = world.text("pid");
  CallOptions options;
  options.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
  CHECK(world.fault("wait", {}, options).message() == tool_of("wait") + ": it was told to stop");
  std::stop_source stop;
  stop.request_stop();
  options = {};
  options.stop = stop.get_token();
  CHECK(world.fault("wait", {}, options).code() == ErrorCode::cancelled);
  CHECK(world.text("pid") == pid);
  const std::string hung = tool_of("hang");
  CHECK(world.fault("hang", {}, options).message() == hung + " was cancelled");
  options = {};
  options.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
  const Error late = world.fault("hang", {}, options);
  CHECK(late.code() == ErrorCode::timeout);
  CHECK(late.message() == hung + " did not answer before its deadline");
  // A caller who gives up early says nothing about the pack: no back-off, no crash.
  CHECK(world.text("echo", 1) == "1");
  CHECK(world.text("pid") != pid);
  CHECK_FALSE(world.files.exists("home/native-crashes"));
}

TEST_CASE("frames that are not of the protocol end the process") {
  struct Case {
    const char* tool;
    const char* text;
    const char* why;
  };
  const Case table[] = {
      {"garbage", "", "a frame is too long"},
      {"frame", "{", "a frame is no JSON"},
      {"frame", "[]", "a frame is no object with one object as its member"},
      {"frame", "{'answer':{},'log':{}}", "a frame is no object with one object as its member"},
      {"frame", "{'answer':{}}", "an answer is none"},
      {"frame", "{'answer':{'id':1}}", "an answer is none"},
      {"frame", "{'answer':{'id':999,'value':1}}", "an answer has no question"},
      {"frame", "{'answer':{'id':1,'error':{'code':'io'}}}", "an error does not say what happened"},
      {"frame", "{'started':{}}", "a frame came that nobody waits for"},
      {"frame", "{'shutdown':{}}", "a frame came that nobody waits for"},
  };
  for (const auto& [tool, text, why] : table) {
    INFO(text);
    IsolatedWorld world;
    const Error error = world.fault(tool, text);
    CHECK(error.code() == ErrorCode::internal);
    CHECK_THAT(
        error.message(),
        Catch::StartsWith(tool_of(tool) + " failed: its process was killed, since it broke the protocol: " + why));
  }
}

TEST_CASE("an answer may be as large as in process, and no larger") {
  IsolatedWorld world;
  const auto large = world.call("large");
  REQUIRE(large);
  CHECK(large->as_string()->size() == 15U << 20U);
  CHECK(world.fault("flood").message() == tool_of("flood") + ": it answered more than 16777216 bytes");
}

TEST_CASE("a flood of log lines is cut off, with a warning; what is printed goes nowhere") {
  IsolatedWorld world;
  CHECK(world.text("words") == "true");
  REQUIRE(eventually([&] { return world.has_notice("isolated-log-flood"); }));
  // 200 of each second, in which no more than some 400 are read: of 1,000 about the half.
  CHECK(world.log->lines().size() < 900);
  CHECK(world.log->lines().front() == "info bad: word");
  CHECK(world.text("print") == "true");
}

TEST_CASE("interceptors of an isolated pack are not used, which is said") {
  IsolatedWorld world;
  CHECK(world.text("echo", 1) == "1");
  CHECK(world.bad().interceptors().empty());
  CHECK(world.has_notice("isolated-interceptors"));
}

TEST_CASE("events reach a pack whose process runs") {
  IsolatedWorld world;
  world.bad().on_event({"policy-changed", json::Value::object()});
  CHECK(world.text("events") == "0");
  world.bad().on_event({"policy-changed", json::Value::object()});
  world.bad().on_event({"diagnostic", json::Value::object()});
  CHECK(eventually([&] { return world.text("events") == "1"; }));
}

TEST_CASE("many calls at once are answered, each its own") {
  IsolatedWorld world;
  REQUIRE(world.text("echo", 0) == "0");
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 24; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 20; ++i) right += world.text("echo", thread * 100 + i) == std::to_string(thread * 100 + i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 24 * 20);
}

TEST_CASE("stopping a pack ends its process, and so does the end of the host") {
  IsolatedWorld world;
  const auto pid = static_cast<pid_t>(std::stol(world.text("pid")));
  REQUIRE(is_alive(pid));
  world.stop();
  CHECK_FALSE(is_alive(pid));
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  const pid_t host = ::fork();
  if (host == 0) {
    IsolatedWorld other;
    const auto child = static_cast<pid_t>(std::stol(other.text("pid")));
    if (::write(pipe[1], &child, sizeof child) != sizeof child) ::_exit(1);
    std::thread([&] { static_cast<void>(other.call("hang")); }).detach();
    ::pause();
  }
  pid_t orphan = 0;
  REQUIRE(::read(pipe[0], &orphan, sizeof orphan) == sizeof orphan);
  REQUIRE(is_alive(orphan));
  ::kill(host, SIGKILL);
  ::waitpid(host, nullptr, 0);
  CHECK(eventually([&] { return !is_alive(orphan); }));
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_CASE("two hosts run one pack at once, each in a process of its own") {
  IsolatedWorld world;
  const auto other = loaders::make_isolated_loader(world.options);
  const auto second = other->load(world.bad_record(), nullptr);
  REQUIRE(second);
  const auto pid = (*second)->call("pid", {}, {});
  REQUIRE(pid);
  CHECK(json::to_text(*pid) != world.text("pid"));
}
