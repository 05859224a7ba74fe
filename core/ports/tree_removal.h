// Removing a tree by descriptors.
#pragma once

#include <vector>

#include "beneath.h"

namespace cowork::ports {

/// Names in a directory, sorted bytewise. `path` is for messages.
Result<std::vector<DirectoryEntry>> list_directory(int directory, std::string_view path);

/// Removes a file, or a directory with all that is in it. Links are removed, never followed. However deep the tree is,
/// two descriptors and no recursion do. When it fails, a part may be gone.
Result<void> remove_tree(const Parent& parent);

}  // namespace cowork::ports
