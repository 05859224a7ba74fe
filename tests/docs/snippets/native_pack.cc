// docs/writing-a-native-pack.md: a pack with a tool, a setting, a file of its own and a listener.
// [native-pack]
#include <cowork/base/json_reader.h>
#include <cowork/native/pack.h>

#include <atomic>
#include <fstream>

namespace json = cowork::json;
namespace native = cowork::native;

class TeaTime final : public native::Pack {
 public:
  explicit TeaTime(const native::Host& host) : native::Pack(host) {
    minutes_ = *parsed(configuration()).find("minutes")->as_int64();
    tool("brew", "Says how long a tea has to draw, and keeps count",
         R"({"type": "object", "properties": {"cups": {"type": "integer"}}, "required": ["cups"]})",
         [this](const native::ToolCall& call) { return brew(parsed(call.input())); });
    on_event("pack-state-changed", [this](std::string_view, std::string_view) { ++changes_; });
    log(native::Level::info, "the kettle is on");
  }

 private:
  static json::Value parsed(std::string_view text) {
    auto document = json::parse(text, "<input>", json::request_limits, cowork::ErrorCode::invalid_argument);
    if (!document) throw native::ToolError("invalid-argument", document.error().message());
    return std::move(document->root);
  }

  std::string brew(const json::Value& input) {
    const json::Value* cups = input.find("cups");
    if (cups == nullptr || cups->as_int64().value_or(0) < 1) {
      throw native::ToolError("invalid-argument", "cups must be a number from 1");
    }
    std::ofstream(data_directory() + "/brewed", std::ios::app) << *cups->as_int64() << '\n';
    return json::to_text(json::Value::object({{"minutes", minutes_}, {"packChanges", changes_.load()}}));
  }

  std::int64_t minutes_ = 0;
  std::atomic<int> changes_{0};
};

COWORK_PACK(TeaTime)
// [/native-pack]
