// Which machines may be asked.
#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

#include "address.h"
#include "cowork/loaders/fetcher.h"

namespace cowork::fetch {

/// Whether `address` is one of the public internet: global unicast, and of no special purpose (loopback, private,
/// shared, link-local, documentation, benchmarks, multicast…). IPv6 addresses that stand for an IPv4 one are judged by
/// that. Anything but IPv4 and IPv6 is not.
bool is_public(const sockaddr& address);

/// Without the port; "?" for what is neither IPv4 nor IPv6.
std::string to_text(const sockaddr& address);

/// Whether `host` or `host:port` stands in `allow_hosts`.
bool is_allowed_host(const Address& address, const std::vector<std::string>& allow_hosts);

/// Network: the address leads to a machine that must not be asked.
Error not_public(const Address& address, std::string_view machine);

/// Whether `address` may be asked as far as its text says. Errors: network (a literal that is not public),
/// invalid-argument (http where it is not allowed).
Result<void> check_address(const Address& address, const FetchRequest& what, const loaders::FetchSettings& settings);

/// The public addresses behind a name (all that there are, or of an allowed host), as text. Errors: network (none, or
/// one that is not public).
Result<std::vector<std::string>> resolve(const Address& address, const loaders::FetchSettings& settings);

}  // namespace cowork::fetch
