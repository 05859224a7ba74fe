// The tables of an ELF file of this machine's class, copied out with every bound checked. Private to loaders/native.
#pragma once

#include <link.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cowork::loaders {

using ElfHeader = ElfW(Ehdr);
using ElfSegment = ElfW(Phdr);
using ElfSection = ElfW(Shdr);
using ElfDynamic = ElfW(Dyn);
using ElfSymbol = ElfW(Sym);

/// Whether others may use it.
inline bool is_offered(const ElfSymbol& symbol) noexcept {
  const unsigned visibility = symbol.st_other & 0x3U;
  return symbol.st_info >> 4U != STB_LOCAL && (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

struct ElfSymbols {
  std::vector<ElfSymbol> entries;
  std::uint64_t names_offset = 0;
  std::uint64_t names_size = 0;
};

/// Threads: const ones by many. Ownership: the bytes are borrowed.
class ElfImage {
 public:
  explicit ElfImage(std::string_view bytes) : bytes_(bytes) {}
  /// Reads header, segments and sections; the bytes begin with an ELF header of this machine. What is wrong comes back.
  std::optional<std::string> read();

  const std::vector<ElfSegment>& segments() const noexcept { return segments_; }
  const std::vector<ElfSection>& sections() const noexcept { return sections_; }
  bool inside(std::uint64_t offset, std::uint64_t size) const noexcept {
    return offset <= bytes_.size() && size <= bytes_.size() - offset;
  }
  /// `count` of T that lie one after the other; nothing when the file ends before.
  template <class T>
  std::optional<std::vector<T>> table(std::uint64_t offset, std::uint64_t count) const {
    if (count > bytes_.size() / sizeof(T) || !inside(offset, count * sizeof(T))) return std::nullopt;
    std::vector<T> read(static_cast<std::size_t>(count));
    if (!read.empty()) std::memcpy(read.data(), bytes_.data() + offset, read.size() * sizeof(T));
    return read;
  }
  /// Where in the file the memory at `address` comes from, if all `size` bytes come from one loaded segment's file
  /// part.
  std::optional<std::uint64_t> offset_of(std::uint64_t address, std::uint64_t size) const;
  /// The text at `index` of the table of strings at `offset`; nothing when it does not end inside, or is longer than
  /// `longest`: no more than that is looked at.
  std::optional<std::string_view> text(std::uint64_t offset, std::uint64_t size, std::uint64_t index,
                                       std::size_t longest) const;
  bool has_prefix(std::uint64_t offset, std::uint64_t size, std::uint64_t index, std::string_view prefix) const;
  /// Like text(), of the table of sections' names.
  std::optional<std::string_view> name_of(const ElfSection& section, std::size_t longest) const;
  /// What the library offers to others. What is wrong comes back: there is one such table, of at most 2^20 symbols.
  std::optional<std::string> read_symbols(ElfSymbols& symbols) const;

 private:
  std::string_view bytes_;
  std::vector<ElfSegment> segments_;
  std::vector<ElfSection> sections_;
  ElfSection names_of_sections_{};
};

}  // namespace cowork::loaders
