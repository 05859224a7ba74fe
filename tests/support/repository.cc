#include "support/repository.h"

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/io.hpp>
#include <boost/process/search_path.hpp>

namespace cowork::test {

namespace process = boost::process;

Repository::Repository(const TemporaryDirectory& root, std::string_view name)
    : path_(root.path("git/" + std::string(name))) {
  git({"init", "--quiet", "--bare", "--initial-branch=main", path_});
}

std::string Repository::git(const std::vector<std::string>& arguments, std::string_view input) const {
  process::environment environment;
  environment["PATH"] = "/usr/bin:/bin";
  environment["HOME"] = "";
  environment["GIT_DIR"] = path_;
  environment["GIT_CONFIG_NOSYSTEM"] = "1";
  environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
  for (const char* role : {"AUTHOR", "COMMITTER"}) {
    environment[std::string("GIT_") + role + "_NAME"] = "test";
    environment[std::string("GIT_") + role + "_EMAIL"] = "test@example.org";
    environment[std::string("GIT_") + role + "_DATE"] = "2025-01-15T12:00:00Z";
  }
  const TemporaryDirectory streams;  // files, so that no pipe can fill up while nobody reads
  streams.write("in", input);
  process::child child(process::exe = process::search_path("git"), process::args = arguments, environment,
                       process::std_in<streams.path("in"), process::std_out> streams.path("out"),
                       process::std_err > streams.path("err"));
  child.wait();
  if (child.exit_code() != 0) throw std::runtime_error("git " + arguments.front() + " failed: " + streams.read("err"));
  std::string out = streams.read("out");
  if (out.ends_with('\n')) out.pop_back();
  return out;
}

std::string Repository::commit(const std::string& tree) const {
  std::string id = git({"commit-tree", "-m", "test", tree});
  git({"update-ref", "refs/heads/main", id});
  return id;
}

std::string Repository::commit(const std::map<std::string, std::string>& files, const std::string& tag) const {
  std::string lines;
  for (const auto& [file, content] : files) lines += tree_line("100644", "blob", blob(content), file);
  git({"read-tree", "--empty"});
  git({"update-index", "--add", "--index-info"}, lines);
  std::string id = commit(git({"write-tree"}));
  if (!tag.empty()) git({"tag", "--force", tag, id});
  return id;
}

std::string tree_line(std::string_view mode, std::string_view type, std::string_view id, std::string_view name) {
  std::string line;
  return line.append(mode).append(" ").append(type).append(" ").append(id).append("\t").append(name).append("\n");
}

}  // namespace cowork::test
