// What git says when it fails.
#pragma once

#include <string>
#include <string_view>

#include "address.h"
#include "git_program.h"
#include "request.h"

namespace cowork::fetch {

/// The last that git called fatal, for a `why`: printable, addresses masked, without noise.
std::string last_words(std::string_view errors);

/// What a `git fetch` that failed means. Errors: not-found, invalid-argument, network, io (fetch.caFile).
Error git_fault(const GitEnd& end, const Request& request, const Address& address);

}  // namespace cowork::fetch
