// What only the real file system can show.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "beneath.h"
#include "disk_worlds.h"
#include "support/catch.h"

using cowork::testing::make_world;
using cowork::testing::said;
using cowork::testing::WorldKind;

namespace {
constexpr std::size_t plenty = 1 << 20;

long open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
}
}  // namespace

TEST_CASE("devices and sockets are refused", "[ports]") {
  const auto devices = cowork::make_real_disk()->open("/dev").value();
  for (const std::string name : {"null", "zero"}) {
    CHECK(said(devices->read(name, plenty)) == "invalid-argument: \"/dev/" + name + "\" is no regular file");
  }
  const auto world = make_world(WorldKind::real);
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, world->at("socket").c_str(), sizeof address.sun_path - 1);
  REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  CHECK(said(world->top()->read("socket", plenty)) ==
        "invalid-argument: " + world->named("socket") + " is no regular file");
  ::close(listener);
}

TEST_CASE("a FIFO with a writer is refused as well", "[ports]") {
  const auto world = make_world(WorldKind::real);
  world->plant_fifo("fifo");
  const int end = ::open(world->at("fifo").c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(end >= 0);
  CHECK(said(world->top()->append("fifo", "x", 0644)) ==
        "invalid-argument: " + world->named("fifo") + " is no regular file");
  ::close(end);
}

TEST_CASE("a file of no stated size is read to its end", "[ports]") {
  const auto process = cowork::make_real_disk()->open("/proc/self").value();
  CHECK(process->read("status", plenty).value().starts_with("Name:"));
  CHECK(said(process->read("status", 16)).ends_with("/status\" is larger than 16 bytes"));
}

TEST_CASE("magic links are links", "[ports]") {
  const auto process = cowork::make_real_disk()->open("/proc/self").value();
  CHECK(said(process->read("root/etc/passwd", plenty)).ends_with("/root\" is a link; links are not followed here"));
}

TEST_CASE("no descriptor leaks and none survives exec", "[ports]") {
  const auto world = make_world(GENERATE(WorldKind::real, WorldKind::real_by_component));
  const long before = open_descriptors();
  {
    const auto top = world->top();
    REQUIRE(top->make_directory("a", 0755));
    REQUIRE(top->write_new("a/file", "x", 0644));
    const auto lock = top->lock("lock", {}).value();
    const auto a = top->directory("a").value();
    for (int i = 0; i < 50; ++i) {
      REQUIRE(top->replace("a/file", "y", 0644));
      CHECK_FALSE(top->read("absent/file", plenty));
      CHECK_FALSE(top->replace("a", "y", 0644));
      REQUIRE(a->entries());
    }
    CHECK(open_descriptors() == before + 3);
    int inherited = 0;
    for (int descriptor = 3; descriptor < 64; ++descriptor) {
      const int flags = ::fcntl(descriptor, F_GETFD);
      const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
      std::error_code code;
      const std::string target = std::filesystem::read_symlink(link, code).string();
      if (flags >= 0 && (flags & FD_CLOEXEC) == 0 && target.starts_with(world->root())) ++inherited;
    }
    CHECK(inherited == 0);
    REQUIRE(top->remove("a"));
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a mode that shuts its maker out is honoured", "[ports]") {
  const auto world = make_world(WorldKind::real);
  CHECK(world->top()->make_directory("closed", 0));
  CHECK(world->top()->status("closed").value().mode == 0);
  world->set_status("closed", ::geteuid(), 0700);  // so that it can be removed
}

TEST_CASE("a path may be as long as the kernel allows", "[ports]") {
  const auto world = make_world(GENERATE(WorldKind::real, WorldKind::real_by_component));
  CHECK(said(world->top()->read(std::string(255, 'n'), plenty)).ends_with("No such file or directory"));
  std::string longest = "n";
  while (longest.size() < 4095) longest += "/n";
  CHECK(said(world->top()->read(longest + "n", plenty)).starts_with("invalid-argument"));
}
