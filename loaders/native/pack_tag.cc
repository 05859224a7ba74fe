#include "pack_tag.h"

#include <fmt/format.h>

#include <boost/dll/library_info.hpp>
#include <exception>
#include <string_view>
#include <vector>

#include "cowork/base/text.h"
#include "cowork/native/pack_api.h"

#define COWORK_TEXT_OF_INNER(token) #token
#define COWORK_TEXT_OF(token) COWORK_TEXT_OF_INNER(token)

namespace cowork::loaders {
namespace {

constexpr std::string_view prefix = "cowork_pack_api_";

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

}  // namespace

const std::string& own_pack_tag() {
  static const std::string tag = COWORK_TEXT_OF(COWORK_PACK_TAG);
  return tag;
}

std::optional<std::string> fault_of_tag(const std::string& path) {
  try {
    std::vector<std::string> tags = boost::dll::library_info(path).symbols(COWORK_PACK_SECTION);
    std::erase_if(tags, [](const std::string& symbol) { return !symbol.starts_with(prefix); });
    if (tags.empty()) return "it has no tag of a pack (COWORK_PACK was not used)";
    if (tags.size() > 1) return "it has more than one tag of a pack";
    if (tags.front() != own_pack_tag()) return difference(tags.front());
    return std::nullopt;
  } catch (const std::exception& exception) {
    return fmt::format("its symbols can't be read ({})", exception.what());
  }
}

}  // namespace cowork::loaders
