#include "fetch_process.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "cowork/base/text.h"

namespace cowork::loaders {
namespace {

/// The host's end only: the child's ends block.
Result<void> never_block(const Descriptor& end) {
  if (::fcntl(end.get(), F_SETFL, O_NONBLOCK) == 0) return {};
  return fail(Error::from_errno(errno, "set up a pipe"));
}

Error cannot_start(const std::string& program, const Error& error) {
  return Error::io("cannot start the fetch program " + quoted(program))
      .with_why(error.why())
      .with_remedy("install cowork-fetch, or name where it lies in the options of the host");
}

}  // namespace

Result<FetchProcess> FetchProcess::start(const std::string& program, const std::string& directory) {
  // For stdin, since SIGPIPE is the application's.
  COWORK_ASSIGN(Pipe input, make_socket_pair());
  COWORK_ASSIGN(Pipe output, make_pipe());
  COWORK_ASSIGN(Pipe errors, make_pipe());
  COWORK_TRY(never_block(output.read));
  COWORK_TRY(never_block(errors.read));
  auto process = ChildProcess::start(
      {program,
       directory,
       {{input.read.get(), STDIN_FILENO}, {output.write.get(), STDOUT_FILENO}, {errors.write.get(), STDERR_FILENO}}});
  if (!process) return fail(cannot_start(program, process.error()));
  return FetchProcess{*std::move(process), std::move(input.write), std::move(output.read), std::move(errors.read)};
}

}  // namespace cowork::loaders
