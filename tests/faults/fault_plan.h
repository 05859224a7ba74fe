// Which call goes wrong, and how: FAULT_POINT, FAULT_KIND and FAULT_LOG of fault_points.cc.
#pragma once

#include <cstddef>

namespace cowork::faults {

/// What a call wants of a disk that may be full.
enum class Need { nothing, space };

/// Counts a call. 0 to go on; else the errno with which it fails. Does not return where the process dies before it.
int fault(const char* call, const char* about = "", Need need = Need::nothing);

/// As fault(), with errno set.
bool fails(const char* call, const char* about = "", Need need = Need::nothing);

/// How much of a write of `size` bytes gets through: the call that was counted last.
std::size_t shortened(std::size_t size);

}  // namespace cowork::faults
