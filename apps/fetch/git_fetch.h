// A repository → a bare one in the scratch directory, with one commit.
#pragma once

#include <string>
#include <vector>

#include "address.h"
#include "frame_writer.h"
#include "git_program.h"
#include "request.h"

namespace cowork::fetch {

struct FetchedCommit {
  GitEnvironment environment;  ///< to read it with
  std::string commit;
};

/// What git is started with to fetch `ref`, which check_ref() accepts; empty: the default branch.
std::vector<std::string> fetch_arguments(const Address& address, const std::string& ref);

/// `token` goes to allowed hosts only. Nothing is checked out. Errors: network, not-found (no such repository or ref),
/// invalid-argument (too large, no commit, objects that git's checks refuse), timeout, io.
Result<FetchedCommit> fetch_commit(const Request& request, const std::string& token, FrameWriter& frames);

/// Sends the tree of the commit in frames, which is read to its end before the first. Errors: invalid-argument, io.
Result<void> send_commit(const FetchedCommit& fetched, const Request& request, FrameWriter& frames);

}  // namespace cowork::fetch
