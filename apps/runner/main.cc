// cowork-pack-runner: runs one native pack for a host, which starts it (loaders/isolated) and talks to it over
// descriptor 3 (cowork/loaders/runner_protocol.h). Whatever the pack's code does, it does it to this process.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>

#include "connection.h"
#include "start.h"
#include "work.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
// A pack that is killed by a signal has to end so in a sanitizer's build too: the host tells from it what happened.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigfpe=0:handle_sigill=0";
}
#endif
#endif

namespace {

using namespace cowork;
namespace protocol = loaders::runner_protocol;

Result<loaders::StartedCode> started(runner::Connection& connection, const std::shared_ptr<Log>& log) {
  try {
    COWORK_ASSIGN(const protocol::Frame frame, connection.read());
    if (frame.name != "start") return fail(Error::internal("the host did not begin with a start"));
    return runner::start_pack(frame.content, log);
  } catch (const std::exception& thrown) {  // no memory, most likely: it is limited
    return fail(Error::internal("the process of the pack gave up").with_why(thrown.what()));
  }
}

}  // namespace

int main() {
  // A host that died before this line is found by its end of the connection, which is closed.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return EXIT_FAILURE;
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
  runner::Connection connection(protocol::connection);
  const auto log = std::make_shared<runner::ForwardedLog>(connection);
  auto code = started(connection, log);
  if (!code) {
    connection.send("failed", protocol::to_json(code.error()));
    ::_exit(EXIT_FAILURE);
  }
  connection.send("started", loaders::to_json(code->description));
  {
    runner::Work work(connection, code->pack);
    work.serve();
  }
  code->pack.reset();
  // The pack has ended as it would in the host, where nothing of its library runs after that either.
  ::_exit(EXIT_SUCCESS);
}
