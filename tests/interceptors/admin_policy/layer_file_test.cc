// SPEC §6, "States of a layer": what the user's files on the disk make of a layer.
#include "layer_world.h"

namespace cowork::admin_policy {
namespace {

using namespace test;

TEST_CASE("no file, no home: absent, and nothing comes into being") {
  const LayerWorld world;
  CHECK(told(world.user()) == "absent");
  LayerFile elsewhere(world.disk, world.clock, LayerKind::user, "/nowhere/.cowork/policies.json");
  elsewhere.refresh();
  CHECK(told(elsewhere) == "absent");
  CHECK_FALSE(world.copy());
  CHECK_FALSE(world.disk->open("/nowhere"));
}

TEST_CASE("a valid file is in force, and kept beside it for its owner only") {
  const LayerWorld world;
  world.disk->plant_file(home_file, good);
  CHECK(told(world.user()) == "valid good");
  CHECK(world.copy() == good);
  CHECK(world.mode("/home/u/.cowork", "policies.json.last-good") == 0600);
}

TEST_CASE("a copy that is equal already is not written again") {
  const LayerWorld world;
  world.disk->plant_file(home_file, good);
  world.user();
  const std::uint64_t steps = world.disk->steps();
  CHECK(told(world.user()) == "valid good");
  CHECK(world.disk->steps() == steps);
}

TEST_CASE("an edit is taken in, an unchanged file is not read again") {
  const LayerWorld world;
  world.disk->plant_file(home_file, good);
  LayerFile file = world.user();
  const auto first = file.layer();
  CHECK_FALSE(file.refresh());
  CHECK(file.layer() == first);
  world.disk->plant_file(home_file, better);
  CHECK(file.refresh());
  CHECK(told(file) == "valid better");
  world.remove("/home/u/.cowork", "policies.json");
  CHECK(file.refresh());
  CHECK(told(file) == "absent");
}

TEST_CASE("the same bytes written anew are the same layer") {
  const LayerWorld world;
  world.disk->plant_file(home_file, good);
  LayerFile file = world.user();
  const auto first = file.layer();
  world.disk->plant_file(home_file, good);
  CHECK_FALSE(file.refresh());
  CHECK(file.layer() == first);
}

TEST_CASE("what can't be used leaves the last good content in force, in this process and the next") {
  const LayerWorld world;
  const auto spoil = [&](int way) {
    world.remove("/home/u/.cowork", "policies.json");
    if (way == 0) world.disk->plant_file(home_file, "{");
    if (way == 1) world.disk->plant_file(home_file, "");
    if (way == 2) world.disk->plant_link(home_file, "/home/u/.cowork/policies.json.last-good");
    if (way == 3) world.disk->plant_other(home_file);
    if (way == 4) world.disk->plant_file(std::string(home_file) + "/a-directory", "");
    if (way == 5) world.disk->plant_file(home_file, R"({"packs":{"blocked":"good"}})");
  };
  for (int way = 0; way < 6; ++way) {
    CAPTURE(way);
    world.disk->plant_file(home_file, good);
    LayerFile file = world.user();
    REQUIRE(told(file) == "valid good");
    spoil(way);
    CHECK(file.refresh());
    CHECK(told(file) == "last-good good");
    CHECK_FALSE(fault(file).empty());
    CHECK(told(world.user()) == "last-good good");
    world.remove("/home/u/.cowork", "policies.json");
    CHECK(file.refresh());
    CHECK(told(file) == "absent");
    CHECK(told(world.user()) == "absent");  // although there is a copy
  }
}

TEST_CASE("without a last good the layer is broken, and stays so until the file is repaired") {
  const LayerWorld world;
  world.disk->plant_file(home_file, "{");
  LayerFile file = world.user();
  CHECK(told(file) == "broken");
  CHECK(file.layer()->revision().size() == 16);
  CHECK_FALSE(world.copy());
  world.disk->plant_file(home_file, good);
  CHECK(file.refresh());
  CHECK(told(file) == "valid good");
}

TEST_CASE("a copy that is no policy is no last good") {
  const LayerWorld world;
  world.disk->plant_file(home_file, "{");
  world.disk->plant_file(copy_file, R"({"packs":[]})");
  CHECK(told(world.user()) == "broken");
  world.remove("/home/u/.cowork", "policies.json.last-good");
  world.disk->plant_link(copy_file, "/etc/cowork/policies.json");
  world.disk->plant_file(machine_path, good);
  CHECK(told(world.user()) == "broken");
}

TEST_CASE("on a read-only home a valid file is in force, and its content stays in memory") {
  const LayerWorld world;
  world.disk->plant_file(home_file, good);
  world.disk->set_fault([](std::string_view operation, std::string_view) -> std::optional<int> {
    if (operation == "replace") return EROFS;
    return std::nullopt;
  });
  LayerFile file = world.user();
  CHECK(told(file) == "valid good");
  CHECK_FALSE(world.copy());
  world.disk->plant_file(home_file, "{");
  CHECK(file.refresh());
  CHECK(told(file) == "last-good good");
}

TEST_CASE("what another process made of the copy is seen; one of another size is not read") {
  const LayerWorld world;
  world.disk->plant_file(home_file, good);
  LayerFile file = world.user();
  const auto put = [&](const char* text) {
    world.disk->plant_file(home_file, text);
    CHECK(file.refresh());
    CHECK(world.copy() == text);
  };
  world.disk->plant_file(copy_file, better);
  put(better);
  put(good);
  world.remove("/home/u/.cowork", "policies.json.last-good");
  put(better);
  int readings = 0;
  world.disk->set_fault([&](std::string_view operation, std::string_view path) -> std::optional<int> {
    if (operation == "read" && path == copy_file) ++readings;
    return std::nullopt;
  });
  world.disk->plant_file(home_file, good);
  CHECK(file.refresh());
  CHECK(readings == 0);
  CHECK(world.copy() == good);
  CHECK(readings == 1);  // by this test
}

TEST_CASE("memory is newer than a copy that could not be replaced") {
  const LayerWorld world;
  world.disk->plant_file(home_file, good);
  LayerFile file = world.user();
  world.disk->set_fault([](std::string_view operation, std::string_view) -> std::optional<int> {
    if (operation == "replace") return EROFS;
    return std::nullopt;
  });
  world.disk->plant_file(home_file, better);
  file.refresh();
  world.disk->plant_file(home_file, "{");
  file.refresh();
  CHECK(told(file) == "last-good better");
}

TEST_CASE("a copy that another process wrote is newer than what this one saw") {
  const LayerWorld world;
  world.disk->plant_file(home_file, good);
  LayerFile file = world.user();
  world.disk->plant_file(home_file, better);
  world.user();  // another process reads it and keeps a copy
  world.disk->plant_file(home_file, "{");
  file.refresh();
  CHECK(told(file) == "last-good better");
}

TEST_CASE("out of descriptors for a moment: last good, then valid again with nothing changed on the disk") {
  const LayerWorld world;
  world.disk->plant_file(home_file, good);
  LayerFile file = world.user();
  world.disk->set_fault([](std::string_view, std::string_view) -> std::optional<int> { return EMFILE; });
  CHECK(file.refresh());
  CHECK(told(file) == "last-good good");
  world.disk->set_fault({});
  CHECK(file.refresh());
  CHECK(told(file) == "valid good");
}

TEST_CASE("a home that can't be looked into is no absent policy") {
  const LayerWorld world;
  world.disk->set_fault([](std::string_view, std::string_view) -> std::optional<int> { return EACCES; });
  CHECK(told(world.user()) == "broken");
}

TEST_CASE("a policy beyond the bounds of its kind is refused") {
  const LayerWorld world;
  world.disk->plant_file(home_file, std::string((16U << 20) + 1, ' '));
  CHECK(told(world.user()) == "broken");
}

TEST_CASE("a file that can't be looked at again after it was read says why") {
  const LayerWorld world;
  world.disk->plant_file(home_file, good);
  bool has_read = false;
  world.disk->set_fault([&](std::string_view operation, std::string_view path) -> std::optional<int> {
    const bool again = std::exchange(has_read, operation == "read" && path == home_file);
    return again ? std::optional(EMFILE) : std::nullopt;
  });
  const LayerFile file = world.user();
  CHECK(told(file) == "broken");
  CHECK(fault(file) == "cannot open \"/home/u/.cowork\": Too many open files");
}

/// What an independent reading of the bytes gives: the ids that are blocked, or what was last good.
std::string expected(const std::string& bytes, const char* otherwise) {
  const auto parsed = parse_policy(bytes, "x");
  if (!parsed) return std::string("last-good ") + otherwise;
  std::string text = "valid";
  for (const auto& entry : parsed->list(List::blocked).entries) text += ' ' + std::string(entry.value);
  return text;
}

TEST_CASE("truncated at every byte the last good content stays in force") {
  const LayerWorld world;
  const std::string whole =
      "{\"version\": 1, \"packs\": {\"blocked\": [\"b\"], \"allowed\": []},\n \"general\": {\"orgName\": "
      "\"\xC3\x84\"}}";
  world.disk->plant_file(home_file, good);
  LayerFile file = world.user();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    world.disk->plant_file(home_file, whole.substr(0, size));
    file.refresh();
    CHECK(told(file) == "last-good good");
    CHECK(world.copy() == good);
  }
  world.disk->plant_file(home_file, whole);
  file.refresh();
  CHECK(told(file) == "valid b");
}

TEST_CASE("with any single bit flipped the bytes mean what they say, or the last good content stays") {
  const LayerWorld world;
  const std::string whole = R"({"packs":{"blocked":["b"]},"agents":{"maxConcurrentAgents":10}})";
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    CAPTURE(bit);
    world.disk->plant_file(home_file, good);
    LayerFile file = world.user();
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    world.disk->plant_file(home_file, flipped);
    file.refresh();
    CHECK(told(file) == expected(flipped, "good"));
    refused += file.layer()->state() == LayerState::last_good ? 1U : 0U;
  }
  CHECK(refused > whole.size() * 7);
}

}  // namespace
}  // namespace cowork::admin_policy
