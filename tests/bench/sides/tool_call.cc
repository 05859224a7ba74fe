// A call of a tool, in this process and in another one.
//
// Beside the first stands the pack's own function, called by its pointer with text that is ready; beside the other one
// a round trip of as many bytes over a socket pair, with a child that answers at once.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "child.h"
#include "cowork/loaders/isolated_loader.h"
#include "native_fixture.h"
#include "raw_pack.h"
#include "sides.h"

namespace cowork::bench {
namespace {

const std::string& tag() {
#define COWORK_BENCH_TEXT_INNER(token) #token
#define COWORK_BENCH_TEXT(token) COWORK_BENCH_TEXT_INNER(token)
  static const std::string text = COWORK_BENCH_TEXT(COWORK_PACK_TAG);
  return text;
}

std::shared_ptr<CodeLoader> isolating(const NativeFixture& fixture) {
  loaders::IsolationOptions options;
  options.disk = make_real_disk();
  options.clock = make_real_clock();
  options.home = fixture.home();
  options.host_version = "1.0.0";
  options.program = COWORK_RUNNER_PROGRAM;
  return loaders::make_isolated_loader(options);
}

/// Keeps the pack's loader as well.
Measure calling(std::shared_ptr<CodeLoader> loader, const NativeFixture& fixture) {
  std::shared_ptr<NativePack> pack = value_of(loader->load(fixture.record(), nullptr));
  return [loader = std::move(loader), pack = std::move(pack), input = tool_input()](const Stopwatch& stopwatch) {
    return stopwatch.time([&] {
      auto answer = pack->call(tool_name, input, {});
      if (!answer) throw std::runtime_error(answer.error().message());
      return answer;
    });
  };
}

/// A child at the other end, which answers a message of so many bytes with one of so many.
class Echo {
 public:
  Echo(std::size_t request, std::size_t answer) : request_(request), answer_(answer) {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()) != 0)
      throw std::runtime_error("no socket pair");
    child_ = ::fork();
    if (child_ != 0) {
      ::close(ends_[1]);
      return;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close(ends_[0]);
    while (receive(ends_[1], request_) && send(ends_[1], answer_)) continue;
    ::_exit(0);
  }
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;
  ~Echo() {
    ::close(ends_[0]);
    ::waitpid(child_, nullptr, 0);
  }

  bool ask() { return send(ends_[0], request_) && receive(ends_[0], answer_); }

 private:
  bool send(int socket, std::size_t size) {
    return ::send(socket, buffer_.data(), size, MSG_NOSIGNAL) == static_cast<ssize_t>(size);
  }
  bool receive(int socket, std::size_t size) {
    return ::recv(socket, buffer_.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size);
  }

  std::size_t request_, answer_;
  std::array<int, 2> ends_{};
  std::array<char, 4096> buffer_{};
  pid_t child_ = -1;
};

}  // namespace

/// In children, so that this process stays without the library (native.cc).
Sides tool_call() {
  const auto fixture = std::make_shared<NativeFixture>();
  return {[fixture](const Stopwatch& stopwatch) {
            return in_child([&] { return calling(fixture->loader(), *fixture)(stopwatch); });
          },
          [](const Stopwatch& stopwatch) {
            return in_child([&] {
              RawPack raw(NativeFixture::library_path(), tag());
              return stopwatch.time([&, text = tool_text()] { return raw.call(tool_name, text); });
            });
          }};
}

Sides isolated_tool_call() {
  const auto raw_answer = in_child([] {
    return static_cast<double>(RawPack(NativeFixture::library_path(), tag()).call(tool_name, tool_text()).size());
  });
  // Forked before the loader has threads.
  const auto echo = std::make_shared<Echo>(tool_text().size(), static_cast<std::size_t>(raw_answer));
  const NativeFixture fixture;
  return {calling(isolating(fixture), fixture), [echo](const Stopwatch& stopwatch) {
            return stopwatch.time([&] {
              if (!echo->ask()) throw std::runtime_error("the echo failed");
            });
          }};
}

}  // namespace cowork::bench
