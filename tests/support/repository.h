// Repositories for a server to serve, made object by object, so that also what git itself would not make can be in
// them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/temporary_directory.h"

namespace cowork::test {

/// A bare repository `git/<name>` below a server's root. What goes wrong throws.
class Repository {
 public:
  Repository(const TemporaryDirectory& root, std::string_view name);

  /// Runs git in it with an environment of the test's own; what it printed, without the line feed at its end.
  std::string git(const std::vector<std::string>& arguments, std::string_view input = {}) const;

  std::string blob(std::string_view content) const { return git({"hash-object", "-w", "--stdin"}, content); }
  /// From lines as ls-tree prints them: `100644 blob ID\tNAME`.
  std::string tree(std::string_view lines) const { return git({"mktree", "--missing"}, lines); }
  /// Of a tree; branch main points to it then.
  std::string commit(const std::string& tree) const;
  /// Of a tree that holds these files and nothing else; tagged when `tag` is given.
  std::string commit(const std::map<std::string, std::string>& files, const std::string& tag = {}) const;

 private:
  std::string path_;
};

/// A line for Repository::tree.
std::string tree_line(std::string_view mode, std::string_view type, std::string_view id, std::string_view name);

}  // namespace cowork::test
