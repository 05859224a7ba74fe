// Faults between the program and libc: the linker sends the calls named in CMakeLists.txt here first (--wrap).
#pragma once

#include <set>
#include <string>

namespace cowork::testing {

struct Faults {
  /// The n-th wrapped call from now on fails once; 0 for none. Counts down.
  int countdown = 0;
  int error_number = 0;
  /// What failed, once it did.
  std::string failed_call;
  /// Every other call of each kind is interrupted by a signal, and writes take three bytes at most.
  bool interrupted_and_short = false;
  /// Syncing takes no time and does nothing.
  bool sync_is_nothing = false;
  /// renameat2 does not know RENAME_EXCHANGE.
  bool no_exchange = false;
  /// openat2 fails with this; 0 for not at all.
  int openat2_error = 0;
  int openat2_calls = 0;
  std::set<std::string> interrupted_calls;  // the kinds whose last call was interrupted
};

/// One for the process; the tests that use it have one thread.
Faults& faults();

}  // namespace cowork::testing
