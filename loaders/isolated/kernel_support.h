// What isolation stands on, asked of the kernel without using it. Private to loaders/isolated.
#pragma once

#include <string>
#include <vector>

namespace cowork::loaders {

/// Of "Landlock (files)" and "seccomp (system calls)" those that this kernel has not.
std::vector<std::string> missing_in_kernel();

}  // namespace cowork::loaders
