// One started instance of a native pack, as the host calls it: text in, text out, faults as values.
//
// Threads: any, once started. Ownership: shared by the pack and its interceptors; the last one stops the instance.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cowork/base/result.h"
#include "cowork/loaders/native_start.h"
#include "cowork/native/pack_api.h"

namespace cowork::loaders {

/// What a pack answered through a cowork_reply.
struct PackAnswer {
  enum class Kind { ok, refused, fault };
  Kind kind = Kind::ok;
  std::string text;
  std::string code;
  std::string message;
  std::string why;
  std::string remedy;
};

cowork_text to_cowork_text(std::string_view text) noexcept;
std::string_view from_cowork_text(const cowork_text& text) noexcept;

/// A call of the pack's code, with `context`, that is given where to answer. Whatever it throws is a fault.
PackAnswer ask_pack(std::int32_t (*function)(const void* context, const cowork_reply&), const void* context);

/// The same for a callable that lives as long as the call.
template <class Function>
PackAnswer ask_pack(const Function& function) {
  const auto call = [](const void* context, const cowork_reply& reply) -> std::int32_t {
    return (*static_cast<const Function*>(context))(reply);
  };
  return ask_pack(call, &function);
}

class NativeInstance {
 public:
  /// Errors: internal when the pack's start failed.
  static Result<std::shared_ptr<NativeInstance>> start(const cowork_pack_table& table, PackSurroundings surroundings);
  ~NativeInstance();
  NativeInstance(const NativeInstance&) = delete;
  NativeInstance& operator=(const NativeInstance&) = delete;

  const cowork_pack_table& table() const noexcept { return table_; }
  /// First argument of the table's functions.
  void* pack() const noexcept { return pack_; }
  const std::string& name() const noexcept { return surroundings_.pack; }
  void log(LogLevel level, std::string_view message) const;

 private:
  NativeInstance(const cowork_pack_table& table, PackSurroundings surroundings);
  static void log_of_pack(void* context, std::int32_t level, cowork_text message) noexcept;
  static std::int32_t data_directory_of_pack(void* context, const cowork_reply* reply) noexcept;

  const cowork_pack_table& table_;
  const PackSurroundings surroundings_;
  cowork_host host_;
  void* pack_ = nullptr;
  bool started_ = false;
};

}  // namespace cowork::loaders
