#include "load.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace cowork::bench {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(EXIT_FAILURE);
}

}  // namespace

Connection::Connection(const std::string& path)
    : descriptor_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), buffer_(1u << 20) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) give_up("path");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  if (::connect(descriptor_, generic, sizeof(address)) != 0) give_up("connect");
}

Connection::~Connection() {
  ::close(descriptor_);
}

void Connection::send(const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t bytes = ::send(descriptor_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (bytes <= 0) give_up("send");
    sent += static_cast<std::size_t>(bytes);
  }
}

std::size_t Connection::receive(std::size_t lines) {
  std::size_t total = 0;
  const std::size_t early = std::min(ahead_, lines);
  ahead_ -= early;
  lines -= early;
  while (lines > 0) {
    const ssize_t bytes = ::recv(descriptor_, buffer_.data(), buffer_.size(), 0);
    if (bytes <= 0) give_up("recv");
    total += static_cast<std::size_t>(bytes);
    const auto found = static_cast<std::size_t>(std::count(buffer_.begin(), buffer_.begin() + bytes, '\n'));
    ahead_ += found - std::min(found, lines);
    lines -= std::min(found, lines);
  }
  return total;
}

void Connection::spin_for_line() {
  for (;;) {
    const ssize_t bytes = ::recv(descriptor_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (bytes > 0 && buffer_[static_cast<std::size_t>(bytes) - 1] == '\n') return;
    if (bytes == 0 || (bytes < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) give_up("recv");
  }
}

double pipelined_rate(const std::string& path, const std::string& request, std::size_t window,
                      std::chrono::milliseconds time) {
  Connection connection(path);
  std::string half;
  for (std::size_t i = 0; i < window / 2; ++i) half += request;
  connection.send(half);
  std::size_t answers = 0;
  const auto begin = Clock::now();
  const auto end = begin + time;
  auto now = begin;
  for (; now < end; now = Clock::now()) {
    connection.send(half);
    connection.receive(window / 2);
    answers += window / 2;
  }
  connection.receive(window / 2);
  return static_cast<double>(answers) / std::chrono::duration<double>(now - begin).count();
}

std::vector<std::chrono::nanoseconds> paced_latencies(const std::string& path, const std::string& request, double rate,
                                                      std::chrono::milliseconds time) {
  Connection connection(path);
  const std::chrono::nanoseconds interval(static_cast<std::int64_t>(1e9 / rate));
  const auto count = static_cast<std::size_t>(time / interval);
  std::vector<std::chrono::nanoseconds> latencies;
  latencies.reserve(count);
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < count; ++i) {
    const auto due = begin + interval * static_cast<std::int64_t>(i);
    while (Clock::now() < due) {
    }
    connection.send(request);
    connection.spin_for_line();
    latencies.push_back(Clock::now() - due);
  }
  std::sort(latencies.begin(), latencies.end());
  return latencies;
}

std::chrono::nanoseconds median_time(const std::string& path, const std::string& request, std::size_t times) {
  Connection connection(path);
  std::vector<std::chrono::nanoseconds> taken;
  for (std::size_t i = 0; i < times; ++i) {
    const auto begin = Clock::now();
    connection.send(request);
    connection.receive(1);
    taken.push_back(Clock::now() - begin);
  }
  std::nth_element(taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(times / 2), taken.end());
  return taken[times / 2];
}

}  // namespace cowork::bench
