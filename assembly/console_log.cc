#include "console_log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "cowork/base/text.h"

namespace cowork {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

class ConsoleLog final : public Log {
 public:
  explicit ConsoleLog(std::string_view level) : logger_("cowork", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    // Not in spdlog's registry: an application may have loggers of its own.
    logger_.set_pattern("%l: %v");
    logger_.set_level(spdlog::level::from_str(std::string(level)));
  }
  void write(LogLevel level, std::string_view source, std::string_view message) override {
    logger_.log(level_of(level), "{}: {}", printable(source), printable(message));
  }

 private:
  spdlog::logger logger_;
};

}  // namespace

std::shared_ptr<Log> make_console_log(std::string_view level) {
  return std::make_shared<ConsoleLog>(level);
}

}  // namespace cowork
