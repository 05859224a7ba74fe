// Notes of one line each, in a file of the pack's data directory.
#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace text_tools {

/// Threads: any. Errors: std::runtime_error.
class Notes {
 public:
  void add(const std::string& directory, const std::string& note);
  std::vector<std::string> all(const std::string& directory);

 private:
  std::mutex mutex_;
};

}  // namespace text_tools
