// SPEC §6, "States of a layer": what the files on the disk make of a layer.
#include "layer_file.h"

#include "cowork/ports/manual_clock.h"
#include "cowork/ports/memory_disk.h"
#include "policies.h"

namespace cowork::admin_policy {
namespace {

constexpr const char* home_file = "/home/u/.cowork/policies.json";
constexpr const char* copy_file = "/home/u/.cowork/policies.json.last-good";
constexpr const char* machine_path = "/etc/cowork/policies.json";
constexpr const char* good = R"({"packs":{"blocked":["good"]}})";
constexpr const char* better = R"({"packs":{"blocked":["better"]}})";

class World {
 public:
  World() {
    disk->plant_file("/home/u/.cowork/other", "");
    disk->plant_file("/etc/cowork/other", "");
  }

  LayerFile user() const { return started(LayerKind::user, home_file); }
  LayerFile machine() const { return started(LayerKind::machine, machine_path); }
  std::optional<std::string> text(std::string_view directory, std::string_view name) const {
    const auto opened = disk->open(directory);
    if (!opened) return std::nullopt;
    auto bytes = (*opened)->read(name, 1 << 20);
    return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
  }
  std::optional<std::string> copy() const { return text("/home/u/.cowork", "policies.json.last-good"); }
  void remove(std::string_view directory, std::string_view name) const {
    REQUIRE((*disk->open(directory))->remove(name));
  }
  std::uint32_t mode(std::string_view directory, std::string_view name) const {
    return (*disk->open(directory))->status(name)->mode;
  }

  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();

 private:
  LayerFile started(LayerKind kind, const std::string& path) const {
    LayerFile file(disk, clock, kind, path);
    file.refresh();
    return file;
  }
};

/// "valid good", "last-good good", "broken", "absent".
std::string told(const LayerFile& file) {
  std::string text(to_string(file.layer()->state()));
  if (const PolicyDocument* document = file.layer()->document())
    for (const auto& entry : document->list(List::blocked).entries) text += ' ' + entry.value;
  return text;
}

std::string fault(const LayerFile& file) {
  return file.layer()->errors().empty() ? "" : file.layer()->errors().front().message();
}

TEST_CASE("no file, no home: absent, and nothing comes into being") {
  const World world;
  CHECK(told(world.user()) == "absent");
  LayerFile elsewhere(world.disk, world.clock, LayerKind::user, "/nowhere/.cowork/policies.json");
  elsewhere.refresh();
  CHECK(told(elsewhere) == "absent");
  CHECK_FALSE(world.copy());
  CHECK_FALSE(world.disk->open("/nowhere"));
}

TEST_CASE("a valid file is in force, and kept beside it for its owner only") {
  const World world;
  world.disk->plant_file(home_file, good);
  CHECK(told(world.user()) == "valid good");
  CHECK(world.copy() == good);
  CHECK(world.mode("/home/u/.cowork", "policies.json.last-good") == 0600);
}

TEST_CASE("a copy that is equal already is not written again") {
  const World world;
  world.disk->plant_file(home_file, good);
  world.user();
  const std::uint64_t steps = world.disk->steps();
  CHECK(told(world.user()) == "valid good");
  CHECK(world.disk->steps() == steps);
}

TEST_CASE("an edit is taken in, an unchanged file is not read again") {
  const World world;
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
  const World world;
  world.disk->plant_file(home_file, good);
  LayerFile file = world.user();
  const auto first = file.layer();
  world.disk->plant_file(home_file, good);
  CHECK_FALSE(file.refresh());
  CHECK(file.layer() == first);
}

TEST_CASE("what can't be used leaves the last good content in force, in this process and the next") {
  const World world;
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
  const World world;
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
  const World world;
  world.disk->plant_file(home_file, "{");
  world.disk->plant_file(copy_file, R"({"packs":[]})");
  CHECK(told(world.user()) == "broken");
  world.remove("/home/u/.cowork", "policies.json.last-good");
  world.disk->plant_link(copy_file, "/etc/cowork/policies.json");
  world.disk->plant_file(machine_path, good);
  CHECK(told(world.user()) == "broken");
}

TEST_CASE("on a read-only home a valid file is in force, and its content stays in memory") {
  const World world;
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

TEST_CASE("memory is newer than a copy that could not be replaced") {
  const World world;
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
  const World world;
  world.disk->plant_file(home_file, good);
  LayerFile file = world.user();
  world.disk->plant_file(home_file, better);
  world.user();  // another process reads it and keeps a copy
  world.disk->plant_file(home_file, "{");
  file.refresh();
  CHECK(told(file) == "last-good better");
}

TEST_CASE("out of descriptors for a moment: last good, then valid again with nothing changed on the disk") {
  const World world;
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
  const World world;
  world.disk->set_fault([](std::string_view, std::string_view) -> std::optional<int> { return EACCES; });
  CHECK(told(world.user()) == "broken");
}

TEST_CASE("a policy beyond the bounds of its kind is refused") {
  const World world;
  world.disk->plant_file(home_file, std::string((16U << 20) + 1, ' '));
  CHECK(told(world.user()) == "broken");
}

TEST_CASE("a machine file counts only when root alone could have written it") {
  const World world;
  CHECK(told(world.machine()) == "absent");
  world.disk->plant_file(machine_path, good);
  CHECK(told(world.machine()) == "valid good");
  CHECK_FALSE(world.text("/etc/cowork", "policies.json.last-good"));
  const std::vector<std::tuple<const char*, std::uint32_t, std::uint32_t, const char*>> rows{
      {machine_path, 1000, 0644,
       "the machine policy is not root's alone to write: \"/etc/cowork/policies.json\" belongs to user 1000, not to "
       "root"},
      {machine_path, 0, 0664,
       "the machine policy is not root's alone to write: \"/etc/cowork/policies.json\" is writable by others than root "
       "(mode 0664)"},
      {"/etc/cowork", 1000, 0755,
       "the machine policy is not root's alone to write: \"/etc/cowork\" belongs to user 1000, not to root"},
      {"/etc", 0, 0777,
       "the machine policy is not root's alone to write: \"/etc\" is writable by others than root (mode 0777)"},
  };
  for (const auto& [path, owner, mode, message] : rows) {
    CAPTURE(path, owner, mode);
    LayerFile before = world.machine();
    world.disk->set_status(path, owner, mode);
    CHECK(told(world.machine()) == "broken");
    CHECK(fault(world.machine()) == message);
    CHECK(before.refresh());
    CHECK(told(before) == "last-good good");
    world.disk->set_status(path, 0, std::string_view(path) == machine_path ? 0644 : 0755);
    CHECK(told(world.machine()) == "valid good");
  }
}

TEST_CASE("a machine file that is a link, empty or invalid is broken") {
  const World world;
  world.disk->plant_file("/elsewhere/real.json", good);
  world.disk->plant_link(machine_path, "/elsewhere/real.json");
  CHECK(fault(world.machine()) ==
        "the machine policy is not root's alone to write: \"/etc/cowork/policies.json\" is a link");
  CHECK(told(world.machine()) == "broken");
  world.remove("/etc/cowork", "policies.json");
  for (const char* text : {"", "{", "null"}) {
    CAPTURE(text);
    world.disk->plant_file(machine_path, text);
    CHECK(told(world.machine()) == "broken");
  }
}

TEST_CASE("a machine file that vanishes from a directory of others is no absent policy") {
  const World world;
  world.disk->plant_file(machine_path, good);
  LayerFile file = world.machine();
  world.remove("/etc/cowork", "policies.json");
  world.disk->set_status("/etc/cowork", 0, 0777);
  file.refresh();
  CHECK(told(file) == "last-good good");
  world.disk->set_status("/etc/cowork", 0, 0755);
  file.refresh();
  CHECK(told(file) == "absent");
}

TEST_CASE("write: durable, for the owner only, and kept as last good") {
  const World world;
  LayerFile file = world.user();
  REQUIRE(file.write(good, "absent"));
  CHECK(told(file) == "valid good");
  CHECK(world.mode("/home/u/.cowork", "policies.json") == 0600);
  CHECK(world.copy() == good);
  REQUIRE(file.write(better, file.layer()->revision()));
  CHECK(world.copy() == better);
}

TEST_CASE("write: makes the home, and the machine's directory for everybody to read") {
  const auto disk = std::make_shared<MemoryDisk>();
  const auto clock = std::make_shared<ManualClock>();
  LayerFile user(disk, clock, LayerKind::user, "/home/new/.cowork/policies.json");
  REQUIRE(user.write(good, "absent"));
  disk->plant_file("/etc/other", "");
  LayerFile machine(disk, clock, LayerKind::machine, machine_path);
  REQUIRE(machine.write(good, "absent"));
  CHECK((*disk->open("/etc"))->status("cowork")->mode == 0755);
  CHECK((*disk->open("/etc/cowork"))->status("policies.json")->mode == 0644);
  CHECK(told(machine) == "valid good");
}

TEST_CASE("write: a file that changed meanwhile is a conflict, and stays as it is") {
  const World world;
  world.disk->plant_file(home_file, good);
  LayerFile file = world.user();
  const std::string revision = file.layer()->revision();
  world.disk->plant_file(home_file, "{} ");
  const auto written = file.write(better, revision);
  REQUIRE_FALSE(written);
  CHECK(written.error().code() == ErrorCode::conflict);
  CHECK(written.error().message() == "the user policy changed while it was being updated");
  CHECK(world.text("/home/u/.cowork", "policies.json") == "{} ");
}

TEST_CASE("write: a link of that name, a failing disk, a directory of others are refused") {
  const World world;
  world.disk->plant_link(home_file, "/etc/passwd");
  LayerFile linked = world.user();
  const auto through_link = linked.write(good, "unreadable");
  REQUIRE_FALSE(through_link);
  CHECK(through_link.error().code() == ErrorCode::invalid_argument);

  world.disk->set_status("/etc/cowork", 1000, 0755);
  LayerFile machine = world.machine();
  const auto untrusted = machine.write(good, "absent");
  REQUIRE_FALSE(untrusted);
  CHECK(untrusted.error().message() == "the machine policy can't be written to \"/etc/cowork\"");

  world.remove("/home/u/.cowork", "policies.json");
  world.disk->plant_file(home_file, good);
  LayerFile file = world.user();
  world.disk->set_fault([](std::string_view operation, std::string_view path) -> std::optional<int> {
    if (operation == "replace" && path == home_file) return ENOSPC;
    return std::nullopt;
  });
  const auto full = file.write(better, file.layer()->revision());
  REQUIRE_FALSE(full);
  CHECK(full.error().code() == ErrorCode::io);
  CHECK(world.text("/home/u/.cowork", "policies.json") == good);
  CHECK(told(file) == "valid good");
}

/// What an independent reading of the bytes gives: the ids that are blocked, or what was last good.
std::string expected(const std::string& bytes, const char* otherwise) {
  const auto parsed = parse_policy(bytes, "x");
  if (!parsed) return std::string("last-good ") + otherwise;
  std::string text = "valid";
  for (const auto& entry : parsed->list(List::blocked).entries) text += ' ' + entry.value;
  return text;
}

TEST_CASE("truncated at every byte the last good content stays in force") {
  const World world;
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
  const World world;
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
