#include "machine_policy.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "support/command_line.h"
#include "support/machine_view.h"

namespace cowork::test {
namespace {

namespace fs = std::filesystem;

const fs::path file = MachinePolicy::path;

/// Why this process can't have the machine layer; empty when it can.
std::string obstacle() {
  if (::geteuid() != 0) return "needs root: the machine layer stands in /etc/cowork";
  if (own_view_of_etc()) return {};
  static const bool taken = fs::exists(fs::symlink_status(file));
  return taken ? "this machine has a policy of its own in /etc/cowork" : "";
}

void check(int result, const char* what) {
  if (result != 0) throw std::runtime_error(std::string("cannot ") + what + " " + file.string());
}

}  // namespace

bool MachinePolicy::missing() {
  const std::string why = obstacle();
  if (!why.empty()) skip(why);
  return !why.empty();
}

MachinePolicy::MachinePolicy(std::string_view text) {
  if (const std::string why = obstacle(); !why.empty()) throw std::runtime_error(why);
  made_directory_ = fs::create_directory(file.parent_path());
  ::chmod(file.parent_path().c_str(), 0755);
  write(text);
}

MachinePolicy::~MachinePolicy() {
  std::error_code ignored;
  fs::remove(file, ignored);
  fs::remove(file.string() + ".lock", ignored);
  if (made_directory_) fs::remove(file.parent_path(), ignored);
}

void MachinePolicy::write(std::string_view text, unsigned mode) const {
  remove();
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
  check(::chmod(file.c_str(), mode), "set the mode of");
}

void MachinePolicy::remove() const {
  fs::remove(file);
}

void MachinePolicy::link_to(const std::string& target) const {
  remove();
  fs::create_symlink(target, file);
}

void MachinePolicy::give_to(unsigned user) const {
  check(::chown(file.c_str(), user, user), "give away");
}

std::string MachinePolicy::read() const {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace cowork::test
