#include "support/rpc_client.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "cowork/base/json_reader.h"

namespace cowork::test {
namespace {

using Clock = std::chrono::steady_clock;

const json::Value nothing;
constexpr json::Limits answer_limits{256u << 20, 10'000'000};

[[noreturn]] void fail_with(const std::string& what) {
  throw std::runtime_error("rpc client: " + what + (errno ? std::string(": ") + std::strerror(errno) : ""));
}

int connected(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) fail_with("the path is too long: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) fail_with("socket");
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    ::close(descriptor);
    errno = error;
    fail_with("cannot connect to " + path);
  }
  return descriptor;
}

const json::Value& member(const json::Value& value, std::string_view key) {
  const json::Value* found = value.find(key);
  return found ? *found : nothing;
}

}  // namespace

const json::Value& RpcAnswer::result() const {
  return member(document, "result");
}

std::string RpcAnswer::code() const {
  const std::string* code = member(member(member(document, "error"), "data"), "code").as_string();
  return code ? *code : std::string();
}

std::string RpcAnswer::message() const {
  const std::string* message = member(member(document, "error"), "message").as_string();
  return message ? *message : std::string();
}

std::int64_t RpcAnswer::number() const {
  return member(member(document, "error"), "code").as_int64().value_or(0);
}

RpcClient::RpcClient(const std::string& socket_path, Milliseconds patience)
    : RpcClient(connected(socket_path), patience) {}

RpcClient::RpcClient(int descriptor, Milliseconds patience) : descriptor_(descriptor), patience_(patience) {
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
}

RpcClient::~RpcClient() {
  ::close(descriptor_);
}

RpcAnswer RpcClient::call(std::string_view method, const json::Value& params, const json::Value& options) {
  return finish(begin(method, params, options));
}

std::int64_t RpcClient::begin(std::string_view method, const json::Value& params, const json::Value& options) {
  json::Value request = json::Value::object({{"jsonrpc", "2.0"}, {"id", ++last_id_}, {"method", method}});
  if (!params.is_null()) request.set("params", params);
  if (!options.is_null()) request.set("options", options);
  send(json::to_text(request) + "\n");
  return last_id_;
}

RpcAnswer RpcClient::finish(std::int64_t id) {
  const auto answers = [id](const json::Value& document) {
    return !document.find("method") && member(document, "id").as_int64() == id;
  };
  const auto found = std::find_if(kept_.begin(), kept_.end(), answers);
  if (found != kept_.end()) {
    RpcAnswer answer{std::move(*found)};
    kept_.erase(found);
    return answer;
  }
  for (;;) {
    json::Value document = read_document();
    if (answers(document)) return {std::move(document)};
    kept_.push_back(std::move(document));
  }
}

json::Value RpcClient::event(std::string_view type) {
  const auto is_it = [type](const json::Value& document) {
    const std::string* method = member(document, "method").as_string();
    return method && *method == type;
  };
  const auto found = std::find_if(kept_.begin(), kept_.end(), is_it);
  if (found != kept_.end()) {
    json::Value event = std::move(*found);
    kept_.erase(found);
    return event;
  }
  for (;;) {
    json::Value document = read_document();
    if (is_it(document)) return document;
    if (!document.find("method")) kept_.push_back(std::move(document));
  }
}

void RpcClient::send(std::string_view bytes) {
  const Clock::time_point deadline = Clock::now() + patience_;
  while (!bytes.empty()) {
    const std::size_t sent = send_some(bytes);
    bytes.remove_prefix(sent);
    if (sent == 0) wait_for(POLLOUT, deadline);
  }
}

void RpcClient::send_or_leave(std::string_view bytes) noexcept {
  try {
    send(bytes);
  } catch (const std::runtime_error&) {
    return;  // what it said before is there to be read
  }
}

std::size_t RpcClient::send_some(std::string_view bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count = ::send(descriptor_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN)) break;
    if (count < 0) fail_with("cannot send");
    sent += static_cast<std::size_t>(count);
  }
  return sent;
}

std::string RpcClient::line() {
  const Clock::time_point deadline = Clock::now() + patience_;
  for (;;) {
    if (std::optional<std::string> line = line_in_buffer()) return std::move(*line);
    errno = 0;
    if (!fill(deadline)) fail_with("the server has closed; unfinished: \"" + buffer_.substr(read_to_) + "\"");
  }
}

json::Value RpcClient::document() {
  if (kept_.empty()) return read_document();
  json::Value first = std::move(kept_.front());
  kept_.pop_front();
  return first;
}

bool RpcClient::at_end() {
  const Clock::time_point deadline = Clock::now() + patience_;
  return read_to_ == buffer_.size() && !fill(deadline);
}

void RpcClient::end_sending() {
  ::shutdown(descriptor_, SHUT_WR);
}

void RpcClient::wait_for(short events, Clock::time_point deadline) const {
  const auto left = std::chrono::duration_cast<Milliseconds>(deadline - Clock::now()).count();
  pollfd entry{descriptor_, events, 0};
  errno = 0;
  const int ready = left > 0 ? ::poll(&entry, 1, static_cast<int>(left) + 1) : 0;
  if (ready == 0) fail_with("nothing came in time");
  if (ready < 0 && errno != EINTR) fail_with("poll");
}

bool RpcClient::fill(Clock::time_point deadline) {
  if (read_to_ == buffer_.size()) {
    buffer_.clear();
    read_to_ = 0;
  }
  char bytes[65536];
  for (;;) {
    const ssize_t count = ::recv(descriptor_, bytes, sizeof bytes, 0);
    if (count > 0) {
      buffer_.append(bytes, static_cast<std::size_t>(count));
      return true;
    }
    if (count == 0 || errno == ECONNRESET) return false;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) fail_with("cannot receive");
    wait_for(POLLIN, deadline);
  }
}

std::optional<std::string> RpcClient::line_in_buffer() {
  const std::size_t end = buffer_.find('\n', read_to_);
  if (end == std::string::npos) return std::nullopt;
  std::string line = buffer_.substr(read_to_, end - read_to_);
  read_to_ = end + 1;
  return line;
}

json::Value RpcClient::read_document() {
  const std::string text = line();
  const auto read = json::parse(text, "<answer>", answer_limits, ErrorCode::internal);
  errno = 0;
  if (!read) fail_with("no JSON (" + read.error().message() + "): " + text.substr(0, 200));
  return read->root;
}

}  // namespace cowork::test
