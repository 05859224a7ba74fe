// Fetches with a fetch program that does as the test says.
#pragma once

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <map>
#include <string>
#include <vector>

#include "cowork/loaders/fetcher.h"
#include "support/catch.h"
#include "support/temporary_directory.h"

namespace cowork::loaders::test {

/// Keeps what it is given.
class RecordingWriter final : public TreeWriter {
 public:
  Result<void> add_directory(const std::string& path) override {
    entries.push_back(path + "/");
    return refusal ? fail(*refusal) : Result<void>();
  }
  Result<void> add_file(const std::string& path, std::string_view bytes, bool executable) override {
    entries.push_back(path + (executable ? "*" : ""));
    contents[path] = bytes;
    return refusal ? fail(*refusal) : Result<void>();
  }

  std::vector<std::string> entries;  ///< in their order; directories end with '/', programs with '*'
  std::map<std::string, std::string> contents;
  std::optional<Error> refusal;
};

/// A scratch directory with a script, and what came of it.
struct FakeFetch {
  /// `output` is the file `output` that the script may send.
  explicit FakeFetch(std::string_view script, std::string_view output = {}) {
    scratch.write("script", script);
    scratch.write("output", output);
    options.program = COWORK_FAKE_FETCH_PROGRAM;
    request.address = "https://example.org/pack.tar.gz?key=secret";
  }

  Result<FetchResult> run() { return make_pack_fetcher(options)->fetch(request, scratch.path(), writer, control); }

  cowork::test::TemporaryDirectory scratch;
  FetchOptions options;
  FetchRequest request;
  FetchControl control;
  RecordingWriter writer;
};

/// Waits, at most ten seconds, until the process that file `child` names has ended.
inline bool child_has_ended(const FakeFetch& fetch) {
  const int pid = std::stoi(fetch.scratch.read("child"));
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (descriptor < 0) return errno == ESRCH;
  pollfd polled{descriptor, POLLIN, 0};
  const bool ended = ::poll(&polled, 1, 10'000) == 1;
  ::close(descriptor);
  return ended;
}

inline void check_error(const Result<FetchResult>& result, ErrorCode code, const std::string& message,
                        const std::string& why = {}) {
  REQUIRE_FALSE(result);
  CHECK(to_string(result.error().code()) == to_string(code));
  CHECK(result.error().message() == message);
  CHECK(result.error().why() == why);
}

inline const std::string some_hash(64, 'a');
inline const std::string done_line = R"({"done":{"sha256":")" + some_hash +
                                     R"(","commit":""}})"
                                     "\n";

}  // namespace cowork::loaders::test
