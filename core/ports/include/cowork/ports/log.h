// Where words for whoever runs the host go: what native packs log, and what no caller is told.
#pragma once

#include <cstdint>
#include <string_view>

namespace cowork {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// Threads: every method may be called by any thread.
class Log {
 public:
  virtual ~Log() = default;
  /// `source` is a pack's name or a part of the host. Neither text is trusted: whoever shows them escapes them.
  virtual void write(LogLevel level, std::string_view source, std::string_view message) = 0;
};

}  // namespace cowork
