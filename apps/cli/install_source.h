// What `pack install SOURCE` means.
#pragma once

#include <string>
#include <string_view>

#include "cowork/base/result.h"

namespace cowork::cli {

struct InstallSource {
  std::string operation;  ///< `pluginPack:install`, `pluginPack:installGit` or `pluginPack:installUrl`
  std::string parameter;  ///< `path` or `url`
  std::string value;      ///< what the operation is asked for
};

/// A repository (`git+https://…`, `https://….git`, `github:owner/repo`), another http(s) address, or a path, made
/// absolute. Errors: invalid-argument for an empty source, a malformed `github:`, and other kinds of address.
Result<InstallSource> classify_source(std::string_view source);

}  // namespace cowork::cli
