// What a snippet's program expects of the host that it runs.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "cowork/assembly/standard_host.h"

/// Ends the program when `condition` does not hold.
inline void expect(bool condition, std::string_view what) {
  if (condition) return;
  std::cerr << "not so: " << what << '\n';
  std::exit(EXIT_FAILURE);
}

/// A directory that is gone when the program is over.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "cowork-docs-XXXXXX").string();
    expect(::mkdtemp(name.data()) != nullptr, "a temporary directory can be made");
    path_ = name;
  }
  ~ScratchDirectory() {
    std::error_code ignored;  // what stays lies in the system's temporary directory
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  std::string path(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

/// A host of its own in `scratch`, without a machine layer.
inline cowork::StandardHostOptions scratch_options(const ScratchDirectory& scratch) {
  cowork::StandardHostOptions options;
  options.home = scratch.path("home");
  options.machine_policy_path = "";
  options.machine_settings_path = "";
  options.watch = false;
  return options;
}
