// The runner's end of the socket pair.
#pragma once

#include <mutex>
#include <optional>
#include <string_view>

#include "cowork/loaders/runner_protocol.h"
#include "cowork/ports/log.h"

namespace cowork::runner {

/// Threads: one at a time reads, any may send. A host that is gone ends the process.
class Connection {
 public:
  /// `descriptor` is not owned.
  explicit Connection(int descriptor) noexcept : descriptor_(descriptor) {}

  /// Waits for the next frame. Errors: internal.
  Result<loaders::runner_protocol::Frame> read();
  void send(std::string_view name, json::Value content);
  /// Like send(); what is longer than a frame may be becomes the error that it is.
  void answer(std::int64_t id, const Result<json::Value>& answer);

 private:
  void write(std::string_view bytes);
  int descriptor_;
  loaders::runner_protocol::FrameCutter cutter_;
  std::mutex writing_;
};

/// What the pack logs, told to the host. The connection must outlive it.
class ForwardedLog final : public Log {
 public:
  explicit ForwardedLog(Connection& connection) : connection_(connection) {}
  void write(LogLevel level, std::string_view source, std::string_view message) override;

 private:
  Connection& connection_;
};

}  // namespace cowork::runner
