// docs/writing-a-native-pack.md: a pack with a tool, a setting, a file of its own and a listener.
// [native-pack]
#include <cowork/native/pack.h>
#include <cowork/native/pack_json.h>

#include <atomic>
#include <fstream>

namespace json = cowork::json;
namespace native = cowork::native;

class TeaTime final : public native::Pack {
 public:
  explicit TeaTime(const native::Host& host) : native::Pack(host) {
    const json::Value settings = native::parsed(configuration(), "<configuration>");
    kettle_ = native::text(settings, "kettle");
    minutes_ = native::integer(settings, "minutes");
    tool("brew", "Says how long a tea has to draw, and keeps count",
         R"({"type": "object", "properties": {"cups": {"type": "integer"}}, "required": ["cups"]})",
         [this](const native::ToolCall& call) { return brew(native::parsed(call.input())); });
    on_event("pack-state-changed", [this](std::string_view, std::string_view) { ++changes_; });
    log(native::Level::info, "the " + kettle_ + " kettle is on");
  }

 private:
  std::string brew(const json::Value& input) {
    const std::int64_t cups = native::integer(input, "cups");
    if (cups < 1) throw native::ToolError("invalid-argument", "cups must be at least 1");
    std::ofstream(data_directory() + "/brewed", std::ios::app) << cups << '\n';
    return json::to_text(
        json::Value::object({{"kettle", kettle_}, {"minutes", minutes_}, {"packChanges", changes_.load()}}));
  }

  std::string kettle_;
  std::int64_t minutes_ = 0;
  std::atomic<int> changes_{0};
};

COWORK_PACK(TeaTime)
// [/native-pack]
