#include "small_host.h"

using namespace cowork;
using namespace cowork::test;

namespace {

/// The `diagnostic` events of a host, as "code: message".
struct Heard {
  std::mutex mutex;
  std::vector<std::string> diagnostics;

  void add(const Event& event) {
    if (event.type != "diagnostic") return;
    const std::lock_guard lock(mutex);
    diagnostics.push_back(*event.data.find("code")->as_string() + ": " + *event.data.find("message")->as_string());
  }
  std::vector<std::string> take() {
    const std::lock_guard lock(mutex);
    return std::exchange(diagnostics, {});
  }
};

}  // namespace

TEST_CASE("what is wrong is told once, when it appears, and not what was wrong from the start") {
  SmallHost small;
  std::string fault = "from the start";
  auto builder = small.builder();
  builder.status_contributor([&](GetStatus::Reply& status) {
    if (!fault.empty()) status.diagnostics.push_back({Severity::error, "invalid-policy", fault, {"/p", 1, 1, {}}});
  });
  PluginHost host = small.start(std::move(builder));
  Heard heard;
  const auto subscription = host.subscribe([&](const Event& event) { heard.add(event); });
  auto change = [&, changes = 0]() mutable {
    TestPack pack = pack_record(Scope::builtin, "alpha", "alpha-pack");
    pack.manifest.description = std::to_string(++changes);
    small.source->set({pack});
    host.refresh();
    return heard.take();
  };
  CHECK(change().empty());
  CHECK(change().empty());
  fault = "now";
  CHECK(change() == std::vector<std::string>{"invalid-policy: now"});
  CHECK(change().empty());
  fault = "";
  CHECK(change().empty());
  fault = "now";
  CHECK(change() == std::vector<std::string>{"invalid-policy: now"});
}
