// For authors of native packs in C++: derive from Pack, say in the constructor what the pack brings, and end the file
// with COWORK_PACK(YourPack). Header-only; C++20 and the standard library are all it needs. Packs that link
// cowork::json read configuration and input with pack_json.h.
//
//   class Greeter final : public cowork::native::Pack {
//    public:
//     explicit Greeter(const cowork::native::Host& host) : Pack(host) {
//       tool("greet", "Says hello", R"({"type": "object"})",
//            [](const cowork::native::ToolCall&) { return std::string(R"({"text": "hello"})"); });
//     }
//   };
//   COWORK_PACK(Greeter)
//
// Threads: the constructor and the destructor run alone; in between handlers may run on several threads at once. A
// thread that the pack starts has to be joined in the destructor. Ownership: views that a handler gets are valid until
// it returns. Errors: what a handler throws never leaves the library; ToolError and Refusal keep their meaning, any
// other exception becomes an error that names the pack.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cowork/native/host.h"
#include "cowork/native/interceptor.h"
#include "cowork/native/tool.h"

namespace cowork::native {

/// What is registered in the constructor of a class that is derived from this; later it stays as it is.
class Pack {
 public:
  virtual ~Pack() = default;
  Pack(const Pack&) = delete;
  Pack& operator=(const Pack&) = delete;

  const std::vector<Tool>& tools() const { return tools_; }
  const std::vector<Listener>& listeners() const { return listeners_; }
  const std::vector<Interceptor>& interceptors() const { return interceptors_; }

 protected:
  explicit Pack(const Host& host) : host_(host) {}
  const Host& host() const { return host_; }
  void log(Level level, std::string_view message) const { host_.log(level, message); }
  std::string_view configuration() const { return host_.configuration(); }
  std::string data_directory() const { return host_.data_directory(); }

  /// `input_schema_json` is a JSON Schema (empty: none); `run` answers with one JSON value as text.
  void tool(std::string name, std::string description, std::string input_schema_json,
            std::function<std::string(const ToolCall&)> run) {
    tools_.push_back({std::move(name), std::move(description), std::move(input_schema_json), std::move(run)});
  }
  /// `handle` gets the type, and a JSON object as text, on the thread that caused the event: be quick.
  void on_event(std::string type, std::function<void(std::string_view type, std::string_view data)> handle) {
    listeners_.push_back({std::move(type), std::move(handle)});
  }
  void interceptor(Interceptor interceptor) { interceptors_.push_back(std::move(interceptor)); }

 private:
  Host host_;
  std::vector<Tool> tools_;
  std::vector<Listener> listeners_;
  std::vector<Interceptor> interceptors_;
};

}  // namespace cowork::native

#include "cowork/native/pack_border.h"

/// The library's only way in: an object of `Type`, made from a `const cowork::native::Host&`.
#define COWORK_PACK(Type) \
  COWORK_PACK_EXPORT const cowork_pack_table COWORK_PACK_TAG = ::cowork::native::border::table_of<Type>();
