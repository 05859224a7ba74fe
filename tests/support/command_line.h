// Tests of the whole program: a throw-away home, and the built `cowork` run in an environment of its own.
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json.h"
#include "support/json_at.h"
#include "support/temporary_directory.h"

namespace cowork::test {

using Arguments = std::vector<std::string>;
using Environment = std::map<std::string, std::string>;

struct Ran {
  int status = -1;
  std::string out;
  std::string err;
};

struct JsonRan {
  int status = -1;
  json::Value document;
  std::string err;
};

/// A directory with `home`, `builtin` and `org`, each empty. HOME is the directory, COWORK_HOME and COWORK_BUILTIN_DIR
/// name `home` and `builtin`. Paths are relative to the directory. What goes wrong in a test's own doing throws.
///
/// Threads: the const methods by any.
class CommandLine {
 public:
  CommandLine();
  /// With this builtin tier instead of its own.
  explicit CommandLine(std::string builtin_directory);

  /// `extra` is added to the environment, or takes the place of what is there.
  Ran run(const Arguments& arguments, const Environment& extra = {}, std::string_view input = {}) const;
  /// The same with `--json`; throws when stdout holds anything but one JSON document.
  JsonRan json(Arguments arguments, const Environment& extra = {}, std::string_view input = {}) const;
  /// `cowork call OPERATION PARAMETERS --json`; the document is the operation's result, or the error.
  JsonRan call(const std::string& operation, const std::string& parameters = {}) const;
  /// All at the same time.
  std::vector<Ran> run_together(const std::vector<Arguments>& commands) const;

  std::string path(std::string_view relative = {}) const { return directory_.path(relative); }
  void write(std::string_view relative, std::string_view text) const { directory_.write(relative, text); }
  std::string read(std::string_view relative) const { return directory_.read(relative); }
  json::Value read_json(std::string_view relative) const;
  bool exists(std::string_view relative) const { return directory_.exists(relative); }
  const TemporaryDirectory& directory() const noexcept { return directory_; }
  /// What run() gives the program, and nothing else.
  Environment environment(const Environment& extra = {}) const;

  /// The user layer's policy, as an editor would leave it.
  void policy(std::string_view text) const { write("home/policies.json", text); }
  /// A pack at `where` with one skill `<name>-s`; `extra` is a JSON object that is merged into its manifest.
  void mini_pack(std::string_view where, std::string_view name, std::string_view extra = "{}") const;

  /// As `pack list` shows it; null when it is not listed. Throws when the list can't be had.
  json::Value pack(std::string_view name) const;

  /// What a refused operation may leave behind: the audit trail, lock files, the last good copy of the policy.
  static const std::vector<std::string>& traces_of_a_refusal();
  /// A line for everything in the directory: kind, mode, hash of the content, path; but for paths that end like one of
  /// `skipped`. Equal texts mean that nothing changed.
  std::string tree_hash(const std::vector<std::string>& skipped = traces_of_a_refusal()) const;

 private:
  TemporaryDirectory directory_;
  TemporaryDirectory streams_;  // what programs read and write, apart from what is hashed
  std::string builtin_;
  mutable std::atomic<unsigned> runs_{0};
};

/// Parses what has to be JSON; throws otherwise, naming `what`.
json::Value parsed(std::string_view text, const std::string& what);

/// The project's sources, such as `sample-packs/builtin`.
std::string source_path(std::string_view relative);
/// Packs that nobody on this project wrote (COWORK_CORPUS, else beside the sources); empty when they are missing.
std::string corpus_packs();
/// Prints `SKIPPED: <reason>`, which the tests' summary counts.
void skip(std::string_view reason);

}  // namespace cowork::test
