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
  /// The text at `index` of the table of strings at `offset`; nothing when it does not end inside.
  std::optional<std::string_view> text(std::uint64_t offset, std::uint64_t size, std::uint64_t index) const;

 private:
  std::string_view bytes_;
  std::vector<ElfSegment> segments_;
  std::vector<ElfSection> sections_;
};

}  // namespace cowork::loaders
