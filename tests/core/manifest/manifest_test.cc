#include "cowork/manifest/manifest.h"

#include <algorithm>

#include "support/catch.h"

namespace cowork {
namespace {

TEST_CASE("Types of packs and connectors are spelt as in manifests") {
  CHECK(to_string(PackType::pack) == "pack");
  CHECK(to_string(PackType::tool) == "tool");
  CHECK(to_string(PackType::channel) == "channel");
  CHECK(to_string(PackType::provider) == "provider");
  CHECK(to_string(PackType::integration) == "integration");
  CHECK(to_string(ConnectorType::http) == "http");
  CHECK(to_string(ConnectorType::shell) == "shell");
  CHECK(to_string(ConnectorType::script) == "script");
}

TEST_CASE("A path is inside a pack only when no step of it leads elsewhere") {
  for (const std::string_view path : {"a", "a/b", "a/b.so", "...", "a/..b", "..a", ".hidden", "a b", "c:x", "é/ü"}) {
    INFO(path);
    CHECK(is_path_inside_pack(path));
  }
  using namespace std::string_view_literals;
  for (const std::string_view path :
       {""sv, "/"sv, "/a"sv, "."sv, ".."sv, "./a"sv, "a/."sv, "a/./b"sv, "../a"sv, "a/.."sv, "a/../b"sv, "a//b"sv,
        "a/"sv, "a\\b"sv, "..\\a"sv, "a\0b"sv, "a/\0"sv}) {
    INFO(path);
    CHECK_FALSE(is_path_inside_pack(path));
  }
}

TEST_CASE("A skill is found by its id, byte for byte") {
  PackManifest manifest;
  manifest.skills.resize(2);
  manifest.skills[0].id = "water";
  manifest.skills[1].id = "prune";
  CHECK(manifest.find_skill("prune") == &manifest.skills[1]);
  CHECK(manifest.find_skill("Prune") == nullptr);
  CHECK(manifest.find_skill("") == nullptr);
}

TEST_CASE("Only connectors of type shell count as shell connectors") {
  PackManifest manifest;
  CHECK_FALSE(manifest.has_shell_connector());
  manifest.connectors.push_back({"a", "", ConnectorType::http});
  manifest.connectors.push_back({"b", "", ConnectorType::script});
  CHECK_FALSE(manifest.has_shell_connector());
  manifest.connectors.push_back({"c", "", ConnectorType::shell});
  CHECK(manifest.has_shell_connector());
}

TEST_CASE("Dropping the long text gives its memory back and keeps the rest") {
  PackManifest manifest;
  manifest.skills.resize(1);
  manifest.skills[0].id = "water";
  manifest.skills[0].prompt.assign(100'000, 'x');
  manifest.agent_roles.resize(1);
  manifest.agent_roles[0].name = "gardener";
  manifest.agent_roles[0].system_prompt.assign(100'000, 'x');
  manifest.drop_long_text();
  CHECK(manifest.skills[0].prompt.empty());
  CHECK(manifest.skills[0].prompt.capacity() < 100);
  CHECK(manifest.agent_roles[0].system_prompt.empty());
  CHECK(manifest.agent_roles[0].system_prompt.capacity() < 100);
  CHECK(manifest.skills[0].id == "water");
  CHECK(manifest.agent_roles[0].name == "gardener");
}

TEST_CASE("The host's platform is one that manifests can name") {
  const std::vector<std::string_view> known{"linux", "darwin", "win32"};
  CHECK(std::count(known.begin(), known.end(), host_platform()) == 1);
}

}  // namespace
}  // namespace cowork
