// What a service manager (systemd) hands to a program, and wants to be told: by the protocols of sd_listen_fds(3) and
// sd_notify(3), without its library.
//
// Threads: none may read or change the environment meanwhile.
#pragma once

#include <string_view>

#include "cowork/base/result.h"

namespace cowork::cli {

/// Descriptors of listening sockets that were made for this process; -1: none.
struct HandedSockets {
  int socket = -1;  ///< named `cowork-socket`, or a Unix socket
  int http = -1;    ///< named `cowork-http`, or an internet socket
};

/// Takes them, so that child processes don't find them. Errors: invalid-argument (two of a kind, something that is no
/// listening socket).
Result<HandedSockets> take_handed_sockets();

/// Tells `state`, such as `READY=1`, to whoever waits for it (NOTIFY_SOCKET). False when nobody does, or could be told.
bool tell_service_manager(std::string_view state) noexcept;

}  // namespace cowork::cli
