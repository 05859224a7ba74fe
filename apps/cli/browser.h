// Showing an address in the user's browser.
#pragma once

#include <string>

#include "cowork/base/result.h"

namespace cowork::cli {

/// Asks the desktop (xdg-open) to show `address`, which lets in whoever knows it. A file beside `socket` that only this
/// user can read leads the browser there, since everybody on the machine sees the arguments of programs. Errors: io
/// (no display, no xdg-open, the file can't be written).
Result<void> open_in_browser(const std::string& address, const std::string& socket);

/// The page in that file.
std::string page_leading_to(const std::string& address);

}  // namespace cowork::cli
