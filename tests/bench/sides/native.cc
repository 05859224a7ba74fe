// A native pack from its files to its first answer and its end, each time in a forked child: a library stays loaded for
// the life of its process.
//
// The baseline does the same by hand: reads the ABI tag from the file's section headers, then dlopen, the table, start,
// one call, stop. It does not close the library, as the host doesn't. For a pack that is verified first it reads and
// hashes the pack's files (SHA-256 of the same library as the host's), copies the library into a file in memory and
// loads that. It checks nothing, and knows beforehand where everything is.
#include <dlfcn.h>
#include <elf.h>
#include <nettle/sha2.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "child.h"
#include "cowork/loaders/native_loader.h"
#include "cowork/loaders/tree_hash.h"
#include "native_fixture.h"
#include "raw_pack.h"
#include "scratch.h"
#include "sides.h"

namespace cowork::bench {
namespace {

constexpr std::size_t children = 25;

double nanoseconds_in_children(const std::function<void()>& work) {
  return median_in_children(children, [&] { return seconds_of(work) * 1e9; });
}

Measure loading(const LockRecord* lock_record) {
  const auto fixture = std::make_shared<NativeFixture>();
  const auto lock = lock_record ? std::make_shared<LockRecord>(*lock_record) : nullptr;
  return [fixture, lock](const Stopwatch&) {
    return nanoseconds_in_children([&] {
      const auto pack = value_of(fixture->loader()->load(fixture->record(), lock.get()));
      benchmark::DoNotOptimize(value_of(pack->call(tool_name, tool_input(), {})));
    });
  };
}

/// Reads the tag as a program would that knows what it looks for: the name of the symbol in the pack's section.
std::string tag_in(std::string_view file) {
  const auto* const base = file.data();
  Elf64_Ehdr header;
  std::memcpy(&header, base, sizeof header);
  std::vector<Elf64_Shdr> sections(header.e_shnum);
  std::memcpy(sections.data(), base + header.e_shoff, sections.size() * sizeof(Elf64_Shdr));
  const char* const names = base + sections[header.e_shstrndx].sh_offset;
  std::size_t own = 0;
  for (std::size_t i = 1; i < sections.size(); ++i) {
    if (std::strcmp(names + sections[i].sh_name, COWORK_PACK_SECTION) == 0) own = i;
  }
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_DYNSYM) continue;
    const char* const text = base + sections[section.sh_link].sh_offset;
    for (std::size_t at = 0; at < section.sh_size; at += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol;
      std::memcpy(&symbol, base + section.sh_offset + at, sizeof symbol);
      if (own != 0 && symbol.st_shndx == own) return text + symbol.st_name;
    }
  }
  throw std::runtime_error("the library has no tag");
}

class MappedFile {
 public:
  explicit MappedFile(int file) : size_(static_cast<std::size_t>(::lseek(file, 0, SEEK_END))) {
    data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    if (data_ == MAP_FAILED) throw std::runtime_error("cannot map the library");
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile() { ::munmap(data_, size_); }
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  std::size_t size_;
  void* data_;
};

void load_raw(const std::string& path) {
  const Descriptor file(path);
  const std::string tag = tag_in(MappedFile(file.number()).bytes());
  RawPack pack(path, tag);
  benchmark::DoNotOptimize(pack.call(tool_name, tool_text()));
}

void load_raw_verified(const std::string& manifest, const std::string& library) {
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> hash;
  const Descriptor manifest_file(manifest), library_file(library);
  for (const Descriptor* const file : {&manifest_file, &library_file}) {
    const MappedFile mapped(file->number());
    sha256_ctx state;
    sha256_init(&state);
    sha256_update(&state, mapped.bytes().size(), reinterpret_cast<const std::uint8_t*>(mapped.bytes().data()));
    sha256_digest(&state, hash.size(), hash.data());
    benchmark::DoNotOptimize(hash);
  }
  const MappedFile mapped(library_file.number());
  const Descriptor copy(::memfd_create("pack", MFD_CLOEXEC));
  if (::write(copy.number(), mapped.bytes().data(), mapped.bytes().size()) !=
      static_cast<ssize_t>(mapped.bytes().size()))
    throw std::runtime_error("cannot copy the library");
  RawPack pack("/proc/self/fd/" + std::to_string(copy.number()), tag_in(mapped.bytes()));
  benchmark::DoNotOptimize(pack.call(tool_name, tool_text()));
}

}  // namespace

Sides native_load() {
  return {loading(nullptr),
          [](const Stopwatch&) { return nanoseconds_in_children([] { load_raw(NativeFixture::library_path()); }); }};
}

Sides verified_native_load() {
  LockRecord lock;
  lock.name = NativeFixture::name;
  const auto directory = value_of(make_real_disk()->open(NativeFixture::pack_path()));
  lock.tree_sha256 = value_of(loaders::tree_sha256(*directory, {}));
  return {loading(&lock), [](const Stopwatch&) {
            return nanoseconds_in_children(
                [] { load_raw_verified(NativeFixture::manifest_path(), NativeFixture::library_path()); });
          }};
}

Sides peer_load(const std::string& program) {
  const auto times = [program](const char* what) -> Measure {
    return [program, what](const Stopwatch&) {
      return std::stod(output_of_program({program, what, std::to_string(children), tool_text()}));
    };
  };
  return {times("peer"), times("raw")};
}

}  // namespace cowork::bench
