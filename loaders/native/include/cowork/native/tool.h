// What a native pack brings for callers and for events: tools and listeners.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "cowork/native/pack_reply.h"

namespace cowork::native {

/// An error that whoever called the tool can do something about. `code` is one of invalid-argument, not-found, io,
/// network, timeout, cancelled, conflict, already-exists, integrity; any other reaches the caller as internal.
class ToolError : public std::runtime_error {
 public:
  ToolError(std::string code, const std::string& message) : std::runtime_error(message), code_(std::move(code)) {}
  const std::string& code() const noexcept { return code_; }

 private:
  std::string code_;
};

/// One run of a tool.
class ToolCall {
 public:
  explicit ToolCall(const cowork_tool_call& call) : call_(&call) {}
  std::string_view tool() const { return border::view_of(call_->tool); }
  /// JSON text; nobody has compared it with the tool's schema yet.
  std::string_view input() const { return border::view_of(call_->input); }
  /// True once nobody waits for the answer any more: stop, and throw ToolError("cancelled", ...).
  bool cancelled() const { return call_->is_cancelled(call_->context) != 0; }

 private:
  const cowork_tool_call* call_;
};

struct Tool {
  std::string name, description, input_schema;
  std::function<std::string(const ToolCall&)> run;
};

struct Listener {
  std::string type;
  std::function<void(std::string_view type, std::string_view data)> handle;
};

}  // namespace cowork::native
