// What `cowork pack new --kind native` and `--kind interceptor` make builds without a warning, loads and works.
#include "core/chain/chain_bench.h"
#include "cowork/base/text.h"
#include "cowork/loaders/scaffolder.h"
#include "native_world.h"

using namespace cowork;
using test::NativeWorld;

namespace {

struct Install {
  std::string name;
  using Reply = int;
  static constexpr OperationInfo info{.name = "pluginPack:install", .effect = Effect::mutate};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"pack", name}; }
};

void run(NativeWorld& world, const std::string& command) {
  const std::string output = world.files.path("output");
  const int status = std::system((command + " > " + shell_word(output) + " 2>&1").c_str());
  if (status != 0) FAIL(command << "\n" << world.files.read("output"));
}

/// Makes the files of a pack, configures and builds them.
const PackRecord& built(NativeWorld& world, const std::string& kind, const std::string& compiler) {
  ScaffoldPack options;
  options.name = "3-tea";
  options.kind = kind;
  const auto files = loaders::make_pack_scaffolder()->files(options);
  REQUIRE(files);
  for (const FileToWrite& file : *files) world.files.write("tier/3-tea/" + file.path, file.content);
  const std::string source = shell_word(world.files.path("tier/3-tea"));
  const std::string build = shell_word(world.files.path("build"));
  run(world, "cmake -G Ninja -S " + source + " -B " + build + " -Dcowork_DIR=" + shell_word(COWORK_PACKAGE) +
                 " -DCMAKE_CXX_COMPILER=" + shell_word(compiler) +
                 " -DCMAKE_CXX_FLAGS='-Wall -Wextra -Wpedantic -Werror'");
  run(world, "cmake --build " + build);
  return NativeWorld::record(world.files.path("tier/3-tea"));
}

std::vector<std::string> compilers() {
  std::vector<std::string> found{COWORK_COMPILER};
  if (*COWORK_OTHER_COMPILER != '\0') found.emplace_back(COWORK_OTHER_COMPILER);
  return found;
}

}  // namespace

TEST_CASE("a native scaffold builds without a warning, loads and answers") {
  for (const std::string& compiler : compilers()) {
    INFO(compiler);
    NativeWorld world;
    const auto pack = world.loaded(built(world, "native", compiler));
    const auto answer = pack->call("greet", json::Value::object({{"name", "Anna"}}), {});
    REQUIRE(answer);
    CHECK(json::to_text(*answer) == R"({"text":"Hello, Anna"})");
    const auto refused = pack->call("greet", json::Value::object(), {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == ErrorCode::invalid_argument);
    CHECK(refused.error().message() == "tool \"greet\" of pack \"3-tea\": name must be a string; found nothing");
  }
}

TEST_CASE("a scaffold whose schema no longer brings what the source reads does not start, and harms nobody") {
  const struct {
    const char* kind;
    const char* message;
  } cases[] = {{"native", "pack \"3-tea\" did not start: greeting must be a string; found nothing"},
               {"interceptor", "pack \"3-tea\" did not start: refusedPrefix must be a string; found nothing"}};
  for (const auto& each : cases) {
    NativeWorld world;
    (void)built(world, each.kind, COWORK_COMPILER);
    const Error error = world.refused(world.pack("3-tea", world.files.read("tier/3-tea/lib/lib3-tea.so")));
    CHECK(error.code() == ErrorCode::internal);
    CHECK(error.message() == each.message);
  }
}

TEST_CASE("an interceptor scaffold builds without a warning, loads and judges") {
  for (const std::string& compiler : compilers()) {
    INFO(compiler);
    NativeWorld world;
    const auto pack = world.loaded(built(world, "interceptor", compiler));
    test::Bench bench;
    for (auto& interceptor : pack->interceptors()) {
      bench.members.push_back({std::move(interceptor), Phase::application, "3-tea"});
    }
    const auto install = [&](const std::string& name) {
      return bench.run(Install{name}, [](Admitted<Install>& admitted) -> Result<int> {
        COWORK_TRY(admitted.commit([](const Snapshot&) -> Result<void> { return {}; }));
        return 1;
      });
    };
    CHECK(install("good"));
    CHECK(world.log->lines().back() == "info 3-tea: pluginPack:install was done");
    const auto refused = install("unsafe-x");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == ErrorCode::policy_denied);
    CHECK(refused.error().message() == "Packs named unsafe-... are not installed here");
    CHECK(refused.error().remedy() == "choose another pack");
  }
}
