// What is written to the fetch program. Private to loaders/fetch.
#pragma once

#include <string>
#include <string_view>

#include "cowork/loaders/fetcher.h"

namespace cowork::loaders {

/// One JSON document. Errors: invalid-argument (longer than the protocol lets it be).
Result<std::string> request_document(const FetchRequest& request, std::string_view scratch_directory,
                                     const FetchSettings& settings, const FetchLimits& limits);

}  // namespace cowork::loaders
