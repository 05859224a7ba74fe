#include <fmt/format.h>

#include "kinds.h"

namespace cowork::loaders {
namespace {

constexpr std::string_view build_script = R"(cmake_minimum_required(VERSION 3.25)
project(@NAME@ LANGUAGES CXX)

if(NOT COMMAND cowork_add_pack)
  find_package(cowork CONFIG REQUIRED)
endif()
# Puts lib@NAME@.so into lib/, where "main" of the manifest finds it.
cowork_add_pack(NAME @NAME@ JSON SOURCES src/pack.cc)
)";

constexpr std::string_view ignored_files = "/lib/\n";

constexpr std::string_view tool_source =
    R"source(// What this pack brings. Handlers may run on several threads at once.
#include <cowork/native/pack.h>
#include <cowork/native/pack_json.h>

#include <string>

namespace {

namespace json = cowork::json;
namespace native = cowork::native;

class Pack final : public native::Pack {
 public:
  explicit Pack(const native::Host& host) : native::Pack(host) {
    // The host has compared it with configSchema and filled in the defaults; what is not there keeps the pack from
    // starting.
    greeting_ = native::text(native::parsed(configuration(), "<configuration>"), "greeting");
    tool("greet", "Greets somebody by name",
         R"({"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]})",
         [this](const native::ToolCall& call) { return greet(native::parsed(call.input())); });
    log(native::Level::debug, "started");
  }

 private:
  std::string greet(const json::Value& input) const {
    return json::to_text(json::Value::object({{"text", greeting_ + ", " + native::text(input, "name")}}));
  }

  std::string greeting_;
};

}  // namespace

COWORK_PACK(Pack)
)source";

constexpr std::string_view interceptor_source =
    R"source(// What this pack brings. Handlers may run on several threads at once.
#include <cowork/native/pack.h>
#include <cowork/native/pack_json.h>

#include <optional>
#include <string>

namespace {

namespace native = cowork::native;

bool installs(std::string_view operation, bool mutates) {
  return mutates && operation.starts_with("pluginPack:install");
}

/// Lets nobody install a pack whose name begins as the configuration says.
class Pack final : public native::Pack {
 public:
  explicit Pack(const native::Host& host) : native::Pack(host) {
    // The host has compared it with configSchema and filled in the defaults; what is not there keeps the pack from
    // starting.
    refused_prefix_ = native::text(native::parsed(configuration(), "<configuration>"), "refusedPrefix");
    interceptor({.name = "gate",
                 .applies_to = &installs,
                 .judge = [this](const native::Operation& operation) { return judge(operation); },
                 .intercept = [this](const native::Operation& operation,
                                     const native::Next& next) { intercept(operation, next); }});
  }

 private:
  /// No side effects: it is asked for lists, too, and twice for each change.
  std::optional<native::Refusal> judge(const native::Operation& operation) const {
    if (!operation.subject_id().starts_with(refused_prefix_)) return std::nullopt;
    return native::Refusal{.message = "Packs named " + refused_prefix_ + "... are not installed here",
                           .why = "the configuration of pack " + std::string(host().pack_name()),
                           .remedy = "choose another pack"};
  }

  /// Around what happens: what came of it stands when this returns.
  void intercept(const native::Operation& operation, const native::Next& next) const {
    const native::Outcome outcome = next();
    log(native::Level::info,
        std::string(operation.name()) + (outcome.ok ? " was done" : " was refused: " + outcome.message));
  }

  std::string refused_prefix_;
};

}  // namespace

COWORK_PACK(Pack)
)source";

constexpr std::string_view native_explanation = R"(## What is in it
- `cowork.plugin.json` describes the pack; `main` is the library, `configSchema` what can be configured.
- `src/pack.cc` is the pack.
- `CMakeLists.txt` builds the library into `lib/`.

## Next steps
```
cmake -B ../@NAME@-build
cmake --build ../@NAME@-build
cowork pack validate .
cowork --builtin .. pack info @NAME@
```
Where CMake does not find cowork, say where it is installed: `cmake -B ../@NAME@-build -DCMAKE_PREFIX_PATH=DIR`.

Everything in this directory belongs to the pack and is installed with it: build outside of it. After a change raise
`version`, or restart the program that runs the pack: it does not look at the library again otherwise.

Its configuration is `config/@NAME@.json` in the home of cowork.
)";

json::Value setting(std::string_view description, std::string_view standard) {
  return json::Value::object(
      {{"type", "string"}, {"description", description}, {"minLength", 1}, {"default", standard}});
}

std::vector<FileToWrite> pack_of(const ScaffoldPack& options, std::string_view source, json::Value properties) {
  json::Value manifest = manifest_head(options);
  manifest.set("main", "lib/" + options.name);
  manifest.set("configSchema",
               json::Value::object(
                   {{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}}));
  return {{std::string(manifest_file_name), json::to_pretty_text(manifest)},
          readme(options, with_name(native_explanation, options.name)),
          {"CMakeLists.txt", with_name(build_script, options.name)},
          {"src/pack.cc", std::string(source)},
          {".gitignore", std::string(ignored_files)}};
}

}  // namespace

std::vector<FileToWrite> native_pack(const ScaffoldPack& options) {
  return pack_of(options, tool_source, json::Value::object({{"greeting", setting("How it greets", "Hello")}}));
}

std::vector<FileToWrite> interceptor_pack(const ScaffoldPack& options) {
  return pack_of(options, interceptor_source,
                 json::Value::object({{"refusedPrefix", setting("What packs may not begin with", "unsafe-")}}));
}

}  // namespace cowork::loaders
