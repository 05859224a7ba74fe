#include "connection.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

namespace cowork::runner {
namespace {

namespace protocol = loaders::runner_protocol;

constexpr std::size_t read_bytes = 64U << 10U;

std::string_view word_of(LogLevel level) {
  constexpr std::array<std::string_view, 4> words{"debug", "info", "warning", "error"};
  return words[static_cast<std::size_t>(level)];
}

}  // namespace

Result<protocol::Frame> Connection::read() {
  std::array<char, read_bytes> buffer;
  while (true) {
    COWORK_ASSIGN(auto frame, cutter_.next());
    if (frame) return *std::move(frame);
    const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) ::_exit(EXIT_SUCCESS);
    cutter_.feed({buffer.data(), static_cast<std::size_t>(got)});
  }
}

void Connection::send(std::string_view name, json::Value content) {
  write(protocol::framed(name, std::move(content)));
}

void Connection::answer(std::int64_t id, const Result<json::Value>& answer) {
  if (!answer) {
    send("answer", json::Value::object({{"id", id}, {"error", protocol::to_json(answer.error())}}));
    return;
  }
  const std::string frame = protocol::framed("answer", json::Value::object({{"id", id}, {"value", *answer}}));
  if (frame.size() <= protocol::longest_frame) return write(frame);
  const Error error = Error::internal(fmt::format("it answered more than {} bytes", loaders::max_answer_bytes));
  send("answer", json::Value::object({{"id", id}, {"error", protocol::to_json(error)}}));
}

void Connection::write(std::string_view bytes) {
  const std::lock_guard lock(writing_);
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) ::_exit(EXIT_FAILURE);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void ForwardedLog::write(LogLevel level, std::string_view, std::string_view message) {
  connection_.send(
      "log", json::Value::object({{"level", word_of(level)}, {"text", message.substr(0, protocol::longest_log)}}));
}

}  // namespace cowork::runner
