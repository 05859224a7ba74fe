// Bare git repositories for tests, made with the git program.
#pragma once

#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>

#include "support/temporary_directory.h"

namespace cowork::test {

/// Commits to a repository at `bare` (absolute, such as HttpsServer's git/NAME), which the first commit makes. What
/// goes wrong throws.
class GitRepository {
 public:
  explicit GitRepository(std::string bare) : bare_(std::move(bare)) {
    run("git init -q --bare -b main '" + bare_ + "'");
    run("git -C '" + bare_ + "' config uploadpack.allowAnySHA1InWant true");
    run("git init -q -b main '" + work_.path() + "'");
  }

  /// Replaces the whole tree by `files`, commits it, tags it when `tag` is given.
  void commit(const std::map<std::string, std::string>& files, const std::string& tag = {}) const {
    in_work("rm -rf -q --ignore-unmatch .");
    for (const auto& [path, content] : files) work_.write(path, content);
    in_work("add -A");
    in_work("-c user.name=T -c user.email=t@example.org commit -q --allow-empty -m change");
    if (!tag.empty()) in_work("tag -f '" + tag + "'");
    in_work("push -q -f '" + bare_ + "' main" + (tag.empty() ? std::string() : " refs/tags/" + tag));
  }

 private:
  void in_work(const std::string& command) const { run("git -C '" + work_.path() + "' " + command); }
  static void run(const std::string& command) {
    const std::string whole =
        "env -i PATH=/usr/bin:/bin HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 " + command + " >/dev/null 2>&1";
    if (std::system(whole.c_str()) != 0) throw std::runtime_error("failed: " + command);
  }

  std::string bare_;
  TemporaryDirectory work_;
};

}  // namespace cowork::test
