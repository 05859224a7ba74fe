// What both sides of a fetch say when it fails.
#pragma once

#include <string>
#include <string_view>

#include "cowork/host/fetching.h"

namespace cowork::loaders {

/// Integrity: what came has the SHA-256 `found`, which is not the one of `request`.
Error wrong_hash(const FetchRequest& request, std::string_view found);

/// `words` of another program, each address of http or https in them as masked_address shows it. An address goes on to
/// the next space: what secrets are made of may hold quotation marks.
std::string masked_words(std::string_view words);

}  // namespace cowork::loaders
