// Runs targets over files, with any compiler: `fuzz_replay DIRECTORY`, where DIRECTORY/corpus/<target>/* and
// DIRECTORY/findings/<target>/* are the files; `fuzz_replay TARGET FILE...` for some. Each target runs in a process of
// its own, so that one file that ends it is told by its name and the others still run.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <string>
#include <vector>

#include "targets.h"

namespace {

namespace fs = std::filesystem;
using cowork::fuzz::Target;
using cowork::fuzz::targets;

constexpr unsigned most_seconds_per_file = 20;

/// Seen by parent and child: the file that is being run.
std::atomic<std::size_t>& shared_position() {
  void* memory =
      ::mmap(nullptr, sizeof(std::atomic<std::size_t>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return *new (memory) std::atomic<std::size_t>(0);
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> files_in(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error))
    if (entry.is_regular_file() && entry.path().filename() != ".gitkeep") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// Runs `files` from `position` on; the exit status of the process that did.
int run_from(const Target& target, const std::vector<fs::path>& files, std::atomic<std::size_t>& position) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child < 0) return -1;
  if (child == 0) {
    for (; position < files.size(); ++position) {
      ::alarm(most_seconds_per_file);
      target.run(contents(files[position]));
    }
    // exit() and not _exit(): a sanitizer has its say at the end, and coverage is written down.
    std::exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
  }
  return status;
}

/// How many of `files` end the process.
std::size_t replay(const Target& target, const std::vector<fs::path>& files) {
  static std::atomic<std::size_t>& position = shared_position();
  std::size_t failed = 0;
  for (position = 0; position < files.size(); ++position) {
    if (run_from(target, files, position) == 0 && position == files.size()) break;
    ++failed;
    const std::size_t at = std::min(position.load(), files.size() - 1);
    std::printf("FAILED: %s: %s\n", std::string(target.name).c_str(), files[at].c_str());
  }
  return failed;
}

bool replay_all(const fs::path& directory) {
  std::size_t all = 0;
  std::size_t bad = 0;
  for (const Target& target : targets) {
    std::vector<fs::path> files = files_in(directory / "findings" / target.name);
    const std::size_t findings = files.size();
    const auto corpus = files_in(directory / "corpus" / target.name);
    files.insert(files.end(), corpus.begin(), corpus.end());
    // A target without a corpus has lost it.
    const std::size_t failed = replay(target, files) + (corpus.empty() ? 1 : 0);
    std::printf("FIGURE: fuzz-replay/%s files=%zu past-findings=%zu failed=%zu\n", std::string(target.name).c_str(),
                files.size(), findings, failed);
    all += files.size();
    bad += failed == 0 ? 0 : 1;
  }
  if (bad == 0)
    std::printf("All tests passed (%zu files in %zu test cases)\n", all, targets.size());
  else
    std::printf("test cases: %zu | %zu passed | %zu failed\n", targets.size(), targets.size() - bad, bad);
  return bad == 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 2) return replay_all(arguments[1]) ? 0 : 1;
  for (const Target& target : targets) {
    if (count < 3 || target.name != arguments[1]) continue;
    return replay(target, std::vector<fs::path>(arguments + 2, arguments + count)) == 0 ? 0 : 1;
  }
  std::fprintf(stderr, "usage: fuzz_replay DIRECTORY | fuzz_replay TARGET FILE...\n");
  return 2;
}
