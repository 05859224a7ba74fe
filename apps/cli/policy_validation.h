// Policies that are in force or might be.
#pragma once

#include <string>
#include <vector>

#include "cowork/base/json_reader.h"
#include "cowork/base/result.h"
#include "session.h"

namespace cowork::cli {

/// `cowork policy validate [FILE]`: the exit status, 8 when anything is invalid. An empty `file` means the layers in
/// force.
Result<int> validate_policy(Session& session, const std::string& file);

/// The document that `policy simulate` puts in the user layer's place: a file, or what that layer says with
/// assignments. Errors: invalid-argument, not-found, invalid-policy.
Result<json::Value> read_candidate(Session& session, const std::vector<std::string>& words);

/// Where the value at `pointer` stands in a document; the nearest value around it when there is none.
SourcePlace locate(const json::Document& document, const std::string& pointer);

}  // namespace cowork::cli
