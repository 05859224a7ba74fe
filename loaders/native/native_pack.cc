#include "native_pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "cowork/base/json_tape.h"
#include "cowork/base/text.h"
#include "cowork/loaders/pack_answers.h"

namespace cowork::loaders {
namespace {

std::int32_t is_cancelled(void* context) {
  const auto& options = *static_cast<const CallOptions*>(context);
  const bool late = options.deadline && std::chrono::steady_clock::now() >= *options.deadline;
  return options.stop.stop_requested() || late ? 1 : 0;
}

class StartedPack final : public NativePack {
 public:
  StartedPack(std::shared_ptr<NativeInstance> instance, PackDescription description)
      : instance_(std::move(instance)), description_(std::move(description)) {}

  const std::vector<NativeTool>& tools() const noexcept override { return description_.tools; }

  Result<json::Value> call(std::string_view tool, const json::Value& input, const CallOptions& options) override {
    COWORK_TRY(check_tool_known(description_, tool, instance_->name()));
    const std::string text = json::to_text(input);
    // The pack's code gives the pointer back to is_cancelled(), which only reads.
    void* const context = const_cast<CallOptions*>(&options);
    const cowork_tool_call call{sizeof call, context, to_cowork_text(tool), to_cowork_text(text), &is_cancelled};
    const PackAnswer answer = ask_pack(
        [&](const cowork_reply& reply) { return instance_->table().call_tool(instance_->pack(), &call, &reply); });
    if (answer.kind != PackAnswer::Kind::ok) return fail(error_of(answer).prefixed(named(tool)));
    json::Tape tape;
    const auto read = tape.read(answer.text, "<answer>", answer_limits, ErrorCode::internal);
    if (read) return tape.root().to_value();
    return fail(Error::internal(fmt::format("{} answered no JSON: {}", named(tool), read.error().message()))
                    .with_why(read.error().why()));
  }

  std::vector<std::shared_ptr<Interceptor>> interceptors() override {
    std::vector<std::shared_ptr<Interceptor>> made;
    for (const std::string& name : description_.interceptors) {
      made.push_back(make_pack_interceptor(instance_, static_cast<std::uint32_t>(made.size()), name));
    }
    return made;
  }

  void on_event(const Event& event) override {
    const auto& events = description_.events;
    if (std::find(events.begin(), events.end(), event.type) == events.end()) return;
    const std::string data = json::to_text(event.data);
    const PackAnswer answer = ask_pack([&](const cowork_reply& reply) {
      return instance_->table().on_event(instance_->pack(), to_cowork_text(event.type), to_cowork_text(data), &reply);
    });
    if (answer.kind == PackAnswer::Kind::ok) return;
    instance_->log(LogLevel::warning, fmt::format("its listener to {} failed: {}", event.type, answer.message));
  }

 private:
  std::string named(std::string_view tool) const {
    return fmt::format("tool {} of pack {}", quoted(tool), quoted(instance_->name()));
  }

  static Error error_of(const PackAnswer& answer) {
    const bool fault = answer.kind == PackAnswer::Kind::fault;
    Error error(fault ? ErrorCode::internal : public_code(answer.code), answer.message);
    return std::move(error).with_why(answer.why).with_remedy(answer.remedy);
  }

  std::shared_ptr<NativeInstance> instance_;
  PackDescription description_;
};

Result<void> check_functions(const NativeInstance& instance, const PackDescription& description) {
  const cowork_pack_table& table = instance.table();
  const char* missing = nullptr;
  if (!description.tools.empty() && table.call_tool == nullptr) missing = "tools, but no function for them";
  if (!description.events.empty() && table.on_event == nullptr) missing = "listeners, but no function for them";
  if (!description.interceptors.empty() && table.judge == nullptr && table.intercept == nullptr) {
    missing = "interceptors, but no function for them";
  }
  if (missing == nullptr) return {};
  return fail(Error::internal(fmt::format("pack {} names {}", quoted(instance.name()), missing)));
}

}  // namespace

Result<StartedCode> make_native_pack(std::shared_ptr<NativeInstance> instance) {
  const PackAnswer answer =
      ask_pack([&](const cowork_reply& reply) { return instance->table().describe(instance->pack(), &reply); });
  if (answer.kind != PackAnswer::Kind::ok) {
    return fail(
        Error::internal(fmt::format("pack {} can't say what it brings: {}", quoted(instance->name()), answer.message)));
  }
  COWORK_ASSIGN(PackDescription description, parse_pack_description(answer.text, instance->name()));
  COWORK_TRY(check_functions(*instance, description));
  auto pack = std::make_shared<StartedPack>(std::move(instance), description);
  return StartedCode{std::move(pack), std::move(description)};
}

}  // namespace cowork::loaders
