#include "frame_writer.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "cowork/loaders/fetch_protocol.h"

namespace cowork::fetch {
namespace {

namespace protocol = loaders::fetch_protocol;

constexpr std::chrono::milliseconds between_progress{100};

}  // namespace

void FrameWriter::progress(std::string_view phase, std::uint64_t bytes, std::uint64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_progress_) return;
  next_progress_ = now + between_progress;
  frame(protocol::progress,
        json::Value::object({{protocol::phase, phase}, {protocol::bytes, bytes}, {protocol::total, total}}));
}

void FrameWriter::directory(std::string_view path) {
  frame(protocol::directory, json::Value::object({{protocol::path, path}}));
}

void FrameWriter::file(std::string_view path, std::uint64_t size, bool executable) {
  frame(protocol::file,
        json::Value::object({{protocol::path, path}, {protocol::size, size}, {protocol::executable, executable}}));
}

void FrameWriter::done(const FetchResult& result) {
  frame(protocol::done, json::Value::object({{protocol::sha256, result.sha256}, {protocol::commit, result.commit}}));
}

void FrameWriter::error(const Error& error) {
  const auto cut = [](std::string_view text) { return text.substr(0, protocol::longest_error_text); };
  frame(protocol::error, json::Value::object({{protocol::code, to_string(error.code())},
                                              {protocol::message, cut(error.message())},
                                              {protocol::why, cut(error.why())},
                                              {protocol::remedy, cut(error.remedy())}}));
}

void FrameWriter::frame(std::string_view name, json::Value content) {
  data(json::to_text(json::Value::object({{name, std::move(content)}})) + "\n");
}

void FrameWriter::data(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) ::_exit(EXIT_FAILURE);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace cowork::fetch
