// What servers answer, in words: the same for downloads and for git.
#pragma once

#include <string>
#include <string_view>

#include "address.h"

namespace cowork::fetch {

/// An answer with another status than 200. Not-found for 404 and 410, else network.
Error wrong_status(const Address& address, long status);

/// What to do where a server wants to know who asks.
std::string token_remedy(const Address& address);

/// Whether libcurl's words say that nobody who is trusted has signed the certificate.
bool is_untrusted(std::string_view words);
/// What to do then.
std::string trust_remedy();

}  // namespace cowork::fetch
