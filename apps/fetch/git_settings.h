// What git is told of the world: the address that was checked, and nothing else.
#pragma once

#include <string>
#include <vector>

#include "address.h"
#include "git_program.h"
#include "request.h"

namespace cowork::fetch {

/// `machines` are the checked addresses of the host (empty with a proxy, who looks up names himself); `empty_directory`
/// holds nothing.
GitSettings git_settings(const Request& request, const Address& address, const std::vector<std::string>& machines,
                         const std::string& token, const std::string& empty_directory);

}  // namespace cowork::fetch
