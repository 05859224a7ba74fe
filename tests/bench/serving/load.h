// What the client of the serving benchmark does; the same against both servers.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace cowork::bench {

/// A blocking connection to a Unix socket. Aborts the program on any failure: a benchmark that goes on after one would
/// print nonsense.
class Connection {
 public:
  explicit Connection(const std::string& path);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(const std::string& text);
  /// Reads until `lines` more line feeds have come; the bytes read. What came beyond them counts for the next time.
  std::size_t receive(std::size_t lines);
  /// One line without waiting in the kernel: spins, so that what is measured is the server's waking, not ours.
  void spin_for_line();

 private:
  int descriptor_;
  std::size_t ahead_ = 0;
  std::vector<char> buffer_;
};

/// Answers a second with `window` requests under way, for `time`.
double pipelined_rate(const std::string& path, const std::string& request, std::size_t window,
                      std::chrono::milliseconds time);

/// The time from when each request was due, `rate` a second, to the end of its answer: sorted.
std::vector<std::chrono::nanoseconds> paced_latencies(const std::string& path, const std::string& request, double rate,
                                                      std::chrono::milliseconds time);

/// The median time from sending `request` to the last byte of its answer.
std::chrono::nanoseconds median_time(const std::string& path, const std::string& request, std::size_t times);

}  // namespace cowork::bench
