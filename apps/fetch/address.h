// Addresses of the web, read once: what was checked is what is fetched.
#pragma once

#include <string>
#include <string_view>

#include "cowork/base/result.h"

namespace cowork::fetch {

struct Address {
  std::string url;     ///< normalised, with `host` as it is: this is what libcurl and git are given
  std::string scheme;  ///< `https` or `http`
  std::string host;    ///< an IPv6 literal without brackets; IPv4 in four decimal numbers; or a name of `[a-z0-9._-]`
  std::string port;    ///< always there
  bool is_literal = false;

  bool is_same_host(const Address& other) const { return host == other.host && port == other.port; }
  /// `host` for messages: with its port unless that is the scheme's.
  std::string shown() const;
};

/// Errors: invalid-argument (no address of http or https with a host, user information, a scoped IPv6 literal, a
/// host of other characters than those of host names).
Result<Address> parse_address(std::string_view text);

}  // namespace cowork::fetch
