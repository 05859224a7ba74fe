// What can be asked of a host: an open set of request types, each with its reply and one constant OperationInfo.
//
// An operation is a struct like
//
//   struct TogglePack {
//     std::string name;
//     bool enabled = false;
//     struct Reply { std::string name; bool enabled; };
//     static constexpr OperationInfo info{.name = "pluginPack:toggle", .effect = Effect::mutate};
//     Result<void> validate() const;   // before the chain begins; errors are invalid-argument
//     Subject subject() const;         // what it is about, for interceptors and the audit trail
//   };
//
// A request is const from the moment it enters the chain: what was judged is what is executed.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "cowork/base/result.h"

namespace cowork {

enum class Effect : std::uint8_t { read, mutate };

/// What a call may wait for, so that whoever serves many callers knows on which thread to run it (docs/serving.md).
enum class Pace : std::uint8_t {
  memory,     ///< nothing: it looks at what the host has in memory
  disk,       ///< files and locks of the home
  unbounded,  ///< other machines, other programs, or code of packs
};

struct OperationInfo {
  std::string_view name;
  Effect effect = Effect::read;
  Pace pace = Pace::disk;
  /// Nested operations run inside another one and can't be called from outside.
  bool nested = false;
  /// True lets an interceptor answer in the handler's stead (a cache, a stub). Everything that policy governs leaves it
  /// false.
  bool answerable = false;
  /// False: interceptors may look, but a refusal or fault becomes a named warning (`pack:deactivate`).
  bool refusable = true;
  /// True: may have effects of its own, though the host has nothing to commit (running a tool). The audit trail has a
  /// line of it.
  bool acts = false;
  /// True: allowed while the policy is broken, since it repairs the policy.
  bool repairs_policy = false;
};

/// What an operation is about. `kind` is `pack`, `skill`, `connector`, `agent`, `policy`, or empty.
struct Subject {
  std::string_view kind;
  std::string id;
};

template <class Op>
concept Operation = requires(const Op& request) {
  typename Op::Reply;
  { Op::info.name } -> std::convertible_to<std::string_view>;
  { request.validate() } -> std::same_as<Result<void>>;
  { request.subject() } -> std::same_as<Subject>;
};

/// One address a request type: how a request is recognised without RTTI or std::any.
using RequestType = const void*;

template <class Op>
RequestType request_type() noexcept {
  return &Op::info;
}

}  // namespace cowork
