// The ABI tag: the name of the one symbol in the section "cowork_pack", read without loading anything.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cowork::loaders {

/// What a library of this host's API version and C ABI has.
const std::string& own_pack_tag();

/// Why the library, whose bytes have passed fault_of_elf(), is none of a pack for this host.
std::optional<std::string> fault_of_tag(std::string_view bytes);

}  // namespace cowork::loaders
