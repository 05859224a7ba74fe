// SPEC §6: machine files, which root alone may write, and files that the host writes itself.
#include "layer_world.h"

namespace cowork::admin_policy {
namespace {

using namespace test;

TEST_CASE("a machine file counts only when root alone could have written it") {
  const LayerWorld world;
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
  const LayerWorld world;
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
  const LayerWorld world;
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
  const LayerWorld world;
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
  const LayerWorld world;
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
  const LayerWorld world;
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

}  // namespace
}  // namespace cowork::admin_policy
