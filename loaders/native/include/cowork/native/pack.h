// For authors of native packs in C++: derive from Pack, say in the constructor what the pack brings, and end the file
// with COWORK_PACK(YourPack). Header-only; C++20 and the standard library are all it needs.
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

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cowork/native/pack_api.h"

namespace cowork::native {

enum class Level : std::int32_t {
  debug = COWORK_PACK_LOG_DEBUG,
  info = COWORK_PACK_LOG_INFO,
  warning = COWORK_PACK_LOG_WARNING,
  error = COWORK_PACK_LOG_ERROR
};

/// Why an interceptor lets something not happen.
struct Refusal {
  std::string message;      ///< one sentence without a full stop
  std::string why = {};     ///< where the rule stands
  std::string remedy = {};  ///< what to try next
};

/// An error that whoever called the tool can do something about. `code` is one of invalid-argument, not-found, io,
/// network, timeout, cancelled, conflict, already-exists, integrity; any other reaches the caller as internal.
class ToolError : public std::runtime_error {
 public:
  ToolError(std::string code, const std::string& message) : std::runtime_error(message), code_(std::move(code)) {}
  const std::string& code() const noexcept { return code_; }

 private:
  std::string code_;
};

/// What a pack may ask of the host that runs it. Threads: any, until the pack's destructor is over.
class Host {
 public:
  explicit Host(const cowork_host& host) : host_(&host) {}
  std::string_view version() const { return text(host_->version); }
  std::string_view pack_name() const { return text(host_->pack); }
  /// A JSON object: `<home>/config/<pack>.json` after it was checked against the manifest's configSchema, with the
  /// defaults filled in. Stays the same until the pack is stopped.
  std::string_view configuration() const { return text(host_->configuration); }
  void log(Level level, std::string_view message) const;
  /// The path of a directory for this pack alone, which is made (0700) when it is missing. Throws std::runtime_error
  /// when it can't be made.
  std::string data_directory() const;

  static std::string_view text(const cowork_text& text) { return {text.data == nullptr ? "" : text.data, text.size}; }

 private:
  const cowork_host* host_;
};

/// One run of a tool.
class ToolCall {
 public:
  explicit ToolCall(const cowork_tool_call& call) : call_(&call) {}
  std::string_view tool() const { return Host::text(call_->tool); }
  /// JSON text; nobody has compared it with the tool's schema yet.
  std::string_view input() const { return Host::text(call_->input); }
  /// True once nobody waits for the answer any more: stop, and throw ToolError("cancelled", ...).
  bool cancelled() const { return call_->is_cancelled(call_->context) != 0; }

 private:
  const cowork_tool_call* call_;
};

/// An operation of the host, as interceptors see it. The meaning of each member is in pack_api.h.
class Operation {
 public:
  explicit Operation(const cowork_operation& operation) : operation_(&operation) {}
  std::string_view name() const { return Host::text(operation_->name); }
  bool mutates() const { return Host::text(operation_->effect) == "mutate"; }
  std::string_view subject_kind() const { return Host::text(operation_->subject_kind); }
  std::string_view subject_id() const { return Host::text(operation_->subject_id); }
  std::string_view entry() const { return Host::text(operation_->entry); }
  std::string_view actor() const { return Host::text(operation_->actor); }
  bool dry_run() const { return operation_->dry_run != 0; }
  std::uint64_t id() const { return operation_->id; }
  std::uint64_t parent() const { return operation_->parent; }
  /// What Interceptor::revision said for this judgement: judge by it, and a whole list gets one answer.
  std::uint64_t revision() const { return operation_->revision; }

 private:
  const cowork_operation* operation_;
};

/// What the rest of the chain did.
struct Outcome {
  bool ok = false;
  std::string code = {};  ///< of the error, such as "policy-denied"
  std::string message = {};
};

/// The rest of the chain. Call it once, in the handler that was given it.
class Next {
 public:
  explicit Next(const cowork_next& next) : next_(&next) {}
  Outcome operator()() const;

 private:
  const cowork_next* next_;
};

/// What stands between a request and its handler. Each member but the name may be left out.
struct Interceptor {
  std::string name;
  /// Which operations it is for, by name and whether they change anything; left out: all.
  std::function<bool(std::string_view operation, bool mutates)> applies_to = {};
  /// May this happen? No side effects: it is asked for lists and by `explain`, too. A refusal here is better than one
  /// in `intercept`, which lists don't see.
  std::function<std::optional<Refusal>(const Operation&)> judge = {};
  /// Around the rest of the chain: call `next`, or throw a Refusal. What came of `next` stands when it returns.
  std::function<void(const Operation&, const Next&)> intercept = {};
  /// A number that changes when `judge` would answer otherwise; left out where it depends on the operation alone.
  std::function<std::uint64_t()> revision = {};
};

struct Tool {
  std::string name, description, input_schema;
  std::function<std::string(const ToolCall&)> run;
};

struct Listener {
  std::string type;
  std::function<void(std::string_view type, std::string_view data)> handle;
};

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
