// The samples are what their README lines say.
#include "core/chain/chain_bench.h"
#include "native_world.h"

using namespace cowork;
using test::NativeWorld;

namespace {

struct InstallPack {
  using Reply = int;
  static constexpr OperationInfo info{.name = "pluginPack:install", .effect = Effect::mutate};
  Result<void> validate() const { return {}; }
  Subject subject() const { return {"pack", "x"}; }
};

std::shared_ptr<NativePack> sample(NativeWorld& world, const std::string& path) {
  return world.loaded(NativeWorld::record(COWORK_SAMPLE_PACKS "/" + path));
}

std::string answer(NativePack& pack, const std::string& tool, const json::Value& input) {
  const auto answer = pack.call(tool, input, {});
  return answer ? json::to_text(*answer)
                : std::string(to_string(answer.error().code())) + ": " + answer.error().message();
}

json::Value text(std::string value) {
  return json::Value::object({{"text", std::move(value)}});
}

json::Value two(std::string before, std::string after) {
  return json::Value::object({{"before", std::move(before)}, {"after", std::move(after)}});
}

}  // namespace

TEST_CASE("text-tools does what its tools are called") {
  NativeWorld world;
  world.files.write("home/config/text-tools.json", R"({"secretWords": ["Anna"], "slugLength": 20})");
  const auto pack = sample(world, "native/text-tools");
  const struct {
    const char* tool;
    json::Value input;
    const char* answer;
  } cases[] = {
      {"text-statistics", text("one two\nthree äöü\n"),
       R"({"bytes":21,"characters":18,"words":4,"lines":2,"longestLine":9})"},
      {"text-statistics", text(""), R"({"bytes":0,"characters":0,"words":0,"lines":0,"longestLine":0})"},
      {"slugify", text("  What's NEW, in 2025? Everything "), R"({"slug":"whats-new-in-2025"})"},
      {"slugify", text("Donaudampfschifffahrtsgesellschaft"), R"({"slug":"donaudampfschifffahr"})"},
      {"slugify", text("?!"), R"({"slug":""})"},
      {"redact", text("Write to anna@example.org. Anna's number is 0170-123 45 67, not Annabel's 12."),
       R"({"text":"Write to [redacted]. [redacted]'s number is [redacted], not Annabel's 12.","redactions":3})"},
      {"redact", text("@ a@b me @x.y"), R"({"text":"@ a@b me @x.y","redactions":0})"},
      {"unified-diff", two("a\nb\nc\n", "a\nB\nc\nd\n"), R"({"diff":"@@ -1,3 +1,4 @@\n a\n-b\n+B\n c\n+d\n"})"},
      {"unified-diff", two("a\n", "a\n"), R"({"diff":""})"},
      {"unified-diff", two("", "a\n"), R"({"diff":"@@ -0,0 +1 @@\n+a\n"})"},
      {"unified-diff", two("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", "1\nx\n3\n4\n5\n6\n7\n8\n9\n10\n11\ny\n"),
       R"({"diff":"@@ -1,5 +1,5 @@\n 1\n-2\n+x\n 3\n 4\n 5\n@@ -9,4 +9,4 @@\n 9\n 10\n 11\n-12\n+y\n"})"},
      {"note-add", text("buy tea"), R"({"notes":1})"},
      {"note-add", text("two\nlines"),
       "invalid-argument: tool \"note-add\" of pack \"text-tools\": a note is one line"},
      {"note-list", json::Value::object(), R"({"notes":["buy tea"]})"},
      {"slugify", json::Value::object(),
       "invalid-argument: tool \"slugify\" of pack \"text-tools\": text must be a string; found nothing"},
  };
  for (const auto& each : cases) {
    INFO(each.tool);
    CHECK(answer(*pack, each.tool, each.input) == each.answer);
  }
  CHECK(world.files.read("home/data/text-tools/notes.txt") == "buy tea\n");
}

TEST_CASE("text-tools counts events") {
  NativeWorld world;
  const auto pack = sample(world, "native/text-tools");
  pack->on_event({"pack-state-changed", json::Value::object()});
  pack->on_event({"pack-state-changed", json::Value::object()});
  pack->on_event({"catalog-changed", json::Value::object()});
  CHECK(answer(*pack, "event-counts", json::Value::object()) == R"({"catalog-changed":1,"pack-state-changed":2})");
}

TEST_CASE("text-tools gives up on a comparison that nobody waits for") {
  NativeWorld world;
  const auto pack = sample(world, "native/text-tools");
  CallOptions late;
  late.deadline = std::chrono::steady_clock::now();
  const auto refused = pack->call("unified-diff", two("a\n", "b\n"), late);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ErrorCode::cancelled);
}

TEST_CASE("quiet-hours refuses changes of packs while it is quiet, and only these") {
  const struct {
    const char* configuration;
    const char* message;
  } cases[] = {
      {R"({"from": "00:00", "to": "24:00"})", "Packs are not installed, updated or removed between 00:00 and 24:00"},
      {R"({"from": "00:00", "to": "24:00", "exempt": ["anna"]})", ""},
      {R"({"from": "12:00", "to": "12:00"})", ""},
  };
  for (const auto& each : cases) {
    INFO(each.configuration);
    NativeWorld world;
    world.files.write("home/config/quiet-hours.json", each.configuration);
    const auto pack = sample(world, "interceptors/quiet-hours");
    test::Bench bench;
    bench.options.actor = "anna";
    for (auto& interceptor : pack->interceptors()) {
      CHECK(interceptor->name() == "quiet-hours/change-window");
      CHECK_FALSE(interceptor->applies_to(test::Change::info));
      bench.members.push_back({std::move(interceptor), Phase::application, "quiet-hours"});
    }
    bench.build();
    const InstallPack request;
    const auto snapshot = bench.snapshot(Freshness::current);
    const Verdict verdict = judge(bench.chain->plan(InstallPack::info), CallView(request, bench.options), *snapshot);
    CHECK(verdict.denied() == (each.message[0] != '\0'));
    if (verdict.denied()) CHECK(verdict.error()->message() == each.message);
    CHECK(bench.change());
  }
}

TEST_CASE("a sample whose schema does not bring what it reads does not start, and harms nobody") {
  const struct {
    const char* name;
    const char* folder;
    const char* file;
    const char* message;
  } cases[] = {
      {"text-tools", "native", "{}", "separator must be a string; found nothing"},
      {"text-tools", "native", R"({"separator": "-"})", "slugLength must be an integer; found nothing"},
      {"text-tools", "native", R"({"separator": "", "slugLength": 9})", "separator must not be empty"},
      {"text-tools", "native", R"({"separator": "-", "slugLength": -1})", "slugLength must be at least 1"},
      {"text-tools", "native", R"({"separator": "-", "slugLength": 9, "secretWords": [1]})",
       "secretWords must be an array of strings; found 1"},
      {"quiet-hours", "interceptors", "{}", "from must be a string; found nothing"},
      {"quiet-hours", "interceptors", R"({"from": "01:00", "to": "02:00", "exempt": "anna"})",
       "exempt must be an array of strings; found a string"},
  };
  for (const auto& each : cases) {
    INFO(each.name << " " << each.file);
    NativeWorld world;
    const std::string name = each.name;
    world.files.write("home/config/" + name + ".json", each.file);
    const std::string library = std::string(COWORK_SAMPLE_PACKS "/") + each.folder + "/" + name + "/lib/lib" + name;
    const Error error = world.refused(world.pack(name, test::file_bytes(library + ".so")));
    CHECK(error.message() == "pack \"" + name + "\" did not start: " + each.message);
  }
}

TEST_CASE("quiet-hours does not start with a time that is none") {
  NativeWorld world;
  world.files.write("home/config/quiet-hours.json", R"({"from": "25:00"})");
  const Error error = world.refused(NativeWorld::record(COWORK_SAMPLE_PACKS "/interceptors/quiet-hours"));
  CHECK(error.code() == ErrorCode::internal);
  CHECK(error.message() == "pack \"quiet-hours\" did not start: from must be a time as HH:MM; found 25:00");
}
