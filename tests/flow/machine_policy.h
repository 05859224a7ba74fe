// The machine layer's fixed place, /etc/cowork, for tests of the program that has it compiled in.
#pragma once

#include <string>
#include <string_view>

namespace cowork::test {

/// Gives a test the machine layer and takes it back: in this process's own view of /etc where the system lets it have
/// one, so that nobody else on the machine is governed by a test; else the file itself is written, unless there is one.
///
/// Threads: the main thread only; programs that it starts see the same view. One at a time.
class MachinePolicy {
 public:
  static constexpr const char* path = "/etc/cowork/policies.json";

  /// Prints `SKIPPED: ...` and says true where this process can't have the machine layer.
  static bool missing();

  explicit MachinePolicy(std::string_view text);
  ~MachinePolicy();
  MachinePolicy(const MachinePolicy&) = delete;
  MachinePolicy& operator=(const MachinePolicy&) = delete;

  void write(std::string_view text, unsigned mode = 0644) const;
  void remove() const;
  /// Makes `target` the file's link target.
  void link_to(const std::string& target) const;
  void give_to(unsigned user) const;
  std::string read() const;

 private:
  bool made_directory_ = false;
};

}  // namespace cowork::test
