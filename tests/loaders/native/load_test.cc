#include "cowork/ports/memory_disk.h"
#include "native_world.h"

using namespace cowork;
using test::NativeWorld;

namespace {

std::vector<std::string> names(const NativePack& pack) {
  std::vector<std::string> found;
  for (const NativeTool& tool : pack.tools()) found.push_back(tool.name);
  return found;
}

json::Value about(NativePack& pack) {
  auto answer = pack.call("about", json::Value::object(), {});
  if (!answer) FAIL(answer.error().message());
  return *std::move(answer);
}

std::int64_t starts(NativePack& pack) {
  return about(pack).find("starts")->as_int64().value();
}

}  // namespace

TEST_CASE("a loaded pack says what it brings, and gets what the host says") {
  NativeWorld world;
  const auto pack = world.good();
  CHECK(names(*pack) == std::vector<std::string>{"echo", "about", "directory", "seen", "mode", "wait", "fail", "throw",
                                                 "throw-number", "bad-json", "two-values", "nothing", "flood"});
  CHECK(pack->tools()[0].description == "Answers what it was given");
  CHECK(json::to_text(pack->tools()[0].input_schema) == R"({"type":"object"})");
  CHECK(pack->tools()[1].input_schema.is_null());
  CHECK(*about(*pack).find("version")->as_string() == "9.8.7");
  CHECK(*about(*pack).find("pack")->as_string() == "good");
  CHECK(*about(*pack).find("tool")->as_string() == "about");
  CHECK(json::to_text(*about(*pack).find("configuration")) == "{}");
}

TEST_CASE("a pack in C99 is a pack like any other") {
  NativeWorld world;
  const auto pack = world.loaded(world.pack("plain", test::fixture("plain")));
  CHECK(names(*pack) == std::vector<std::string>{"greet", "refuse", "odd"});
  CHECK(json::to_text(pack->call("greet", {}, {}).value()) == R"({"text":"hello"})");
  const auto refused = pack->call("refuse", {}, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::conflict);
  CHECK(refused.error().message() == R"(tool "refuse" of pack "plain": somebody else was faster)");
  CHECK(refused.error().why() == "the table");
  CHECK(refused.error().remedy() == "look again");
  const auto odd = pack->call("odd", {}, {});
  REQUIRE_FALSE(odd);
  CHECK(odd.error().code() == ErrorCode::internal);
  CHECK(odd.error().message() == R"(tool "odd" of pack "plain": it does not say why)");
  CHECK(pack->interceptors().empty());
  pack->on_event({"policy-changed", json::Value::object()});
  CHECK(world.log->lines() == std::vector<std::string>{"info plain: started in C"});
}

TEST_CASE("loading leaves nothing in the home, and does not make one") {
  NativeWorld world;
  const auto pack = world.good();
  CHECK_FALSE(world.files.exists("home"));
}

TEST_CASE("what an existing home holds is left alone") {
  NativeWorld world;
  world.files.write("home/config/other.json", "{}");
  const auto pack = world.good();
  CHECK(world.files.tree("home") == std::vector<std::string>{"config/", "config/other.json"});
}

TEST_CASE("the data directory is made when it is asked for, and is the owner's alone") {
  NativeWorld world;
  const auto pack = world.good();
  const auto path = pack->call("directory", {}, {});
  REQUIRE(path);
  CHECK(*path->as_string() == world.files.path("home/data/good"));
  CHECK(world.files.read("home/data/good/written") == "yes");
  const auto home = make_real_disk()->open(world.files.path("home"));
  CHECK((*home)->status("data/good")->mode == 0700);
}

TEST_CASE("a data directory that can't be made is the tool's error") {
  NativeWorld world;
  world.files.write("home/data", "a file");
  const auto pack = world.good();
  const auto refused = pack->call("directory", {}, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::internal);
  CHECK(refused.error().message() ==
        "tool \"directory\" of pack \"good\": \"" + world.files.path("home/data") + "\" is no directory");
}

TEST_CASE("the same bytes are loaded once, and started as often as they are asked for") {
  NativeWorld world;
  const PackRecord& record = world.pack("once", test::fixture("good"));
  const auto first = world.loaded(record);
  const auto second = world.loaded(record);
  CHECK(starts(*first) == 2);
  CHECK(starts(*second) == 2);
}

TEST_CASE("two packs whose libraries have the same name and the same bytes share nothing") {
  NativeWorld world;
  world.files.write("tier/one/lib/same.so", test::fixture("good"));
  world.files.write("tier/two/lib/same.so", test::fixture("good"));
  std::vector<std::shared_ptr<NativePack>> packs;
  for (const char* name : {"one", "two"}) {
    world.files.write("tier/" + std::string(name) + "/cowork.plugin.json",
                      R"({"name": ")" + std::string(name) + R"(", "displayName": "N", "version": "1.0.0",)" +
                          R"( "description": "D", "type": "pack", "main": "lib/same"})");
    packs.push_back(world.loaded(NativeWorld::record(world.files.path("tier/" + std::string(name)))));
  }
  CHECK(*about(*packs[0]).find("pack")->as_string() == "one");
  CHECK(*about(*packs[1]).find("pack")->as_string() == "two");
  CHECK(starts(*packs[0]) == 1);
  CHECK(starts(*packs[1]) == 1);
}

TEST_CASE("a library that was exchanged is another library, beside the old one") {
  NativeWorld world;
  const auto old_pack = world.loaded(world.pack("exchanged", test::fixture("good")));
  const auto new_pack = world.loaded(world.pack("exchanged", test::fixture("plain")));
  CHECK(names(*old_pack).size() == 13);
  CHECK(names(*new_pack) == std::vector<std::string>{"greet", "refuse", "odd"});
  CHECK(starts(*old_pack) == 1);
}

TEST_CASE("the instance is stopped when its last holder lets go, be it an interceptor") {
  NativeWorld world;
  auto pack = world.good();
  auto interceptors = pack->interceptors();
  CHECK(interceptors.size() == 2);
  pack.reset();
  CHECK(world.log->lines() == std::vector<std::string>{"info good: hello"});
  interceptors.clear();
  CHECK(world.log->lines() == std::vector<std::string>{"info good: hello", "info good: goodbye"});
}

TEST_CASE("a pack outlives its loader") {
  NativeWorld world;
  std::shared_ptr<NativePack> pack;
  {
    auto loader = world.loader();
    pack = loader->load(world.pack("alone", test::fixture("good")), nullptr).value();
  }
  CHECK(pack->call("echo", json::Value(1), {}).value() == json::Value(1));
}

TEST_CASE("packs hear of the events that they listen to") {
  NativeWorld world;
  const auto pack = world.good();
  pack->on_event({"pack-state-changed", json::Value::object({{"name", "x"}})});
  pack->on_event({"catalog-changed", json::Value::object({{"packs", 3}})});
  CHECK(json::to_text(pack->call("seen", {}, {}).value()) == R"([["pack-state-changed",{"name":"x"}]])");
}

TEST_CASE("a listener that throws is a warning in the log") {
  NativeWorld world;
  const auto pack = world.good();
  pack->on_event({"policy-changed", json::Value::object({{"throw", true}})});
  CHECK(world.log->lines().back() == "warning good: its listener to policy-changed failed: the listener threw");
}

TEST_CASE("without a log, what a pack logs is not missed") {
  NativeWorld world;
  const auto loader = loaders::make_native_loader({make_real_disk(), nullptr, world.files.path("home"), "1", {}});
  CHECK(loader->load(world.pack("mute", test::fixture("good")), nullptr));
}

TEST_CASE("native code runs in process from trusted tiers only, and never of a user's pack") {
  NativeWorld world;
  const PackRecord& users = world.pack("users", test::fixture("good"), {}, Scope::user);
  const PackRecord& organization = world.pack("organizations", test::fixture("good"), {}, Scope::organization);
  TierStatus tier;
  tier.untrusted_reason = "/x is not owned by root";
  const auto loader = world.loader();
  CHECK(loader->refusal(users, tier) == "native code of user packs runs only isolated from the host");
  CHECK(loader->refusal(organization, tier) ==
        "native code runs from trusted directories only: /x is not owned by root");
  tier.trusted = true;
  CHECK(loader->refusal(organization, tier).empty());
  CHECK_FALSE(loader->refusal(users, tier).empty());
}

TEST_CASE("whoever assembles the host says what a trusted tier is") {
  NativeWorld world;
  bool answer = true;
  const auto loader = loaders::make_native_loader(
      {make_real_disk(), nullptr, world.files.path("home"), "1", [&](const TierStatus&) { return answer; }});
  const PackRecord& users = world.pack("users", test::fixture("good"), {}, Scope::user);
  const PackRecord& builtin = world.pack("builtins", test::fixture("good"));
  CHECK(loader->refusal(builtin, {}).empty());
  CHECK_FALSE(loader->refusal(users, {}).empty());
  answer = false;
  CHECK(loader->refusal(builtin, {}) == "native code runs from trusted directories only");
}

TEST_CASE("a user's pack is not loaded even when nobody asked whether it may") {
  NativeWorld world;
  const PackRecord& record = world.pack("users", test::fixture("good"), {}, Scope::user);
  CHECK(world.refused(record).message() == "native code of user packs runs only isolated from the host");
  CHECK_FALSE(world.code_ran());
}

TEST_CASE("a library stays in the process when its pack was stopped") {
  NativeWorld world;
  const auto mapped = [] { return test::file_bytes("/proc/self/maps").find("/memfd:cowork-pack-lasting"); };
  CHECK(mapped() == std::string::npos);
  world.loaded(world.pack("lasting", test::fixture("good")));
  CHECK(world.log->lines().back() == "info lasting: goodbye");
  CHECK(mapped() != std::string::npos);
}

TEST_CASE("what is loaded is what was read and checked, whatever lies at its path by then") {
  NativeWorld world;
  const PackRecord& record = world.pack("swapped", test::fixture("plain"));
  const auto memory = std::make_shared<MemoryDisk>();
  const auto directory = memory->open_or_make(record.path(), 0700).value();
  REQUIRE(directory->make_directory("lib", 0700));
  for (const char* file : {"cowork.plugin.json", "lib/libswapped.so"}) {
    REQUIRE(directory->write_new(file, world.files.read("tier/swapped/" + std::string(file)), 0600));
  }
  // On the real disk another library lies there now.
  world.pack("swapped", test::fixture("good"));
  const auto loader = loaders::make_native_loader({memory, world.log, world.files.path("home"), "1", {}});
  const auto pack = loader->load(record, nullptr);
  REQUIRE(pack);
  CHECK(names(**pack) == std::vector<std::string>{"greet", "refuse", "odd"});
  CHECK(world.log->lines() == std::vector<std::string>{"info swapped: started in C"});
}
