#include "crash_guard.h"

#include <csignal>

#include "cowork/base/sha256.h"
#include "native_world.h"

using namespace cowork;
using test::NativeWorld;

namespace {

/// Loads it in a process of its own; true when that process died of it.
bool crashes(NativeWorld& world, const PackRecord& record) {
  const int status = test::in_child([&] { static_cast<void>(world.loader()->load(record, nullptr)); });
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

std::string disabled(const std::string& name) {
  return "the library of pack \"" + name + "\" is not loaded any more: the host died 2 times while it was";
}

}  // namespace

TEST_CASE("a pack that crashed the host twice while loading is not loaded any more, until it is forgiven") {
  NativeWorld world;
  const PackRecord& record = world.pack("x", test::fixture("aborts"));
  CHECK(crashes(world, record));
  CHECK(world.files.read("home/native-loads/x").ends_with(" 1"));
  CHECK(crashes(world, record));
  CHECK(world.files.read("home/native-loads/x").ends_with(" 2"));
  for (int time = 0; time < 2; ++time) {
    const Error error = world.refused(record);
    CHECK(error.code() == ErrorCode::conflict);
    CHECK(error.message() == disabled("x"));
    CHECK(error.why() == world.files.path("home/native-loads/x"));
    CHECK(error.remedy() == "install another version, or try again with: cowork pack enable x");
  }
  world.loader()->forgive("x");
  CHECK(world.files.tree("home").empty());
  CHECK(crashes(world, record));
}

TEST_CASE("another library of the same pack starts with a clean sheet") {
  NativeWorld world;
  const PackRecord& crashing = world.pack("x", test::fixture("aborts"));
  CHECK(crashes(world, crashing));
  CHECK(crashes(world, crashing));
  CHECK(world.refused(crashing).message() == disabled("x"));
  const auto pack = world.loaded(world.pack("x", test::fixture("good")));
  CHECK(world.files.tree("home").empty());
}

TEST_CASE("a pack that crashed once and then loaded is trusted as before") {
  NativeWorld world;
  const std::string library = test::fixture("good");
  const PackRecord& record = world.pack("x", library);
  world.files.write("home/native-loads/x", sha256_hex(library) + " 1");
  const auto pack = world.loaded(record);
  CHECK(world.files.tree("home").empty());
}

TEST_CASE("one pack's crashes are not another's") {
  NativeWorld world;
  const std::string library = test::fixture("good");
  world.files.write("home/native-loads/other", sha256_hex(library) + " 2");
  const auto pack = world.loaded(world.pack("x", library));
  CHECK(world.files.tree("home") == std::vector<std::string>{"native-loads/", "native-loads/other"});
}

TEST_CASE("marks that nobody wrote mean nothing") {
  const std::string library = test::fixture("good");
  for (const std::string& mark : {std::string(), std::string("2"), sha256_hex(library), sha256_hex(library) + " many",
                                  sha256_hex(library) + "2", std::string(100, 'a') + " 2"}) {
    NativeWorld world;
    const PackRecord& record = world.pack("x", library);
    world.files.write("home/native-loads/x", mark);
    CHECK(world.loader()->load(record, nullptr));
  }
}

TEST_CASE("while another process loads a pack, its mark is neither a crash nor taken away") {
  NativeWorld world;
  const std::string library = test::fixture("good");
  const PackRecord& record = world.pack("x", library);
  const auto disk = make_real_disk();
  auto other = loaders::CrashGuard::enter(disk, world.files.path("home"), "x", sha256_hex(library));
  REQUIRE(other);
  CHECK(world.loader()->load(record, nullptr));
  CHECK(world.files.read("home/native-loads/x") == sha256_hex(library) + " 1");
  other->reset();
  CHECK_FALSE(world.files.exists("home"));
}

TEST_CASE("a home that can't be written means no guard, not an error") {
  NativeWorld world;
  world.files.write("home/native-loads", "a file where the marks should be");
  CHECK(world.loader()->load(world.pack("x", test::fixture("plain")), nullptr));
  CHECK(world.files.read("home/native-loads") == "a file where the marks should be");
}

TEST_CASE("forgiving what was never loaded, or has no pack's name, does nothing") {
  NativeWorld world;
  world.files.write("home/other", "kept");
  world.loader()->forgive("x");
  world.loader()->forgive("../other");
  world.loader()->forgive("");
  CHECK(world.files.tree("home") == std::vector<std::string>{"other"});
}
