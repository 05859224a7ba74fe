// Looks at a shared library before anyone else does: neither the dynamic linker nor Boost.DLL compares what a file says
// of itself with the file.
//
// Threads: any. What is checked are the parts that decide what is mapped, what else is loaded and which names there
// are; a file that lies in its relocations can still crash whoever loads it, as its code could.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cowork::loaders {

/// Why these bytes can't be handed on: no shared library for this machine, something that lies outside of the file or
/// contradicts itself, a program, an executable stack, a search path of its own (DT_RPATH, DT_RUNPATH), an auditor or
/// filter, or a dependency named by its path.
std::optional<std::string> fault_of_elf(std::string_view bytes);

/// Whether the dynamic symbols have `symbol` as an object of `size` bytes or more that others may use. The bytes have
/// passed fault_of_elf().
bool exports_object(std::string_view bytes, std::string_view symbol, std::size_t size);

}  // namespace cowork::loaders
