// The same binary answers byte for byte the same in process and isolated.
#include "cowork/loaders/native_loader.h"
#include "isolated_world.h"

using namespace cowork;
using namespace cowork::test;

namespace {

std::string shown(const Result<json::Value>& answer) {
  if (answer) return json::to_text(*answer);
  const Error& error = answer.error();
  return std::string(to_string(error.code())) + "|" + error.message() + "|" + error.why() + "|" + error.remedy();
}

std::string shown(const std::vector<NativeTool>& tools) {
  std::string text;
  for (const NativeTool& tool : tools)
    text += tool.name + "|" + tool.description + "|" + json::to_text(tool.input_schema) + "\n";
  return text;
}

}  // namespace

TEST_CASE("text-tools and the fixture answer the same bytes in process and isolated") {
  IsolatedWorld world;
  const PackRecord& text_tools = NativeWorld::record(COWORK_SAMPLE_PACKS "/native/text-tools");
  const PackRecord& good = world.pack("good", fixture("good"));
  const json::Value inputs[] = {json::Value::object(),
                                json::Value::object({{"text", "Hello There, my friend — é"}}),
                                json::Value::object({{"text", 7}}),
                                json::Value("x"),
                                json::Value(),
                                json::Value::object({{"text", ""}, {"n", json::Value::number_from_lexeme("1.50e1")}})};
  const auto answers = [&](NativePack& pack, const std::vector<NativeTool>& tools) {
    std::vector<std::string> all;
    for (const NativeTool& tool : tools) {
      if (tool.name == "wait" || tool.name == "seen") continue;  // waits for ever; tells of the host's own events
      for (const json::Value& input : inputs)
        all.push_back(tool.name + " " + json::to_text(input) + ": " + shown(pack.call(tool.name, input, {})));
    }
    return all;
  };
  std::size_t compared = 0;
  for (const PackRecord* record : {&text_tools, &good}) {
    const auto inside = world.loaded(*record);
    const std::vector<std::string> expected = answers(*inside, inside->tools());
    REQUIRE(make_real_disk()->open(world.files.path("."))->get()->remove("home"));  // what the tools kept
    const auto outside = world.loaded_isolated(*record);
    CHECK(answers(*outside, inside->tools()) == expected);
    CHECK(shown(outside->tools()) == shown(inside->tools()));
    compared += expected.size();
  }
  CHECK(compared > 80);
}
