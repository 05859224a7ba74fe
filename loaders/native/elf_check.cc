#include "elf_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/text.h"
#include "cowork/loaders/library_file.h"
#include "elf_image.h"

namespace cowork::loaders {
namespace {

using Fault = std::optional<std::string>;

constexpr std::uint64_t smallest_page = 4096;
constexpr std::uint64_t most_memory = 1ULL << 30U;
constexpr std::uint64_t most_dynamic_entries = 4096;
constexpr std::size_t longest_name = 4096;  // PATH_MAX

std::uint64_t page_of(std::uint64_t address) {
  return address / smallest_page;
}

/// The loaded segments: in the file, one above the other, on pages of their own.
Fault fault_of_loads(const ElfImage& image) {
  std::uint64_t first_free_page = 0;
  bool any = false;
  for (const ElfSegment& segment : image.segments()) {
    if (segment.p_type != PT_LOAD) continue;
    if (!image.inside(segment.p_offset, segment.p_filesz)) return "it ends within a loaded segment";
    if (segment.p_filesz > segment.p_memsz) return "a loaded segment is larger in the file than in memory";
    if (segment.p_vaddr > most_memory || segment.p_memsz > most_memory) return "it wants more than 1 GiB of memory";
    if (any && page_of(segment.p_vaddr) < first_free_page) return "its loaded segments overlap";
    first_free_page = page_of(segment.p_vaddr + segment.p_memsz + smallest_page - 1);
    any = true;
  }
  return any ? Fault() : "nothing of it would be loaded";
}

/// What is looked for at an address of a loaded segment has to be there, and be what the file has at its offset.
Fault fault_of_parts(const ElfImage& image) {
  std::size_t dynamics = 0;
  bool says_stack = false;
  for (const ElfSegment& segment : image.segments()) {
    if (segment.p_type == PT_INTERP) return "it is a program";
    if (segment.p_type == PT_DYNAMIC) ++dynamics;
    if (segment.p_type == PT_GNU_STACK) {
      says_stack = true;
      if ((segment.p_flags & PF_X) != 0) return "it asks for an executable stack";
    }
    const bool used = segment.p_type == PT_DYNAMIC || segment.p_type == PT_TLS || segment.p_type == PT_GNU_EH_FRAME;
    if (!used || segment.p_filesz == 0) continue;
    if (image.offset_of(segment.p_vaddr, segment.p_filesz) != segment.p_offset) {
      return "one of its segments lies outside of what is loaded";
    }
  }
  if (dynamics != 1) return "it has no dynamic section, or several";
  // What says nothing of the stack gets an executable one, and with it the whole process.
  return says_stack ? Fault() : "it asks for an executable stack";
}

struct Dynamic {
  std::vector<ElfDynamic> entries;  // without the DT_NULL that ends them
  std::uint64_t strings_offset = 0;
  std::uint64_t strings_size = 0;
};

const ElfSegment& dynamic_segment(const ElfImage& image) {
  for (const ElfSegment& segment : image.segments()) {
    if (segment.p_type == PT_DYNAMIC) return segment;
  }
  return image.segments().front();  // fault_of_parts() has seen one
}

Fault read_dynamic(const ElfImage& image, Dynamic& dynamic) {
  const ElfSegment& segment = dynamic_segment(image);
  const std::uint64_t entries = segment.p_filesz / sizeof(ElfDynamic);
  if (entries > most_dynamic_entries) return "its dynamic section is too long";
  auto table = image.table<ElfDynamic>(segment.p_offset, entries);
  if (!table) return "it ends within its dynamic section";  // an empty one, which lies nowhere
  dynamic.entries = *std::move(table);
  std::size_t end = 0;
  while (end < dynamic.entries.size() && dynamic.entries[end].d_tag != DT_NULL) ++end;
  if (end == dynamic.entries.size()) return "its dynamic section has no end";
  dynamic.entries.resize(end);
  std::uint64_t address = 0;
  std::size_t tables = 0;
  for (const ElfDynamic& entry : dynamic.entries) {
    if (entry.d_tag == DT_STRTAB) address = entry.d_un.d_ptr;
    if (entry.d_tag == DT_STRSZ) dynamic.strings_size = entry.d_un.d_val;
    if (entry.d_tag == DT_STRTAB || entry.d_tag == DT_STRSZ) ++tables;
  }
  const auto offset = image.offset_of(address, dynamic.strings_size);
  if (tables != 2 || !offset) return "the names of its dynamic section are missing";
  dynamic.strings_offset = *offset;
  return std::nullopt;
}

Fault fault_of_dependency(const ElfImage& image, const Dynamic& dynamic, const ElfDynamic& entry) {
  const auto name = image.text(dynamic.strings_offset, dynamic.strings_size, entry.d_un.d_val, longest_name);
  if (!name) return "the name of a library that it needs is missing";
  // The linker replaces $ORIGIN and the like in these names, too.
  if (name->find('/') == std::string_view::npos && name->find('$') == std::string_view::npos) return std::nullopt;
  return fmt::format("it needs {} by its path, but what is loaded must be what was checked", quoted(*name));
}

Fault fault_of_dynamic(const ElfImage& image) {
  Dynamic dynamic;
  if (Fault fault = read_dynamic(image, dynamic)) return fault;
  for (const ElfDynamic& entry : dynamic.entries) {
    switch (entry.d_tag) {
      case DT_NEEDED:
        if (Fault fault = fault_of_dependency(image, dynamic, entry)) return fault;
        break;
      case DT_RPATH:
      case DT_RUNPATH:
        return "it brings a search path for libraries (RPATH or RUNPATH), but what is loaded must be what was checked";
      case DT_AUDIT:
      case DT_DEPAUDIT:
      case DT_AUXILIARY:
      case DT_FILTER:
        return "it asks the dynamic linker for an auditor or a filter";
      case DT_FLAGS_1:
        if ((entry.d_un.d_val & DF_1_PIE) != 0) return "it is a program";
        break;
      default:
        break;
    }
  }
  return std::nullopt;
}

}  // namespace

Fault fault_of_elf(std::string_view bytes) {
  if (Fault fault = fault_of_library(bytes)) return fault;
  ElfImage image(bytes);
  if (Fault fault = image.read()) return fault;
  if (Fault fault = fault_of_loads(image)) return fault;
  if (Fault fault = fault_of_parts(image)) return fault;
  return fault_of_dynamic(image);
}

bool exports_object(std::string_view bytes, std::string_view symbol, std::size_t size) {
  ElfImage image(bytes);
  ElfSymbols symbols;
  if (image.read() || image.read_symbols(symbols)) return false;
  return std::any_of(symbols.entries.begin(), symbols.entries.end(), [&](const ElfSymbol& one) {
    return one.st_shndx != SHN_UNDEF && one.st_size >= size && (one.st_info & 0xfU) == STT_OBJECT && is_offered(one) &&
           image.text(symbols.names_offset, symbols.names_size, one.st_name, symbol.size()) == symbol;
  });
}

}  // namespace cowork::loaders
