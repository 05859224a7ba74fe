// Who may call over HTTP: whoever has the token of the file, or one that a one-time code was exchanged for. In memory
// only; tokens and codes are 256 random bits in hex, compared in constant time.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/ports/clock.h"

namespace cowork::server {

/// 32 random bytes, lower-case hex.
std::string random_token();

class Sessions {
 public:
  static constexpr std::int64_t code_seconds = 60;
  static constexpr std::int64_t session_seconds = 12 * 60 * 60;  ///< since its last use
  static constexpr std::size_t most_codes = 16;
  static constexpr std::size_t most_sessions = 64;
  static constexpr std::size_t wrong_codes_a_minute = 20;

  enum class Exchange : std::uint8_t { opened, wrong_code, too_many_attempts };
  struct Opened {
    Exchange outcome;
    std::string token;  ///< of the new session; empty unless opened
  };

  /// `file_token` is good for as long as this lives; empty: there is none.
  Sessions(std::shared_ptr<Clock> clock, std::string file_token);

  /// A code good once within a minute. Beyond most_codes the oldest goes.
  std::string issue_code();
  /// The code is used up. Beyond most_sessions the session that was used longest ago goes. After
  /// wrong_codes_a_minute wrong ones all that is wrong is too_many_attempts until a minute has passed; a right code
  /// still opens, so that nobody can lock the administrator out by guessing.
  Opened exchange(std::string_view code);
  /// Whether `token` is the file's or that of a session, which counts as its use.
  bool admits(std::string_view token);

  std::size_t open_sessions() const;

 private:
  struct Code {
    std::string text;
    std::int64_t expires_us;
  };
  struct Session {
    std::string token;
    std::int64_t used_us;
  };
  bool take_code(std::string_view code, std::int64_t now);
  bool count_wrong(std::int64_t now);
  void add_session(const std::string& token, std::int64_t now);
  void drop_expired(std::int64_t now);

  std::shared_ptr<Clock> clock_;
  std::string file_token_;
  mutable std::mutex mutex_;
  std::deque<Code> codes_;
  std::vector<Session> sessions_;
  std::deque<std::int64_t> wrong_us_;
};

}  // namespace cowork::server
