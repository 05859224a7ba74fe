// How a child process ended, in words. Private to loaders/fetch.
#pragma once

#include <string>
#include <string_view>

#include "cowork/base/error.h"

namespace cowork::loaders {

/// io, for a fetch program that ended without an answer. `status` is waitpid's (-1: unknown); `errors` is what it wrote
/// to stderr, of which the last line is shown.
Error ended_without_answer(int status, std::string_view errors);

}  // namespace cowork::loaders
