// What the host asks of a loader of native code. Core knows no dynamic linker: assembly hands a loader in
// (loaders/native).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/chain/interceptor.h"
#include "cowork/host/services.h"

namespace cowork {

struct LockRecord;

struct NativeTool {
  std::string name;
  std::string description;
  json::Value input_schema;  ///< JSON Schema as the pack gave it; null for none
};

/// A native pack that was loaded and started. Its destructor stops it; calls that are under way hold it until they end.
/// Threads: any.
class NativePack {
 public:
  virtual ~NativePack() = default;
  virtual const std::vector<NativeTool>& tools() const noexcept = 0;
  /// Runs a tool. Errors: not-found (no such tool), whatever public code the tool itself gives, internal (the tool
  /// failed otherwise, or answered no JSON).
  virtual Result<json::Value> call(std::string_view tool, const json::Value& input, const CallOptions& options) = 0;
  /// What it brings for the application phase; each keeps the pack's code alive. Empty where it may bring none.
  virtual std::vector<std::shared_ptr<Interceptor>> interceptors() = 0;
  /// Tells the pack, if it listens to events of this type.
  virtual void on_event(const Event& event) = 0;
};

class CodeLoader {
 public:
  virtual ~CodeLoader() = default;
  /// Why this pack's code is not run in this process, without looking into its library; empty when it may run.
  virtual std::string refusal(const PackRecord& pack, const TierStatus& tier) const = 0;
  /// Checks the library (ELF, machine, ABI tag, and `lock_record`'s hash where there is one), loads the very bytes that
  /// were checked, and starts the pack. Errors: not-found (it is gone), invalid-argument (its configuration),
  /// invalid-manifest (no library of a pack for this host), integrity,
  /// internal (its start failed), conflict (the host died while it was loaded before: it stays off until forgive()),
  /// io. No code of a library that was refused has run.
  virtual Result<std::shared_ptr<NativePack>> load(const PackRecord& pack, const LockRecord* lock_record) = 0;
  /// The user switched the pack on: what is remembered of its crashes while loading is forgotten.
  virtual void forgive(std::string_view name) = 0;
  /// Who is told when a pack that was loaded is given up while the host runs (an isolated one that died too often): its
  /// name, and why (conflict). Set once, before the first load; called by any thread, without locks of the loader, and
  /// not after stop_telling() came back.
  virtual void on_given_up(std::function<void(const std::string& name, const Error& why)>) {}
  virtual void stop_telling() noexcept {}
};

}  // namespace cowork
