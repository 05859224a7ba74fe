// Paths and files that the user names on the command line.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>

#include "cowork/base/result.h"

namespace cowork::cli {

/// `path` against the working directory, without "." and trailing "/"; ".." is resolved on disk where it can be.
/// Errors: io when there is no working directory.
Result<std::string> absolute_path(std::string_view path);

/// The bytes of a file, or of `input` for "-". Errors: not-found, io, invalid-argument above `max_bytes`.
Result<std::string> read_input(const std::string& path, std::istream& input, std::size_t max_bytes);

}  // namespace cowork::cli
