#include "machine_code.h"

#include <cstdint>

namespace cowork::content_scan {
namespace {

using namespace std::string_view_literals;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// A text may begin with MZ; a program has its header, or at least what no text has.
bool is_windows_program(std::string_view bytes) {
  constexpr std::size_t header = 0x40, place_of_new_header = 0x3C;
  if (!bytes.starts_with("MZ"sv)) return false;
  if (bytes.substr(0, header).find('\0') != std::string_view::npos) return true;
  if (bytes.size() < header) return false;
  const std::uint32_t at = little_endian(bytes.substr(place_of_new_header, 4));
  return at < bytes.size() && bytes.substr(at).starts_with("PE\0\0"sv);
}

/// The magic number of a file for several processors is that of Java's classes too, whose version is above 40.
bool is_mach_o(std::string_view bytes) {
  constexpr std::uint32_t most_processors = 40;
  if (bytes.size() < 8) return false;
  const std::uint32_t magic = big_endian(bytes);
  if (magic == 0xCAFEBABE || magic == 0xCAFEBABF) return big_endian(bytes.substr(4)) <= most_processors;
  return magic == 0xFEEDFACE || magic == 0xFEEDFACF || magic == 0xCEFAEDFE || magic == 0xCFFAEDFE;
}

std::string_view without_suffix(std::string_view name) {
  for (const std::string_view suffix : {".so"sv, ".dylib"sv, ".dll"sv})
    if (name.size() > suffix.size() && name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
  return name;
}

std::string_view without_prefix(std::string_view name) {
  return name.starts_with("lib"sv) ? name.substr(3) : name;
}

}  // namespace

std::string_view machine_code_kind(std::string_view bytes) noexcept {
  if (bytes.starts_with("\x7f"
                        "ELF"sv))
    return "an ELF file";
  if (is_windows_program(bytes)) return "a Windows program";
  return is_mach_o(bytes) ? "a Mach-O file" : ""sv;
}

bool is_declared_library(std::string_view main, std::string_view path) noexcept {
  if (main.empty()) return false;
  const std::size_t slash = main.rfind('/') + 1;
  if (path.rfind('/') + 1 != slash || path.substr(0, slash) != main.substr(0, slash)) return false;
  const std::string_view wanted = main.substr(slash);
  const std::string_view name = path.substr(slash);
  const std::string_view bare = without_suffix(name);
  return name == wanted || bare == wanted || without_prefix(name) == wanted || without_prefix(bare) == wanted;
}

bool is_script(std::string_view bytes) noexcept {
  return bytes.starts_with("#!"sv);
}

bool lies_among_scripts(std::string_view path) noexcept {
  return path.starts_with("scripts/"sv) || path.find("/scripts/"sv) != std::string_view::npos;
}

}  // namespace cowork::content_scan
