#include "git_fetch.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "address_rules.h"
#include "cowork/base/text.h"
#include "cowork/operation/install_operations.h"
#include "git_fault.h"
#include "git_settings.h"
#include "git_watch.h"

namespace cowork::fetch {
namespace {

constexpr std::string_view fetched_ref = "refs/cowork/fetched";
constexpr std::size_t most_words = 64U << 10U;

Result<std::vector<std::string>> machines_of(const Address& address, const Request& request) {
  if (!request.settings.proxy.empty()) return std::vector<std::string>();
  return resolve(address, request.settings);
}

Result<GitEnvironment> prepare(const Request& request, const Address& address, const std::string& token) {
  COWORK_ASSIGN(const auto machines, machines_of(address, request));
  const std::string empty = request.scratch + "/empty";
  if (::mkdir(empty.c_str(), 0700) != 0)
    return fail(Error::from_errno(errno, "make a directory in the scratch directory"));
  return GitEnvironment{request.scratch + "/repository", git_settings(request, address, machines, token, empty),
                        request.limits.memory_bytes};
}

Result<std::string> commit_of(const GitEnvironment& environment, const Request& request, const GitCheck& check) {
  COWORK_ASSIGN(
      GitEnd end,
      run_git(environment, {"rev-parse", "--verify", "--end-of-options", fmt::format("{}^{{commit}}", fetched_ref)},
              most_words, check));
  std::string commit = end.out.substr(0, end.out.find('\n'));
  if (end.status == 0 && commit.size() >= 40) return commit;
  return fail(Error::invalid_argument(
      fmt::format("{} of {} is no commit", quoted(request.what.ref), quoted(masked_address(request.what.address)))));
}

}  // namespace

std::vector<std::string> fetch_arguments(const Address& address, const std::string& ref) {
  return {"fetch",
          "--quiet",
          "--depth=1",
          "--no-tags",
          "--no-recurse-submodules",
          "--no-write-fetch-head",
          "--no-auto-maintenance",
          "--",
          address.url,
          fmt::format("+{}:{}", ref.empty() ? "HEAD" : ref, fetched_ref)};
}

Result<FetchedCommit> fetch_commit(const Request& request, const std::string& token, FrameWriter& frames) {
  COWORK_ASSIGN(const Address address, parse_address(request.what.address));
  COWORK_TRY(check_address(address, request.what, request.settings));
  frames.progress("resolve", 0, 0);
  COWORK_ASSIGN(GitEnvironment environment, prepare(request, address, token));
  GitWatch watch(request, frames);
  const GitCheck check = [&] { return watch.look(); };
  COWORK_ASSIGN(const GitEnd made,
                run_git(environment, {"init", "--quiet", "--bare", "--template="}, most_words, check));
  if (made.status != 0) return fail(Error::io("git cannot make a repository").with_why(last_words(made.errors)));
  COWORK_ASSIGN(const GitEnd end, run_git(environment, fetch_arguments(address, request.what.ref), most_words, check));
  if (end.status != 0) return fail(git_fault(end, request, address));
  COWORK_ASSIGN(std::string commit, commit_of(environment, request, check));
  return FetchedCommit{std::move(environment), std::move(commit)};
}

}  // namespace cowork::fetch
