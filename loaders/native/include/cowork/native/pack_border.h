// What stands between the tables of pack_api.h and the classes of pack.h. Not for packs: they include pack.h.
#pragma once

#include <memory>

#include "cowork/native/pack.h"

namespace cowork::native::border {

inline cowork_text text_of(std::string_view text) {
  return {text.data(), text.size()};
}

inline void fail(const cowork_reply& reply, std::string_view code, std::string_view message, std::string_view why = {},
                 std::string_view remedy = {}) {
  const cowork_fault fault{sizeof fault, text_of(code), text_of(message), text_of(why), text_of(remedy)};
  reply.fail(reply.context, &fault);
}

/// Runs the pack's code; what it throws becomes what a C function can say.
template <class Function>
std::int32_t guarded(const cowork_reply& reply, const Function& function) noexcept {
  try {
    return function();
  } catch (const ToolError& error) {
    fail(reply, error.code(), error.what());
    return COWORK_PACK_REFUSED;
  } catch (const Refusal& refusal) {
    fail(reply, "policy-denied", refusal.message, refusal.why, refusal.remedy);
    return COWORK_PACK_REFUSED;
  } catch (const std::exception& exception) {
    fail(reply, {}, exception.what());
  } catch (...) {
    fail(reply, {}, "it threw something that is no std::exception");
  }
  return COWORK_PACK_FAULT;
}

/// A reply whose text and fault are kept.
struct Answer {
  std::string text;
  Outcome outcome{true, {}, {}};

  cowork_reply reply() {
    return {sizeof(cowork_reply), this,
            [](void* context, const char* data, std::size_t size) {
              if (size != 0) static_cast<Answer*>(context)->text.append(data, size);
            },
            [](void* context, const cowork_fault* fault) {
              static_cast<Answer*>(context)->outcome = {false, std::string(Host::text(fault->code)),
                                                        std::string(Host::text(fault->message))};
            }};
  }
};

inline std::string json_string(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20) {
      quoted += "\\u00";
      quoted += digits[byte >> 4U];
      quoted += digits[byte & 0xFU];
    } else {
      quoted += c;
    }
  }
  return quoted += '"';
}

template <class Items, class Write>
std::string json_array(const Items& items, const Write& write) {
  std::string text = "[";
  for (const auto& item : items) text += (text.size() == 1 ? "" : ", ") + write(item);
  return text += "]";
}

inline std::string description_of(const Pack& pack) {
  const auto tool = [](const Tool& one) {
    return R"({"name": )" + json_string(one.name) + R"(, "description": )" + json_string(one.description) +
           (one.input_schema.empty() ? "" : R"(, "inputSchema": )" + one.input_schema) + "}";
  };
  return R"({"tools": )" + json_array(pack.tools(), tool) + R"(, "events": )" +
         json_array(pack.listeners(), [](const Listener& listener) { return json_string(listener.type); }) +
         R"(, "interceptors": )" +
         json_array(pack.interceptors(), [](const Interceptor& one) { return json_string(one.name); }) + "}";
}

inline const Pack& pack_of(void* instance) {
  return *static_cast<const Pack*>(instance);
}

template <class Type>
std::int32_t start(const cowork_host* host, void** instance, const cowork_reply* reply) {
  return guarded(*reply, [&] {
    std::unique_ptr<Pack> pack = std::make_unique<Type>(Host(*host));
    *instance = pack.release();
    return COWORK_PACK_OK;
  });
}

inline void stop(void* instance) {
  delete static_cast<Pack*>(instance);
}

inline std::int32_t describe(void* instance, const cowork_reply* reply) {
  return guarded(*reply, [&] {
    const std::string description = description_of(pack_of(instance));
    reply->append(reply->context, description.data(), description.size());
    return COWORK_PACK_OK;
  });
}

inline std::int32_t call_tool(void* instance, const cowork_tool_call* call, const cowork_reply* reply) {
  return guarded(*reply, [&] {
    for (const Tool& tool : pack_of(instance).tools()) {
      if (tool.name != Host::text(call->tool)) continue;
      const std::string answer = tool.run(ToolCall(*call));
      reply->append(reply->context, answer.data(), answer.size());
      return COWORK_PACK_OK;
    }
    throw ToolError("not-found", "there is no such tool");
  });
}

inline std::int32_t on_event(void* instance, cowork_text type, cowork_text data, const cowork_reply* reply) {
  return guarded(*reply, [&] {
    for (const Listener& listener : pack_of(instance).listeners()) {
      if (listener.type == Host::text(type)) listener.handle(Host::text(type), Host::text(data));
    }
    return COWORK_PACK_OK;
  });
}

/// What throws is for all operations: a fault then shows where it stands.
inline std::int32_t applies_to(void* instance, std::uint32_t index, cowork_text operation, cowork_text effect) {
  try {
    const Interceptor& interceptor = pack_of(instance).interceptors().at(index);
    return !interceptor.applies_to || interceptor.applies_to(Host::text(operation), Host::text(effect) == "mutate");
  } catch (...) {
    return 1;
  }
}

inline std::int32_t revision(void* instance, std::uint32_t index, std::uint64_t* revision, const cowork_reply* reply) {
  return guarded(*reply, [&] {
    const Interceptor& interceptor = pack_of(instance).interceptors().at(index);
    *revision = interceptor.revision ? interceptor.revision() : 0;
    return COWORK_PACK_OK;
  });
}

inline std::int32_t judge(void* instance, std::uint32_t index, const cowork_operation* operation,
                          const cowork_reply* reply) {
  return guarded(*reply, [&]() -> std::int32_t {
    const Interceptor& interceptor = pack_of(instance).interceptors().at(index);
    if (!interceptor.judge) return COWORK_PACK_OK;
    if (auto refusal = interceptor.judge(Operation(*operation))) throw *std::move(refusal);
    return COWORK_PACK_OK;
  });
}

inline std::int32_t intercept(void* instance, std::uint32_t index, const cowork_operation* operation,
                              const cowork_next* next, const cowork_reply* reply) {
  return guarded(*reply, [&] {
    const Interceptor& interceptor = pack_of(instance).interceptors().at(index);
    if (interceptor.intercept) {
      interceptor.intercept(Operation(*operation), Next(*next));
    } else {
      Next{*next}();
    }
    return COWORK_PACK_OK;
  });
}

template <class Type>
constexpr cowork_pack_table table_of() {
  return {sizeof(cowork_pack_table),
          COWORK_PACK_API_VERSION,
          &start<Type>,
          &stop,
          &describe,
          &call_tool,
          &on_event,
          &applies_to,
          &revision,
          &judge,
          &intercept};
}

}  // namespace cowork::native::border

namespace cowork::native {

inline void Host::log(Level level, std::string_view message) const {
  host_->log(host_->context, static_cast<std::int32_t>(level), border::text_of(message));
}

inline std::string Host::data_directory() const {
  border::Answer answer;
  const cowork_reply reply = answer.reply();
  if (host_->data_directory(host_->context, &reply) != COWORK_PACK_OK) throw std::runtime_error(answer.outcome.message);
  return answer.text;
}

inline Outcome Next::operator()() const {
  border::Answer answer;
  const cowork_reply reply = answer.reply();
  if (next_->run(next_->context, &reply) != COWORK_PACK_OK) answer.outcome.ok = false;
  return answer.outcome;
}

}  // namespace cowork::native
