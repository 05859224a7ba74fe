#include "standard_paths.h"

#include <pwd.h>
#include <unistd.h>

#include <boost/dll/runtime_symbol_info.hpp>
#include <boost/filesystem/path.hpp>
#include <cstdlib>

#include "cowork/assembly/standard_host.h"
#include "cowork/base/sha256.h"

namespace cowork {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string default_home() {
  if (const std::string named = environment("COWORK_HOME"); !named.empty()) return named;
  if (const std::string home = environment("HOME"); !home.empty()) return home + "/.cowork";
  const passwd* user = ::getpwuid(::getuid());
  return user && user->pw_dir ? std::string(user->pw_dir) + "/.cowork" : std::string();
}

/// What lies at `relative` in the prefix that the running program is installed in.
std::string beside_program(const char* relative) {
  boost::system::error_code failed;
  const boost::filesystem::path program = boost::dll::program_location(failed);
  if (failed) return {};
  return (program.parent_path().parent_path() / relative).string();
}

}  // namespace

std::string standard_builtin_directory() {
  return beside_program("share/cowork/plugin-packs");
}

std::string standard_fetch_program() {
  return beside_program("libexec/cowork/cowork-fetch");
}

std::string standard_runner_program() {
  return beside_program("libexec/cowork/cowork-pack-runner");
}

StandardPaths standard_paths(const StandardHostOptions& options) {
  StandardPaths paths;
  paths.home = options.home.empty() ? default_home() : options.home;
  while (paths.home.size() > 1 && paths.home.back() == '/') paths.home.pop_back();
  paths.builtin = options.builtin_directory;
  if (paths.builtin.empty()) paths.builtin = environment("COWORK_BUILTIN_DIR");
  if (paths.builtin.empty()) paths.builtin = standard_builtin_directory();
  paths.extensions = paths.home + "/extensions";
  paths.default_organization = paths.home + "/org-plugins";
  paths.machine_policy = options.machine_policy_path;
  paths.user_policy = paths.home + "/policies.json";
  paths.machine_settings = options.machine_settings_path;
  paths.user_settings = paths.home + "/host.json";
  paths.toggles = paths.home + "/pack-states.json";
  paths.lock_records = paths.home + "/pack-lock.json";
  paths.audit = paths.home + "/audit.jsonl";
  paths.leases = paths.home + "/leases.json";
  paths.configuration = paths.home + "/config";
  const std::string runtime = environment("XDG_RUNTIME_DIR");
  const std::string directory = runtime.empty() ? paths.home + "/run" : runtime + "/cowork";
  paths.socket = directory + "/" + sha256_hex(paths.home).substr(0, 16) + ".sock";
  return paths;
}

}  // namespace cowork
