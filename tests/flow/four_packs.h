// A small world: a pack in each tier, two of them in directories of another name.
#pragma once

#include "support/command_line.h"

namespace cowork::test {

/// builtin `alpha-pack` in alpha/ and `beta` in beta/, organization `gamma-pack` in gamma/, user `mine` in mine-here/
/// (copied there by hand). Each has one skill, `<name>-s`.
class FourPacks : public CommandLine {
 public:
  FourPacks() {
    mini_pack("builtin/alpha", "alpha-pack", R"({"connectors": [
      {"name": "crm", "description": "d", "inputSchema": {}, "type": "http", "http": {"url": "https://crm.example"}},
      {"name": "wiki", "description": "d", "inputSchema": {}, "type": "http", "http": {"url": "https://wiki.example"}}
    ], "slashCommands": [{"name": "alpha", "description": "d", "skillId": "alpha-pack-s"}]})");
    mini_pack("builtin/beta", "beta");
    mini_pack("home/org-plugins/gamma", "gamma-pack");
    mini_pack("home/extensions/mine-here", "mine");
  }

  static std::vector<std::string> names() { return {"alpha-pack", "beta", "gamma-pack", "mine"}; }

  /// Ids of the skills that active packs contribute.
  std::vector<std::string> contributed_skills() const {
    return each(at(call("pluginPack:getContext").document, "/skills"), "id");
  }

  /// Asks both operations that show packs; they must agree.
  json::Value shown(std::string_view name) const {
    const json::Value listed = entry_with(call("pluginPack:list").document, "name", name);
    const json::Value got = call("pluginPack:get", "[\"" + std::string(name) + "\"]").document;
    CHECK(listed == got);
    CHECK(pack(name) == got);
    return got;
  }
};

}  // namespace cowork::test
