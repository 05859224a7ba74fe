// A pack that does what no pack should, in a process of its own.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "cowork/loaders/isolated_loader.h"
#include "cowork/ports/manual_clock.h"
#include "loaders/native/native_world.h"

namespace cowork::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif
#else
inline constexpr bool is_sanitized = false;
#endif

class IsolatedWorld : public NativeWorld {
 public:
  IsolatedWorld() {
    options.disk = make_real_disk();
    options.log = log;
    options.clock = clock;
    options.home = files.path("home");
    options.host_version = "9.8.7";
    options.program = COWORK_RUNNER_PROGRAM;
    options.limits.grace = std::chrono::milliseconds(300);
  }

  std::shared_ptr<loaders::IsolatedLoader> isolated() {
    if (!loader_) loader_ = loaders::make_isolated_loader(options);
    return loader_;
  }

  const PackRecord& bad_record() { return pack("bad", file_bytes(COWORK_BAD_PACK)); }

  /// Loaded once.
  NativePack& bad() {
    if (!bad_) bad_ = loaded_isolated(bad_record());
    return *bad_;
  }
  std::shared_ptr<NativePack> loaded_isolated(const PackRecord& record) {
    auto loaded = isolated()->load(record, nullptr);
    if (!loaded) throw std::runtime_error(loaded.error().message());
    return *std::move(loaded);
  }
  void stop() { bad_.reset(); }
  /// With all it loaded.
  void destroy() {
    bad_.reset();
    loader_.reset();
  }

  Result<json::Value> call(std::string_view tool, const json::Value& input = {}, const CallOptions& how = {}) {
    return bad().call(tool, input, how);
  }
  std::string text(std::string_view tool, const json::Value& input = {}) {
    const auto answer = call(tool, input);
    if (!answer) return "error: " + answer.error().message();
    return json::to_text(*answer);
  }
  Error fault(std::string_view tool, const json::Value& input = {}, const CallOptions& how = {}) {
    auto answer = call(tool, input, how);
    if (answer) throw std::runtime_error("it answered " + json::to_text(*answer));
    return std::move(answer).error();
  }
  /// Past every back-off.
  void rest() { clock->advance_ms(10'000); }

  bool has_notice(std::string_view code) { return !notice(code).empty(); }
  /// The message of the first one with this code; empty where there is none.
  std::string notice(std::string_view code) {
    for (const Diagnostic& diagnostic : isolated()->diagnostics()) {
      if (diagnostic.code == code) return diagnostic.message;
    }
    return {};
  }

  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  loaders::IsolationOptions options;

 private:
  std::shared_ptr<loaders::IsolatedLoader> loader_;
  std::shared_ptr<NativePack> bad_;
};

/// Until `done`, which some other process brings about; the test fails when it takes ten seconds.
template <class Done>
bool eventually(const Done& done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

inline bool is_alive(pid_t pid) {
  return ::kill(pid, 0) == 0;
}

}  // namespace cowork::test
