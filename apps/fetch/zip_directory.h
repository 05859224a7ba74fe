// The directory of a zip file, as far as libarchive does not compare it with what it stands for.
#pragma once

#include <string_view>

#include "cowork/base/result.h"

namespace cowork::fetch {

/// A zip file says names twice: in the directory at its end, and before each file's bytes, which is where libarchive
/// reads them. Errors: invalid-argument when the two are not the same, so that one program would see another pack than
/// another one; when the directory is not complete or not the last thing of `archive`; for what needs zip64, which
/// nothing of a pack's size does.
Result<void> check_zip_directory(std::string_view archive);

}  // namespace cowork::fetch
