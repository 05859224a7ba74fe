// The git program, with an environment of its own.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "cowork/base/result.h"
#include "cowork/loaders/descriptor.h"

namespace cowork::fetch {

using GitSettings = std::vector<std::pair<std::string, std::string>>;

/// How git is run: with nothing of this process's environment, and nothing of any file of settings.
struct GitEnvironment {
  std::string repository;  ///< absolute path of a bare repository
  GitSettings settings;    ///< take the place of `-c`, but can't be read in the list of processes
  std::uint64_t memory_bytes = 0;
};

struct GitEnd {
  int status = -1;  ///< exit status; 128 + its number for a signal
  std::string out;
  std::string errors;  ///< the last of it
};

/// A running git. It stays in this process's group, and dies with this process. Threads: one owner.
class GitProcess {
 public:
  /// Errors: io.
  static Result<GitProcess> start(const GitEnvironment& environment, const std::vector<std::string>& arguments);
  GitProcess(GitProcess&& other) noexcept;
  GitProcess& operator=(GitProcess&&) = delete;
  /// Kills it if it still runs.
  ~GitProcess();

  /// Exit status as in GitEnd.
  int wait() noexcept;

  loaders::Descriptor input;
  loaders::Descriptor output;
  loaders::Descriptor errors;

 private:
  GitProcess() = default;
  pid_t pid_ = -1;
};

/// Whether git may go on.
using GitCheck = std::function<Result<void>()>;

/// Runs git to its end, with at most `most_output` bytes of output. `check` is asked ten times a second.
/// Errors: io, invalid-argument (more output), the check's.
Result<GitEnd> run_git(const GitEnvironment& environment, const std::vector<std::string>& arguments,
                       std::size_t most_output, const GitCheck& check);

}  // namespace cowork::fetch
