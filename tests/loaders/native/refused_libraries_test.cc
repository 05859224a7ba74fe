#include <sys/stat.h>

#include "cowork/loaders/pack_tree.h"
#include "cowork/ports/memory_disk.h"
#include "native_world.h"

using namespace cowork;
using test::fixture;
using test::NativeWorld;

namespace {

const char* const remedy = "build the pack again, with this host's headers";

std::string no_library(const std::string& what) {
  return "\"lib/x\" is no library of a pack for this host: " + what;
}

std::string no_file(const std::string& what) {
  return "\"lib/libx.so\" is no library of a pack for this host: " + what;
}

}  // namespace

TEST_CASE("a library that is none of a pack for this host is refused before any of its code has run") {
  const std::string host_abi = sizeof(void*) == 8 ? "lp64_le" : "ilp32_le";
  const std::string search_path =
      "it brings a search path for libraries (RPATH or RUNPATH), but what is loaded must be what was checked";
  const std::string auditor = "it asks the dynamic linker for an auditor or a filter";
  const struct {
    const char* fixture;
    std::string message;
  } cases[] = {
      {"no-tag", no_library("it has no tag of a pack (COWORK_PACK was not used)")},
      {"other-version", no_library("it is built for version 2 of the pack API, this host speaks version 1")},
      {"other-abi", no_library("it is built for the C ABI \"other_le\", this host's is \"" + host_abi + "\"")},
      {"two-tags", no_library("it has more than one tag of a pack")},
      {"small-table", no_library("its tag is not among what it exports")},
      {"runpath", no_file(search_path)},
      {"rpath", no_file(search_path)},
      {"audit", no_file(auditor)},
      {"depaudit", no_file(auditor)},
      {"auxiliary", no_file(auditor)},
      {"filter", no_file(auditor)},
      {"executable-stack", no_file("it asks for an executable stack")},
  };
  for (const auto& each : cases) {
    INFO(each.fixture);
    NativeWorld world;
    const Error error = world.refused(world.pack("x", fixture(each.fixture)));
    CHECK(error.code() == ErrorCode::invalid_manifest);
    CHECK(error.message() == each.message);
    CHECK(error.why() == world.files.path("tier/x/lib/libx.so"));
    CHECK(error.remedy() == (each.message.find("lib/libx.so") == std::string::npos ? remedy : ""));
    CHECK_FALSE(world.code_ran());
    CHECK_FALSE(world.files.exists("home"));
  }
}

TEST_CASE("the canary sings when a library's code runs") {
  NativeWorld world;
  world.loaded(world.pack("canary", fixture("good")));
  CHECK(world.files.read("canary") == "sung\n");
}

TEST_CASE("a dependency named by its path is refused, also where the linker would make a path of it") {
  const std::string library = fixture("needs-library");
  for (const char first : {'/', '$'}) {
    NativeWorld world;
    std::string changed = library;
    const std::string name = "libnative_fixture_needed.so";
    for (std::size_t at = changed.find(name); at != std::string::npos; at = changed.find(name, at + 1)) {
      changed[at] = first;
    }
    REQUIRE(changed != library);
    const Error error = world.refused(world.pack("x", changed));
    CHECK(error.code() == ErrorCode::invalid_manifest);
    CHECK(error.message() == no_file("it needs \"" + std::string(1, first) +
                                     "ibnative_fixture_needed.so\" by its path, but what is loaded must be what was "
                                     "checked"));
    CHECK_FALSE(world.code_ran());
  }
}

TEST_CASE("a library beside the pack's own is not found, and the dynamic linker's words are passed on") {
  NativeWorld world;
  const PackRecord& record = world.pack("x", fixture("needs-library"));
  world.files.write("tier/x/lib/libnative_fixture_needed.so",
                    test::file_bytes(COWORK_FIXTURES "/libnative_fixture_needed.so"));
  const Error error = world.refused(record);
  CHECK(error.code() == ErrorCode::invalid_manifest);
  CHECK(error.message() ==
        "the library of the pack can't be loaded: libnative_fixture_needed.so: cannot open shared object file: No such "
        "file or directory");
  CHECK_FALSE(world.code_ran());
}

TEST_CASE("what the dynamic linker refuses names the library by its path in the pack") {
  NativeWorld world;
  const Error error = world.refused(world.pack("x", fixture("missing-symbol")));
  CHECK(error.code() == ErrorCode::invalid_manifest);
  CHECK(error.message() == "the library of the pack can't be loaded: " + world.files.path("tier/x/lib/libx.so") +
                               ": undefined symbol: fixture_that_is_nowhere");
  CHECK_FALSE(world.code_ran());
  CHECK_FALSE(world.files.exists("home"));
}

TEST_CASE("a table that is not whole is refused, each time") {
  for (const char* name : {"short-table", "other-version-inside"}) {
    NativeWorld world;
    const PackRecord& record = world.pack("x", fixture(name));
    for (int time = 0; time < 2; ++time) {
      const Error error = world.refused(record);
      CHECK(error.code() == ErrorCode::invalid_manifest);
      CHECK(error.message() == "the library of the pack can't be loaded: its table of functions is not whole");
    }
  }
}

TEST_CASE("a start that fails is an error with the pack's own words") {
  const struct {
    const char* fixture;
    const char* message;
  } cases[] = {
      {"start-throws", "pack \"x\" did not start: thrown across the border"},
      {"start-fails", "pack \"x\" did not start: the licence has run out"},
      {"describe-fails", "pack \"x\" can't say what it brings: it does not say why"},
      {"describes-nonsense", "what pack \"x\" says of itself is not JSON: expected a key in quotation marks or '}'"},
      {"unnamed-tool", "what pack \"x\" says of itself is wrong: a tool needs a name of a-z, 0-9, '-' and '_'"},
      {"tool-twice", "what pack \"x\" says of itself is wrong: tools has \"a\" twice"},
      {"no-tool-function", "pack \"x\" names tools, but no function for them"},
  };
  for (const auto& each : cases) {
    INFO(each.fixture);
    NativeWorld world;
    const Error error = world.refused(world.pack("x", fixture(each.fixture)));
    CHECK(error.code() == ErrorCode::internal);
    CHECK(error.message() == each.message);
    CHECK_FALSE(world.files.exists("home"));
  }
}

TEST_CASE("what was exchanged since the pack was found is an integrity error") {
  NativeWorld world;
  const PackRecord& record = world.pack("x", fixture("good"));
  world.pack("x", fixture("good"), R"(, "keywords": ["other"])");
  const Error error = world.refused(record);
  CHECK(error.code() == ErrorCode::integrity);
  CHECK(error.message() == "the manifest of pack \"x\" has changed");
  CHECK_FALSE(world.code_ran());
}

TEST_CASE("a library that is not the one that was installed is an integrity error") {
  NativeWorld world;
  const PackRecord& record = world.pack("x", fixture("good"));
  const auto directory = make_real_disk()->open(record.path());
  LockRecord lock_record;
  lock_record.tree_sha256 = loaders::tree_sha256(**directory, {}).value();
  CHECK(world.loader()->load(record, &lock_record));

  const Error error = world.refused(world.pack("x", fixture("plain")), &lock_record);
  CHECK(error.code() == ErrorCode::integrity);
  CHECK(error.message() == "the tree of pack \"x\" has changed");
  CHECK(error.remedy() == "cowork pack verify x");
}

TEST_CASE("what is missing, linked or no file is refused") {
  NativeWorld world;
  const PackRecord& record = world.pack("x", fixture("good"));
  std::filesystem::remove(world.files.path("tier/x/lib/libx.so"));
  CHECK(world.refused(record).code() == ErrorCode::invalid_manifest);

  world.files.write("elsewhere.so", fixture("good"));
  world.files.link("tier/x/lib/libx.so", world.files.path("elsewhere.so"));
  CHECK(world.refused(record).code() == ErrorCode::invalid_manifest);

  std::filesystem::remove(world.files.path("tier/x/lib/libx.so"));
  REQUIRE(::mkfifo(world.files.path("tier/x/lib/libx.so").c_str(), 0600) == 0);
  CHECK(world.refused(record).code() == ErrorCode::invalid_manifest);

  std::filesystem::remove_all(world.files.path("tier/x"));
  CHECK(world.refused(record).code() == ErrorCode::not_found);
  CHECK_FALSE(world.code_ran());
}

TEST_CASE("a library that is put back before the tree is hashed is an integrity error all the same") {
  NativeWorld world;
  const PackRecord& record = world.pack("x", fixture("plain"));
  const auto directory = make_real_disk()->open(record.path());
  LockRecord lock_record;
  lock_record.tree_sha256 = loaders::tree_sha256(**directory, {}).value();
  const auto memory = std::make_shared<MemoryDisk>();
  const std::string library = record.path() + "/lib/libx.so";
  memory->plant_file(record.path() + "/cowork.plugin.json", world.files.read("tier/x/cowork.plugin.json"), 0644);
  memory->plant_file(library, fixture("good"), 0644);
  int reads = 0;
  memory->set_fault([&](std::string_view operation, std::string_view path) -> std::optional<int> {
    if (operation == "read" && path == library) {
      ++reads;
    } else if (reads == 1) {
      memory->plant_file(library, fixture("plain"), 0644);
    }
    return std::nullopt;
  });
  const auto loader = loaders::make_native_loader({memory, world.log, world.files.path("home"), "1", {}});
  const auto refused = loader->load(record, &lock_record);
  CHECK(reads == 1);  // what was hashed is what would have been loaded
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::integrity);
  CHECK_FALSE(world.code_ran());
}
