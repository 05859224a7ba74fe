// cowork-fetch: reads one request from stdin, writes frames to stdout (cowork/loaders/fetch_protocol.h). Everything
// foreign is read here, in a process that can do little else.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <clocale>
#include <cstdlib>
#include <exception>

#include "fetch.h"
#include "sandbox.h"

namespace {

using namespace cowork;

/// Frames have a descriptor of their own: what a library may print on stdout goes to stderr.
int take_stdout() {
  const int frames = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (frames < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) ::_exit(EXIT_FAILURE);
  return frames;
}

Result<FetchResult> answer(fetch::FrameWriter& frames) {
  try {
    COWORK_TRY(fetch::end_with_parent());
    COWORK_ASSIGN(const fetch::Request request, fetch::read_request(STDIN_FILENO));
    return fetch::run_fetch(request, frames);
  } catch (const std::exception& thrown) {  // no memory, most likely: it is limited
    return fail(Error::io("the fetch program gave up").with_why(thrown.what()));
  }
}

}  // namespace

int main() {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
  std::setlocale(LC_CTYPE, "C.UTF-8");  // names in archives are not to be recoded
  fetch::FrameWriter frames(take_stdout());
  const auto result = answer(frames);
  result ? frames.done(*result) : frames.error(result.error());
  // All has been said, and the kernel tidies up: no code of a library runs once more over what it has read.
  ::_exit(result ? EXIT_SUCCESS : EXIT_FAILURE);
}
