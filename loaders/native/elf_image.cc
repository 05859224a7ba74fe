#include "elf_image.h"

#include <fmt/format.h>

#include <algorithm>

namespace cowork::loaders {
namespace {

constexpr std::uint64_t most_symbols = 1ULL << 20U;

}  // namespace

std::optional<std::string> ElfImage::read() {
  const auto headers = table<ElfHeader>(0, 1);
  if (!headers) return "it ends within its ELF header";
  const ElfHeader& header = headers->front();
  if (header.e_phentsize != sizeof(ElfSegment)) return "its program headers have a size of their own";
  auto segments = table<ElfSegment>(header.e_phoff, header.e_phnum);
  if (!segments) return "it ends within its program headers";
  segments_ = *std::move(segments);
  if (header.e_shnum == 0) return "it has no section headers";
  if (header.e_shentsize != sizeof(ElfSection)) return "its section headers have a size of their own";
  if (header.e_shstrndx >= header.e_shnum) return "its section of names is missing";
  auto sections = table<ElfSection>(header.e_shoff, header.e_shnum);
  if (!sections) return "it ends within its section headers";
  sections_ = *std::move(sections);
  const ElfSection& names = sections_[header.e_shstrndx];
  for (const ElfSection& section : sections_) {
    if (section.sh_type != SHT_NOBITS && !inside(section.sh_offset, section.sh_size)) return "it ends within a section";
    if (section.sh_name >= names.sh_size && section.sh_type != SHT_NULL) return "a section's name is missing";
    const bool symbols = section.sh_type == SHT_SYMTAB || section.sh_type == SHT_DYNSYM;
    if (symbols && (section.sh_entsize != sizeof(ElfSymbol) || section.sh_size % sizeof(ElfSymbol) != 0)) {
      return "its symbols have a size of their own";
    }
  }
  if (names.sh_type != SHT_STRTAB) return "its section of names holds no names";
  names_of_sections_ = names;
  return std::nullopt;
}

std::optional<std::uint64_t> ElfImage::offset_of(std::uint64_t address, std::uint64_t size) const {
  for (const ElfSegment& segment : segments_) {
    if (segment.p_type != PT_LOAD || address < segment.p_vaddr) continue;
    const std::uint64_t into = address - segment.p_vaddr;
    if (into > segment.p_filesz || size > segment.p_filesz - into) continue;
    return segment.p_offset + into;
  }
  return std::nullopt;
}

std::optional<std::string_view> ElfImage::text(std::uint64_t offset, std::uint64_t size, std::uint64_t index,
                                               std::size_t longest) const {
  if (!inside(offset, size) || index >= size) return std::nullopt;
  const std::uint64_t looked_at = std::min<std::uint64_t>(size - index, std::uint64_t{longest} + 1);
  const std::string_view rest =
      bytes_.substr(static_cast<std::size_t>(offset + index), static_cast<std::size_t>(looked_at));
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  return rest.substr(0, end);
}

bool ElfImage::has_prefix(std::uint64_t offset, std::uint64_t size, std::uint64_t index,
                          std::string_view prefix) const {
  if (!inside(offset, size) || index >= size) return false;
  return bytes_.substr(static_cast<std::size_t>(offset + index), static_cast<std::size_t>(size - index))
      .starts_with(prefix);
}

std::optional<std::string_view> ElfImage::name_of(const ElfSection& section, std::size_t longest) const {
  return text(names_of_sections_.sh_offset, names_of_sections_.sh_size, section.sh_name, longest);
}

std::optional<std::string> ElfImage::read_symbols(ElfSymbols& symbols) const {
  const ElfSection* found = nullptr;
  for (const ElfSection& section : sections_) {
    if (section.sh_type != SHT_DYNSYM) continue;
    if (found != nullptr) return "it has several tables of dynamic symbols";
    found = &section;
  }
  if (found == nullptr) return "it has no table of dynamic symbols";
  const std::uint64_t count = found->sh_size / sizeof(ElfSymbol);
  if (count > most_symbols) return fmt::format("it has more than {} dynamic symbols", most_symbols);
  auto entries = table<ElfSymbol>(found->sh_offset, count);
  if (!entries || found->sh_link >= sections_.size() || sections_[found->sh_link].sh_type != SHT_STRTAB) {
    return "the names of its dynamic symbols are missing";
  }
  const ElfSection& names = sections_[found->sh_link];
  symbols = {*std::move(entries), names.sh_offset, names.sh_size};
  return std::nullopt;
}

}  // namespace cowork::loaders
