// What the host and cowork-pack-runner say to one another, over one socket pair (docs/isolation.md).
//
// A frame is four bytes, the length of what follows, greatest first; then one JSON object with one member, which is the
// frame's name. The host begins with `start`, the runner answers `started` or `failed`, once. Then calls and events, by
// an id that the host counts up; each is answered once, in any order. `log` may come at any time.
//
//   host    {"start":{"pack":"p","hostVersion":"0.1.0","sha256":"…","library":"lib/p.so","directory":"…",
//                     "data":"…","configuration":"{}","limits":{"cpuSeconds":600,…}}}
//           {"call":{"id":1,"tool":"t","input":{…}}}   {"cancel":{"id":1}}
//           {"event":{"id":2,"type":"policy-changed","data":{…}}}   {"stop":{}}
//   runner  {"started":{"tools":[…],"events":[…],"interceptors":[…]}}   {"failed":{"code":"internal","message":"…"}}
//           {"answer":{"id":1,"value":…}}   {"answer":{"id":2,"error":{"code":"…","message":"…","why":"…","try":"…"}}}
//           {"log":{"level":"info","text":"…"}}
//
// The runner executes foreign code, so the host takes its frames for hostile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cowork/base/json.h"
#include "cowork/base/result.h"
#include "cowork/loaders/pack_answers.h"

namespace cowork::loaders::runner_protocol {

/// Descriptors of the runner.
inline constexpr int connection = 3;
inline constexpr int library = 4;  ///< sealed: the very bytes that were checked

/// An answer as large as one in process, with its frame around it.
inline constexpr std::size_t longest_frame = max_answer_bytes + (64U << 10U);
inline constexpr std::size_t longest_text = 4U << 10U;  ///< of one part of an error
inline constexpr std::size_t longest_log = 16U << 10U;
/// What an answer may hold, below the frame and its name.
inline constexpr json::Limits frame_limits{longest_frame, answer_limits.max_values + 16, answer_limits.max_depth + 2};

/// The frame's bytes. A text beyond the bounds is left to the reader, who refuses it.
std::string framed(std::string_view name, json::Value content);

struct Frame {
  std::string name;
  json::Value content;  ///< an object
};

/// Cuts what comes into frames. Threads: one owner.
class FrameCutter {
 public:
  void feed(std::string_view bytes) { bytes_.append(bytes); }
  /// Nothing while none is whole. Errors: internal (too long, no JSON, not one object with one object as member): all
  /// that follows is worth nothing.
  Result<std::optional<Frame>> next();
  /// What came, and is not cut yet.
  std::size_t pending() const noexcept { return bytes_.size(); }

 private:
  std::string bytes_;
};

/// {"code", "message", "why", "try"}, each cut to longest_text.
json::Value to_json(const Error& error);
/// The error that a frame tells: a code that packs may give, texts cut to longest_text. Errors of its own: internal
/// (it is none).
Result<Error> read_error(const json::Value& value);

}  // namespace cowork::loaders::runner_protocol
