#include "pack_tag.h"

#include <fmt/format.h>

#include "cowork/base/text.h"
#include "cowork/native/pack_api.h"
#include "elf_image.h"

#define COWORK_TEXT_OF_INNER(token) #token
#define COWORK_TEXT_OF(token) COWORK_TEXT_OF_INNER(token)

namespace cowork::loaders {
namespace {

using Fault = std::optional<std::string>;

constexpr std::string_view prefix = "cowork_pack_api_";
constexpr std::size_t longest_tag = 64;
constexpr std::size_t no_section = SHN_UNDEF;
// The table of functions, and what a later version adds to it.
constexpr std::uint64_t largest_section = 4096;
const char* const no_tag = "it has no tag of a pack (COWORK_PACK was not used)";

struct Tag {
  std::string_view version;
  std::string_view abi;
};

Tag parts_of(std::string_view tag) {
  tag.remove_prefix(prefix.size());
  const std::size_t end = tag.find('_');
  if (end == std::string_view::npos) return {tag, {}};
  return {tag.substr(0, end), tag.substr(end + 1)};
}

std::string difference(std::string_view tag) {
  const Tag found = parts_of(tag);
  const Tag own = parts_of(own_pack_tag());
  if (found.version != own.version) {
    return fmt::format("it is built for version {} of the pack API, this host speaks version {}",
                       printable(found.version), own.version);
  }
  return fmt::format("it is built for the C ABI {}, this host's is {}", quoted(found.abi), quoted(own.abi));
}

Fault find_section(const ElfImage& image, std::size_t& found) {
  constexpr std::string_view name = COWORK_PACK_SECTION;
  for (std::size_t i = 1; i < image.sections().size(); ++i) {
    const ElfSection& section = image.sections()[i];
    if (section.sh_type == SHT_NOBITS || image.name_of(section, name.size()) != name) continue;
    if (found != no_section) return "it has more than one section of a pack";
    if (section.sh_size > largest_section) return "its section of a pack is too large";
    found = i;
  }
  return found == no_section ? Fault(no_tag) : Fault();
}

}  // namespace

const std::string& own_pack_tag() {
  static const std::string tag = COWORK_TEXT_OF(COWORK_PACK_TAG);
  return tag;
}

// Not by Boost.DLL's library_info, which finds the same: it copies every name as often as symbols share it.
Fault fault_of_tag(std::string_view bytes) {
  ElfImage image(bytes);
  if (Fault fault = image.read()) return fault;
  std::size_t section = no_section;
  if (Fault fault = find_section(image, section)) return fault;
  ElfSymbols symbols;
  if (Fault fault = image.read_symbols(symbols)) return fault;
  std::optional<std::string_view> found;
  for (const ElfSymbol& symbol : symbols.entries) {
    if (symbol.st_shndx != section || symbol.st_size == 0 || !is_offered(symbol)) continue;
    if (!image.has_prefix(symbols.names_offset, symbols.names_size, symbol.st_name, prefix)) continue;
    if (found) return "it has more than one tag of a pack";
    found = image.text(symbols.names_offset, symbols.names_size, symbol.st_name, longest_tag);
    if (!found) return "the name of its tag is too long";
  }
  if (!found) return no_tag;
  return *found == own_pack_tag() ? Fault() : difference(*found);
}

}  // namespace cowork::loaders
