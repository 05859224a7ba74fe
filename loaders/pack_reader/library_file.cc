#include "cowork/loaders/library_file.h"

#include <elf.h>
#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <vector>

namespace cowork::loaders {
namespace {

#if defined(__x86_64__)
constexpr unsigned own_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned own_machine = EM_AARCH64;
#elif defined(__riscv)
constexpr unsigned own_machine = EM_RISCV;
#elif defined(__powerpc64__)
constexpr unsigned own_machine = EM_PPC64;
#elif defined(__s390x__)
constexpr unsigned own_machine = EM_S390;
#elif defined(__i386__)
constexpr unsigned own_machine = EM_386;
#elif defined(__arm__)
constexpr unsigned own_machine = EM_ARM;
#else
#error "Say here which ELF machine this is"
#endif

constexpr bool is_64_bit = sizeof(void*) == 8;
using Header = std::conditional_t<is_64_bit, Elf64_Ehdr, Elf32_Ehdr>;
constexpr unsigned char own_class = is_64_bit ? ELFCLASS64 : ELFCLASS32;
constexpr unsigned char own_order = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

std::vector<std::string> candidates(std::string_view main) {
  const std::size_t slash = main.rfind('/');
  const std::size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
  const std::string_view directory = main.substr(0, begin);
  const std::string_view name = main.substr(begin);
  return {std::string(main), fmt::format("{}{}.so", directory, name), fmt::format("{}lib{}", directory, name),
          fmt::format("{}lib{}.so", directory, name)};
}

}  // namespace

tl::expected<std::string, FileProblem> find_library(const PackFiles& files, std::string_view main) {
  FileProblem problem{FileProblem::Kind::missing, files.shown(main), {}};
  for (std::string& path : candidates(main)) {
    const auto status = files.status(path);
    if (status && status->kind == FileKind::regular) return std::move(path);
    if (!status && status.error().kind == FileProblem::Kind::missing) continue;
    if (!status && status.error().kind == FileProblem::Kind::link) return tl::unexpected(status.error());
    // Something else of that name; a decorated name may still do.
    if (problem.kind != FileProblem::Kind::missing) continue;
    problem = status ? FileProblem{FileProblem::Kind::wrong_kind, files.shown(path),
                                   fmt::format("it is {}", describe(status->kind))}
                     : status.error();
  }
  return tl::unexpected(std::move(problem));
}

std::optional<std::string> fault_of_library(std::string_view bytes) {
  if (bytes.size() < SELFMAG || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) {
    return "it does not begin with an ELF header";
  }
  Header header;
  if (bytes.size() < sizeof header) return "it ends within its ELF header";
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.e_ident[EI_CLASS] != own_class) return fmt::format("it is not made for {} bits", is_64_bit ? 64 : 32);
  if (header.e_ident[EI_DATA] != own_order) return "its byte order is not this machine's";
  if (header.e_machine != own_machine) {
    return fmt::format("it is made for another machine (ELF machine {}, this is {})", header.e_machine, own_machine);
  }
  if (header.e_type != ET_DYN) return "it is an ELF file, but no shared library";
  return std::nullopt;
}

}  // namespace cowork::loaders
