// Which paths some file system would take for one. Private to loaders/tree.
#pragma once

#include <string>
#include <string_view>

namespace cowork::loaders {

/// `path` (valid UTF-8) after Unicode case folding and canonical normalisation (NFC): equal for paths that macOS or
/// Windows could take for one. Throws std::bad_alloc.
std::string folded_path(std::string_view path);

}  // namespace cowork::loaders
