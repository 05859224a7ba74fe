// What the host asks for, read from stdin.
#pragma once

#include <string>

#include "cowork/host/fetching.h"
#include "cowork/loaders/fetcher.h"

namespace cowork::fetch {

struct Request {
  FetchRequest what;
  std::string scratch;  ///< absolute
  loaders::FetchSettings settings;
  loaders::FetchLimits limits;
};

/// Reads `descriptor` to its end. Errors: invalid-argument (no request of the protocol, a ref or hash that is none).
Result<Request> read_request(int descriptor);

/// Errors: invalid-argument for what git could take for something else than the name of a branch, tag or commit.
Result<void> check_ref(std::string_view ref);

}  // namespace cowork::fetch
