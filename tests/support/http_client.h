// A blocking HTTP/1.1 and WebSocket client that sends the bytes it is told, with a deadline for everything it waits
// for: what does not come in time throws.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cowork::test {

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> fields;  ///< names in lower case
  std::string body;

  /// Empty when there is none.
  std::string field(const std::string& name) const;
};

struct WebSocketFrame {
  unsigned opcode = 0;  ///< 1 text, 8 close, 9 ping, 10 pong
  std::string payload;

  unsigned close_code() const;  ///< of a close frame; 0: none
};

/// Threads: one at a time. What goes wrong throws std::runtime_error.
class HttpClient {
 public:
  using Milliseconds = std::chrono::milliseconds;
  using Fields = std::vector<std::pair<std::string, std::string>>;

  /// Connects to 127.0.0.1. `receive_buffer`: bytes of the kernel's, 0 its own choice.
  explicit HttpClient(unsigned port, Milliseconds patience = Milliseconds(20'000), int receive_buffer = 0);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// With Host and, for a body, Content-Length, unless `fields` has a field of that name ("" leaves it out).
  void send_request(std::string_view method, std::string_view target, Fields fields = {}, std::string_view body = {});
  HttpAnswer request(std::string_view method, std::string_view target, Fields fields = {}, std::string_view body = {});
  /// The next answer; one to HEAD has no body.
  HttpAnswer answer(bool to_head = false);

  /// Bytes as they stand; false when the peer has closed meanwhile.
  bool send(std::string_view bytes);
  /// True when the peer has closed (or reset): nothing but the end is left to read.
  bool at_end();
  /// Whether it is at its end already: nothing is waited for.
  bool has_ended();
  void end_sending();
  /// With a reset instead of an end.
  void abort();

  /// Frames of a WebSocket, after its 101.
  void send_frame(unsigned opcode, std::string_view payload);
  WebSocketFrame frame();
  /// The next text; pings before it are answered.
  std::string message();

 private:
  bool fill();
  std::string take(std::size_t bytes);
  std::string take_line();
  void close();

  unsigned port_;
  Milliseconds patience_;
  int descriptor_ = -1;
  std::string buffer_;
};

}  // namespace cowork::test
