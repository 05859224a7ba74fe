// A blocking JSON-RPC client over a Unix socket, with a deadline for everything it waits for: what does not come in
// time throws.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "cowork/base/json.h"

namespace cowork::test {

struct RpcAnswer {
  json::Value document;  ///< the whole response

  bool ok() const { return document.find("result") != nullptr; }
  /// Null when there is none.
  const json::Value& result() const;
  /// `error.data.code`; empty when it succeeded.
  std::string code() const;
  std::string message() const;
  std::int64_t number() const;  ///< `error.code`; 0 when it succeeded
};

/// Threads: one at a time. What goes wrong throws std::runtime_error.
class RpcClient {
 public:
  using Milliseconds = std::chrono::milliseconds;

  explicit RpcClient(const std::string& socket_path, Milliseconds patience = Milliseconds(20'000));
  /// Takes over a connected stream (a socket pair's end, a TCP connection).
  explicit RpcClient(int descriptor, Milliseconds patience = Milliseconds(20'000));
  ~RpcClient();
  RpcClient(const RpcClient&) = delete;
  RpcClient& operator=(const RpcClient&) = delete;

  /// One request and its answer; events and other answers that come meanwhile are kept. `options` goes along when it is
  /// not null.
  RpcAnswer call(std::string_view method, const json::Value& params = {}, const json::Value& options = {});
  /// Sends a request and returns its id at once.
  std::int64_t begin(std::string_view method, const json::Value& params = {}, const json::Value& options = {});
  /// The answer to begin().
  RpcAnswer finish(std::int64_t id);
  /// The next event of `type`; others are dropped.
  json::Value event(std::string_view type);

  /// Bytes as they stand.
  void send(std::string_view bytes);
  /// The same, but what the peer no longer takes is left.
  void send_or_leave(std::string_view bytes) noexcept;
  /// As many as are taken without waiting.
  std::size_t send_some(std::string_view bytes);
  /// The next line, without its LF, whatever it is.
  std::string line();
  json::Value document();
  /// True when the peer has closed: nothing but the end is left to read.
  bool at_end();
  /// Nothing more will be sent (shutdown of this direction).
  void end_sending();
  int descriptor() const noexcept { return descriptor_; }

 private:
  void wait_for(short events, std::chrono::steady_clock::time_point deadline) const;
  bool fill(std::chrono::steady_clock::time_point deadline);
  std::optional<std::string> line_in_buffer();
  json::Value read_document();

  int descriptor_ = -1;
  Milliseconds patience_;
  std::int64_t last_id_ = 0;
  std::string buffer_;
  std::size_t read_to_ = 0;
  std::deque<json::Value> kept_;
};

}  // namespace cowork::test
