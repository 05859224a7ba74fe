// What the host asks of a fetcher: bytes from git, the web or an archive, as a tree of files. Core knows no fetcher:
// assembly hands one in (loaders/fetch, which does the work in a process of its own).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "cowork/base/result.h"

namespace cowork {

struct FetchRequest {
  /// git: an https address of a repository. url: an address of a manifest or an archive. archive: a file of this
  /// machine. document: an https address of one file, which is written as `document` and looked at by nobody.
  enum class Kind : std::uint8_t { git, url, archive, document };
  Kind kind = Kind::url;
  std::string address;  ///< for archive an absolute path
  std::string ref;      ///< git: branch, tag or commit; empty: the repository's default branch
  std::string sha256;   ///< what the fetched bytes must hash to, lower-case hex; empty: whatever comes
};

struct FetchProgress {
  std::string phase;        ///< `resolve`, `download`, `unpack`
  std::uint64_t bytes = 0;  ///< done in this phase
  std::uint64_t total = 0;  ///< 0: unknown
};

struct FetchControl {
  std::stop_token stop;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  /// Called on the caller's thread, at most ten times a second; may be empty.
  std::function<void(const FetchProgress&)> progress;
};

struct FetchResult {
  /// Of the bytes fetched: of the manifest or archive. Empty for git, which packs the same content in many ways: there
  /// the hash of the tree (LockRecord::tree_sha256) stands for it, and whoever stages the tree compares it.
  std::string sha256;
  std::string commit;  ///< git: the commit that the ref stood for
};

/// Where a fetcher puts what it has. A directory comes before what lies in it. Errors: invalid-argument for whatever no
/// pack may hold, io.
class TreeWriter {
 public:
  virtual ~TreeWriter() = default;
  virtual Result<void> add_directory(const std::string& path) = 0;
  virtual Result<void> add_file(const std::string& path, std::string_view bytes, bool executable) = 0;
};

/// Threads: fetch() may run on several threads at once.
class PackFetcher {
 public:
  virtual ~PackFetcher() = default;
  /// Brings what `request` names into `writer`; `scratch_directory` (absolute, empty, 0700) is its to write in, and
  /// whoever gave it removes it. Ends soon after `control.stop` was asked for or its deadline has passed, leaving no
  /// process behind. What it wrote before an error is thrown away by the caller. Errors: network (unreachable, refused
  /// address, status, stall), integrity (another hash than asked for), not-found (no such ref or file),
  /// invalid-argument (an archive or tree that holds what no pack may hold, or is none), cancelled, timeout, io (no
  /// fetch program).
  virtual Result<FetchResult> fetch(const FetchRequest& request, std::string_view scratch_directory, TreeWriter& writer,
                                    const FetchControl& control) = 0;
};

}  // namespace cowork
