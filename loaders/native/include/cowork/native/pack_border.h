// What stands between the tables of pack_api.h and the classes of pack.h. Not for packs: they include pack.h.
#pragma once

#include <memory>

#include "cowork/native/pack.h"
#include "cowork/native/pack_description.h"

namespace cowork::native::border {

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
    const Pack& pack = pack_of(instance);
    const std::string description = description_of(pack.tools(), pack.listeners(), pack.interceptors());
    reply->append(reply->context, description.data(), description.size());
    return COWORK_PACK_OK;
  });
}

inline std::int32_t call_tool(void* instance, const cowork_tool_call* call, const cowork_reply* reply) {
  return guarded(*reply, [&] {
    for (const Tool& tool : pack_of(instance).tools()) {
      if (tool.name != view_of(call->tool)) continue;
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
      if (listener.type == view_of(type)) listener.handle(view_of(type), view_of(data));
    }
    return COWORK_PACK_OK;
  });
}

/// What throws is for all operations: a fault then shows where it stands.
inline std::int32_t applies_to(void* instance, std::uint32_t index, cowork_text operation, cowork_text effect) {
  try {
    const Interceptor& interceptor = pack_of(instance).interceptors().at(index);
    return !interceptor.applies_to || interceptor.applies_to(view_of(operation), view_of(effect) == "mutate");
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
