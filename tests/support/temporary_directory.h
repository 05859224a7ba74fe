// A real directory that is gone when the test is over.
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cowork::test {

/// What goes wrong throws: a test that can't have its files is no test. Paths are relative to the directory.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "cowork-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed for " + name);
    root_ = std::filesystem::canonical(name);
  }
  ~TemporaryDirectory() {
    std::error_code ignored;  // what stays lies in the system's temporary directory
    std::filesystem::remove_all(root_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string path(std::string_view relative = {}) const {
    return relative.empty() ? root_.string() : (root_ / relative).string();
  }

  /// Makes the directories above.
  void write(std::string_view relative, std::string_view text) const {
    const std::filesystem::path file = path(relative);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
  }

  std::string read(std::string_view relative) const {
    std::ifstream stream(path(relative), std::ios::binary);
    if (!stream) throw std::runtime_error("cannot read " + path(relative));
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }

  void make_directory(std::string_view relative) const { std::filesystem::create_directories(path(relative)); }

  void link(std::string_view relative, std::string_view target) const {
    std::filesystem::create_directories(std::filesystem::path(path(relative)).parent_path());
    std::filesystem::create_symlink(target, path(relative));
  }

  bool exists(std::string_view relative) const {
    return std::filesystem::exists(std::filesystem::symlink_status(path(relative)));
  }

  /// Everything below, sorted; directories end with '/'.
  std::vector<std::string> tree(std::string_view relative = {}) const {
    std::vector<std::string> found;
    const std::filesystem::path from = path(relative);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(from)) {
      const bool directory = entry.is_directory() && !entry.is_symlink();
      found.push_back(entry.path().lexically_relative(from).string() + (directory ? "/" : ""));
    }
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  std::filesystem::path root_;
};

}  // namespace cowork::test
