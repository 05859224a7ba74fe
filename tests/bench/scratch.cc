#include "scratch.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace cowork::bench {
namespace {

struct TemporaryDirectory {
  TemporaryDirectory() : owner(::getpid()) {
    const char* named = std::getenv("COWORK_BENCH_DIRECTORY");
    path = std::filesystem::absolute(named ? named : std::filesystem::temp_directory_path()).string();
    path += "/cowork-bench-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
    path = std::filesystem::canonical(path);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;  // what stays lies where temporary things lie
    if (::getpid() == owner) std::filesystem::remove_all(path, ignored);
  }
  pid_t owner;
  std::string path;
};

}  // namespace

const std::string& scratch_directory() {
  static const TemporaryDirectory directory;
  return directory.path;
}

std::string new_directory(const std::string& name) {
  static int made = 0;
  std::string path = scratch_directory() + "/" + name + "-" + std::to_string(++made);
  std::filesystem::create_directories(path);
  return path;
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream.flush()) throw std::runtime_error("cannot write " + path);
}

std::string file_bytes(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace cowork::bench
