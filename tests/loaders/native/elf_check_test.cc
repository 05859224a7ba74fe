#include "elf_check.h"

#include <sys/resource.h>

#include <algorithm>
#include <boost/dll/library_info.hpp>
#include <cstring>
#include <functional>
#include <random>

#include "cowork/loaders/sealed_file.h"
#include "elf_image.h"
#include "native_world.h"
#include "pack_tag.h"

using namespace cowork;
using namespace cowork::loaders;

namespace {

/// A library whose header and tables can be changed.
class Elf {
 public:
  explicit Elf(std::string whole = test::fixture("good")) : bytes(std::move(whole)) {}
  ElfHeader& header() { return at<ElfHeader>(0); }
  ElfSegment& segment(unsigned type) {
    for (unsigned i = 0; i < header().e_phnum; ++i) {
      auto& segment = at<ElfSegment>(header().e_phoff + i * sizeof(ElfSegment));
      if (segment.p_type == type) return segment;
    }
    throw std::runtime_error("no such segment");
  }
  ElfSection& section(unsigned type) {
    for (unsigned i = 0; i < header().e_shnum; ++i) {
      auto& section = at<ElfSection>(header().e_shoff + i * sizeof(ElfSection));
      if (section.sh_type == type) return section;
    }
    throw std::runtime_error("no such section");
  }
  ElfSection& section_of_names() { return at<ElfSection>(header().e_shoff + header().e_shstrndx * sizeof(ElfSection)); }
  ElfDynamic& dynamic(ElfW(Sxword) tag) {
    const ElfSegment& segment = this->segment(PT_DYNAMIC);
    for (std::size_t at_entry = 0; at_entry < segment.p_filesz; at_entry += sizeof(ElfDynamic)) {
      auto& entry = at<ElfDynamic>(segment.p_offset + at_entry);
      if (entry.d_tag == tag) return entry;
    }
    throw std::runtime_error("no such entry");
  }
  ElfSection& section(std::string_view name) {
    for (unsigned i = 0; i < header().e_shnum; ++i) {
      auto& section = at<ElfSection>(header().e_shoff + i * sizeof(ElfSection));
      if (&at<char>(section_of_names().sh_offset + section.sh_name) == name) return section;
    }
    throw std::runtime_error("no such section");
  }
  /// More program headers' worth of file and memory, over everything that is loaded.
  void move_dynamic(std::uint64_t size) {
    bytes.resize(bytes.size() + size);
    ElfSegment& load = segment(PT_LOAD);
    ElfSegment& dynamic = segment(PT_DYNAMIC);
    load.p_offset = dynamic.p_offset = 0;
    load.p_vaddr = dynamic.p_vaddr = 0;
    load.p_filesz = load.p_memsz = dynamic.p_filesz = size;
    for (unsigned i = 0; i < header().e_phnum; ++i) {
      auto& other = at<ElfSegment>(header().e_phoff + i * sizeof(ElfSegment));
      if (&other != &load && other.p_type != PT_DYNAMIC && other.p_type != PT_GNU_STACK) other.p_type = PT_NULL;
    }
  }
  /// `count` times the first symbol of the section "cowork_pack", each with one name of `size` bytes. The table's
  /// offset.
  void share_a_name(std::size_t count, std::size_t size) {
    const ElfSection old = section(".dynsym");
    const auto own = (reinterpret_cast<char*>(&section("cowork_pack")) - bytes.data() -
                      static_cast<std::ptrdiff_t>(header().e_shoff)) /
                     static_cast<std::ptrdiff_t>(sizeof(ElfSection));
    ElfSymbol symbol{};
    for (std::uint64_t i = 0; symbol.st_shndx != own; ++i) symbol = at<ElfSymbol>(old.sh_offset + i * sizeof symbol);
    symbol.st_name = 1;
    const std::uint64_t names = bytes.size();
    bytes += '\0' + std::string(size, 'x') + '\0';
    const std::uint64_t table = bytes.size();
    for (std::size_t i = 0; i < count; ++i) bytes.append(reinterpret_cast<const char*>(&symbol), sizeof symbol);
    for (const char* name : {".dynsym", ".symtab"}) {
      section(name).sh_offset = table;
      section(name).sh_size = count * sizeof symbol;
    }
    for (const char* name : {".dynstr", ".strtab"}) {
      section(name).sh_offset = names;
      section(name).sh_size = size + 2;
    }
  }
  template <class T>
  T& at(std::uint64_t offset) {
    return *reinterpret_cast<T*>(bytes.data() + offset);
  }

  std::string bytes;
};

constexpr std::uint64_t far_away = 1ULL << 62U;

constexpr rlim_t most_seconds = 20;
constexpr long most_kilobytes = 800L << 10U;

/// Whether `check` comes back in a process of its own, within these bounds. A sanitizer's shadow is among them.
bool is_cheap(const std::function<void()>& check) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit processor{most_seconds, most_seconds};
    ::setrlimit(RLIMIT_CPU, &processor);
    check();
    ::_exit(0);
  }
  int status = -1;
  rusage usage{};
  if (::wait4(child, &status, 0, &usage) != child) return false;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 && usage.ru_maxrss < most_kilobytes;
}

std::optional<std::string> fault_of(const std::string& bytes) {
  test::NativeWorld world;
  const auto refused = world.loader()->load(world.pack("x", bytes), nullptr);
  return refused ? std::nullopt : std::optional(refused.error().message());
}

}  // namespace

TEST_CASE("the good library has nothing wrong with it") {
  CHECK(fault_of_elf(test::fixture("good")) == std::nullopt);
  CHECK(fault_of_elf(test::fixture("plain")) == std::nullopt);
  CHECK(exports_object(test::fixture("good"), own_pack_tag(), 80));
  CHECK_FALSE(exports_object(test::fixture("good"), own_pack_tag(), 8'000));
  CHECK_FALSE(exports_object(test::fixture("good"), "main", 0));
}

TEST_CASE("what an ELF file says wrongly of itself is found before anyone relies on it") {
  const struct {
    const char* message;
    void (*change)(Elf&);
  } cases[] = {
      {"it does not begin with an ELF header", [](Elf& elf) { elf.bytes = "#!/bin/sh\n" + elf.bytes; }},
      {"it does not begin with an ELF header", [](Elf& elf) { elf.bytes.clear(); }},
      {"it ends within its ELF header", [](Elf& elf) { elf.bytes.resize(20); }},
      {"it is not made for 64 bits", [](Elf& elf) { elf.bytes[EI_CLASS] = ELFCLASS32; }},
      {"its byte order is not this machine's", [](Elf& elf) { elf.bytes[EI_DATA] = ELFDATA2MSB; }},
      {"it is an ELF file, but no shared library", [](Elf& elf) { elf.header().e_type = ET_REL; }},
      {"its program headers have a size of their own", [](Elf& elf) { elf.header().e_phentsize = 8; }},
      {"it ends within its program headers", [](Elf& elf) { elf.header().e_phoff = far_away; }},
      {"it ends within its program headers", [](Elf& elf) { elf.header().e_phoff = ~0ULL; }},
      {"it has no section headers", [](Elf& elf) { elf.header().e_shnum = 0; }},
      {"it ends within its section headers", [](Elf& elf) { elf.header().e_shnum = 0xff00; }},
      {"it ends within its section headers", [](Elf& elf) { elf.header().e_shoff = far_away; }},
      {"its section headers have a size of their own", [](Elf& elf) { elf.header().e_shentsize = 0; }},
      {"its section of names is missing", [](Elf& elf) { elf.header().e_shstrndx = 0xffff; }},
      {"its section of names holds no names", [](Elf& elf) { elf.section_of_names().sh_type = SHT_PROGBITS; }},
      {"it ends within a section", [](Elf& elf) { elf.section_of_names().sh_size = far_away; }},
      {"it ends within a section", [](Elf& elf) { elf.section(SHT_STRTAB).sh_size = far_away; }},
      {"it ends within a section", [](Elf& elf) { elf.section(SHT_DYNSYM).sh_offset = ~0ULL; }},
      {"a section's name is missing", [](Elf& elf) { elf.section(SHT_DYNSYM).sh_name = 0xffffffff; }},
      {"its symbols have a size of their own", [](Elf& elf) { elf.section(SHT_DYNSYM).sh_entsize = 0; }},
      {"it ends within a loaded segment", [](Elf& elf) { elf.segment(PT_LOAD).p_filesz = far_away; }},
      {"it ends within a loaded segment", [](Elf& elf) { elf.segment(PT_LOAD).p_offset = far_away; }},
      {"a loaded segment is larger in the file than in memory", [](Elf& elf) { elf.segment(PT_LOAD).p_memsz = 1; }},
      {"it wants more than 1 GiB of memory", [](Elf& elf) { elf.segment(PT_LOAD).p_memsz = far_away; }},
      {"it wants more than 1 GiB of memory", [](Elf& elf) { elf.segment(PT_LOAD).p_vaddr = far_away; }},
      {"its loaded segments overlap", [](Elf& elf) { elf.segment(PT_LOAD).p_memsz = 1 << 20; }},
      {"one of its segments lies outside of what is loaded", [](Elf& elf) { elf.segment(PT_DYNAMIC).p_vaddr += 16; }},
      {"one of its segments lies outside of what is loaded",
       [](Elf& elf) { elf.segment(PT_DYNAMIC).p_filesz = 1 << 20; }},
      {"one of its segments lies outside of what is loaded",
       [](Elf& elf) { elf.segment(PT_GNU_EH_FRAME).p_vaddr = 1 << 29; }},
      {"it has no dynamic section, or several", [](Elf& elf) { elf.segment(PT_DYNAMIC).p_type = PT_NOTE; }},
      {"it has no dynamic section, or several",
       [](Elf& elf) { elf.segment(PT_GNU_EH_FRAME) = ElfSegment(elf.segment(PT_DYNAMIC)); }},
      {"it is a program", [](Elf& elf) { elf.segment(PT_GNU_EH_FRAME).p_type = PT_INTERP; }},
      {"it asks for an executable stack", [](Elf& elf) { elf.segment(PT_GNU_STACK).p_type = PT_NULL; }},
      {"its dynamic section has no end", [](Elf& elf) { elf.segment(PT_DYNAMIC).p_filesz = 32; }},
      {"its dynamic section is too long", [](Elf& elf) { elf.move_dynamic(5'000 * sizeof(ElfDynamic)); }},
      {"it ends within its dynamic section",
       [](Elf& elf) {
         elf.segment(PT_DYNAMIC).p_filesz = 0;
         elf.segment(PT_DYNAMIC).p_offset = far_away;
       }},
      {"the name of a library that it needs is missing",
       [](Elf& elf) {
         // Longer than any path.
         std::fill_n(&elf.at<char>(elf.section(SHT_STRTAB).sh_offset + 1), 4097, 'x');
         elf.dynamic(DT_NEEDED).d_un.d_val = 1;
       }},
      {"the names of its dynamic section are missing", [](Elf& elf) { elf.dynamic(DT_STRTAB).d_un.d_ptr = far_away; }},
      {"the names of its dynamic section are missing", [](Elf& elf) { elf.dynamic(DT_STRSZ).d_un.d_val = far_away; }},
      {"the names of its dynamic section are missing", [](Elf& elf) { elf.dynamic(DT_STRSZ).d_tag = DT_DEBUG; }},
      {"the names of its dynamic section are missing", [](Elf& elf) { elf.dynamic(DT_FINI).d_tag = DT_STRTAB; }},
      {"the name of a library that it needs is missing",
       [](Elf& elf) { elf.dynamic(DT_NEEDED).d_un.d_val = 0xffffff; }},
      {"it asks the dynamic linker for an auditor or a filter",
       [](Elf& elf) { elf.dynamic(DT_FINI).d_tag = DT_DEPAUDIT; }},
  };
  for (const auto& each : cases) {
    Elf elf;
    each.change(elf);
    INFO(each.message);
    CHECK(fault_of_elf(elf.bytes) == std::optional<std::string>(each.message));
  }
}

TEST_CASE("a library for another machine says for which") {
  Elf elf;
  const unsigned own = elf.header().e_machine;
  elf.header().e_machine = 0xabc;
  CHECK(fault_of_elf(elf.bytes) ==
        "it is made for another machine (ELF machine 2748, this is " + std::to_string(own) + ")");
}

TEST_CASE("a program is no library, though it is linked like one") {
  CHECK(fault_of_elf(test::file_bytes(COWORK_FIXTURE_PROGRAM)) == std::optional<std::string>("it is a program"));
}

TEST_CASE("a library that is cut anywhere is refused") {
  const std::string whole = test::fixture("plain");
  for (std::size_t size = 0; size < whole.size(); size += 61) {
    const auto fault = fault_of_elf(std::string_view(whole).substr(0, size));
    if (!fault) FAIL("cut to " << size << " bytes it passes");
  }
  CHECK(fault_of_elf(std::string_view(whole).substr(0, whole.size() - 1)));
}

TEST_CASE("a pack whose library is cut is refused, wherever") {
  const std::string whole = test::fixture("plain");
  for (std::size_t size = 64; size < whole.size(); size += whole.size() / 12) {
    test::NativeWorld world;
    const Error error = world.refused(world.pack("x", whole.substr(0, size)));
    CHECK(error.code() == ErrorCode::invalid_manifest);
    CHECK_FALSE(world.code_ran());
  }
}

TEST_CASE("no random damage to a library brings the checks down") {
  const std::string whole = test::fixture("plain");
  Elf elf(whole);
  // Where lies pay: header and segments, dynamic section, section headers.
  const std::pair<std::size_t, std::size_t> places[] = {
      {0, 1024},
      {elf.segment(PT_DYNAMIC).p_offset, elf.segment(PT_DYNAMIC).p_filesz},
      {elf.header().e_shoff, whole.size() - elf.header().e_shoff},
      {elf.section(SHT_DYNSYM).sh_offset, elf.section(SHT_DYNSYM).sh_size},
  };
  std::mt19937 random(20'250'115);
  std::size_t passed = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string damaged = whole;
    const auto& [begin, size] = places[random() % std::size(places)];
    for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
      damaged[begin + random() % size] = static_cast<char>(random());
    }
    if (fault_of_elf(damaged)) continue;
    ++passed;
    static_cast<void>(exports_object(damaged, own_pack_tag(), sizeof(void*)));
    static_cast<void>(fault_of_tag(damaged));
  }
  CHECK(passed > 0);
}

TEST_CASE("the tag is read as Boost.DLL reads it, for whoever asks with that") {
  const std::vector<std::string> tags = boost::dll::library_info(COWORK_FIXTURES "/libgood.so").symbols("cowork_pack");
  CHECK(tags == std::vector<std::string>{own_pack_tag()});
  CHECK(fault_of_tag(test::fixture("good")) == std::nullopt);
}

TEST_CASE("what a library says of its symbols costs no more than its size") {
  Elf shared;  // 3,000 names of a million bytes
  shared.share_a_name(3'000, 1'000'000);
  Elf tables;  // a table of 2^20 symbols, five hundred times
  tables.share_a_name(1U << 20U, 100'000);
  const ElfSection table = tables.section(SHT_DYNSYM);
  const std::uint64_t headers = tables.bytes.size();
  tables.bytes += tables.bytes.substr(tables.header().e_shoff, tables.header().e_shnum * sizeof(ElfSection));
  for (int i = 0; i < 500; ++i) tables.bytes.append(reinterpret_cast<const char*>(&table), sizeof table);
  tables.header().e_shoff = headers;
  tables.header().e_shnum = static_cast<ElfW(Half)>(tables.header().e_shnum + 500);
  for (const Elf* elf : {&shared, &tables}) {
    INFO((elf == &shared ? "one name for all" : "many tables"));
    CHECK(fault_of_elf(elf->bytes) == std::nullopt);
    CHECK(is_cheap([&] { static_cast<void>(fault_of(elf->bytes)); }));
    CHECK(is_cheap([&] { static_cast<void>(exports_object(elf->bytes, own_pack_tag(), 1)); }));
  }
}

TEST_CASE("a library with more than one table of symbols, too many of them or a large section is none of a pack") {
  const std::string refusal = "\"lib/x\" is no library of a pack for this host: ";
  const struct {
    const char* message;
    void (*change)(Elf&);
  } cases[] = {
      {"it has several tables of dynamic symbols", [](Elf& elf) { elf.section(SHT_SYMTAB).sh_type = SHT_DYNSYM; }},
      {"it has no table of dynamic symbols", [](Elf& elf) { elf.section(SHT_DYNSYM).sh_type = SHT_SYMTAB; }},
      {"it has more than 1048576 dynamic symbols", [](Elf& elf) { elf.share_a_name((1U << 20U) + 1, 10); }},
      {"the names of its dynamic symbols are missing", [](Elf& elf) { elf.section(SHT_DYNSYM).sh_link = 0xffff; }},
      {"the names of its dynamic symbols are missing", [](Elf& elf) { elf.section(SHT_DYNSYM).sh_link = 1; }},
      {"its section of a pack is too large", [](Elf& elf) { elf.section("cowork_pack").sh_size = 4097; }},
      {"it has more than one section of a pack",
       [](Elf& elf) { elf.section(".comment").sh_name = elf.section("cowork_pack").sh_name; }},
      {"the name of its tag is too long",
       [](Elf& elf) {
         const std::size_t at = elf.bytes.find(own_pack_tag(), elf.section(SHT_STRTAB).sh_offset);
         std::fill_n(elf.bytes.begin() + static_cast<std::ptrdiff_t>(at + own_pack_tag().size()), 64, 'x');
       }},
  };
  for (const auto& each : cases) {
    Elf elf;
    each.change(elf);
    INFO(each.message);
    CHECK(fault_of(elf.bytes) == refusal + each.message);
  }
}

TEST_CASE("a sealed file holds its bytes, and nobody can change them") {
  const auto sealed = SealedFile::make("x", "bytes");
  REQUIRE(sealed);
  CHECK(test::file_bytes(sealed->path()) == "bytes");
  std::fstream file(sealed->path(), std::ios::in | std::ios::out | std::ios::binary);
  file << "other" << std::flush;
  CHECK_FALSE(file.good());
  CHECK(test::file_bytes(sealed->path()) == "bytes");
}
